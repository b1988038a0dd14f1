import type { CommandModule } from 'yargs';
import { loadScenario } from '../../experiment/scenario/index.js';
import pc from '../colors.js';
import { exit } from '../exit.js';
import {
  outputOptions,
  pluginOption,
  scenarioOptions,
  type OutputArguments,
  type PluginArguments,
  type ScenarioArguments,
} from '../options.js';
import { loadPlugins } from '../plugins.js';
import { plainTable, tableText } from '../text.js';
import { verify as verifyRun, type Verification } from '../verify/verify.js';

interface Arguments extends ScenarioArguments, PluginArguments, OutputArguments {}

export const verify: CommandModule<object, Arguments> = {
  command: 'verify <scenario>',
  describe: 'prove that a run is deterministic: make it in several ways and compare',
  builder: (yargs) => outputOptions(pluginOption(scenarioOptions(yargs))),
  handler: async ({ scenario: file, seed, set, plugin, json, quiet }) => {
    const { registry } = await loadPlugins(plugin);
    const scenario = loadScenario(file, { set, seed, plugins: registry });
    const visible = !quiet && process.stderr.isTTY;
    const done = await verifyRun(scenario, plugin, (way) => {
      if (visible) process.stderr.write(`\r\x1b[K... ${way}`);
    });
    if (visible) process.stderr.write('\r\x1b[K');
    if (done === null) {
      process.exitCode = exit.interrupted;
      return;
    }
    if (json) console.log(JSON.stringify({ scenario: scenario.name, ...done }, null, 2));
    else if (!quiet) console.log(text(scenario.name, done));
    process.exitCode = done.difference === null ? exit.ok : exit.defect;
  },
};

function text(name: string, { verdicts, difference }: Verification): string {
  const table = plainTable(['run', 'digest', 'events', ''], 4);
  for (const { way, digest, eventDigest, same } of verdicts) {
    table.push([way, digest.slice(0, 16), eventDigest, same ? pc.green('same') : pc.red('differs')]);
  }
  const verdict = difference === null
    ? pc.green(`${name} is deterministic: the same digests in every way.`)
    : pc.red(`${name} is not deterministic: ${difference}`);
  return `${tableText(table).trimStart()}\n\n${verdict}`;
}
