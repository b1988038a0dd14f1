import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { shrinkRun } from '../../campaign/explore/shrink-run.js';
import { loadPlugins } from '../../campaign/plugins.js';
import { loadScenario } from '../../checker/scenario.js';
import { commandLine } from '../record-run.js';
import { InputError } from '../exit.js';
import { printShrunk } from '../explore/print-shrunk.js';
import { interruptible } from '../interruption.js';
import {
  outOption,
  outputOptions,
  pluginOption,
  type OutputArguments,
  type PluginArguments,
} from '../options.js';

interface Arguments extends PluginArguments, OutputArguments {
  readonly run: string;
  readonly out: string | undefined;
}

export const shrink: CommandModule<object, Arguments> = {
  command: 'shrink <run>',
  describe: 'make a run that breaks a promise as small as it gets, and tell how it comes about',
  builder: (yargs) =>
    outputOptions(
      outOption(
        pluginOption(
          yargs.positional('run', {
            type: 'string',
            demandOption: true,
            describe: 'run directory, or scenario file (YAML)',
          }),
        ),
        'where to keep the small run, instead of results/SCENARIO-shrunk/ID',
      ),
    ),
  handler: async ({ run, plugin, out, json, quiet }) => {
    const plugins = await loadPlugins(plugin);
    const scenario = loadScenario(scenarioFile(run), { plugins: plugins.registry });
    const visible = !quiet && process.stderr.isTTY;
    const shrunk = await interruptible((signal) => shrinkRun({
      scenario, plugins, out, command: commandLine(), signal,
      progress: (tried, size) => {
        if (visible) process.stderr.write(`${clearLine}${tried} runs, now ${size}`);
      },
    }));
    if (visible) process.stderr.write(clearLine);
    printShrunk(shrunk, { json, quiet });
  },
};

const clearLine = '\r\x1b[K';

/** @throws InputError */
function scenarioFile(run: string): string {
  if (statSync(run, { throwIfNoEntry: false })?.isDirectory() !== true) return run;
  const file = join(run, 'scenario.yaml');
  if (existsSync(file)) return file;
  throw new InputError(`${run}: there is no scenario.yaml in it (give a run directory or a file)`);
}
