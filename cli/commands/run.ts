import type { CommandModule } from 'yargs';
import { writeReport } from '../../analysis/index.js';
import { loadScenario } from '../../checker/scenario.js';
import { runSimulation } from '../../sim/index.js';
import { recordRun } from '../record-run.js';
import { InputError } from '../exit.js';
import {
  outOption,
  outputOptions,
  pluginOption,
  scenarioOptions,
  traceOption,
  type OutputArguments,
  type PluginArguments,
  type ScenarioArguments,
} from '../options.js';
import { loadPlugins } from '../../campaign/plugins.js';
import { printRun } from '../print-run.js';

interface Arguments extends ScenarioArguments, PluginArguments, OutputArguments {
  readonly out: string | undefined;
  readonly trace: boolean | undefined;
  readonly 'trace-messages': boolean;
  readonly report: boolean;
}

export const run: CommandModule<object, Arguments> = {
  command: 'run <scenario>',
  describe: 'simulate a scenario and write a run directory',
  builder: (yargs) =>
    outputOptions(traceOption(outOption(pluginOption(scenarioOptions(yargs))))).option('report', {
      type: 'boolean',
      default: false,
      describe: 'also draw the report',
    }).option('trace-messages', {
      type: 'boolean',
      default: false,
      describe: 'as --trace, with every message too',
    }),
  handler: async ({
    scenario, seed, set, plugin, out, trace, 'trace-messages': messages, report, json, quiet,
  }) => {
    if (messages && trace === false) {
      const remedy = 'leave out one of the two';
      throw new InputError(`--no-trace: --trace-messages says otherwise, ${remedy}`);
    }
    const plugins = await loadPlugins(plugin);
    const recorded = await recordRun({
      world: 'sim',
      scenario: loadScenario(scenario, { set, seed, plugins: plugins.registry }),
      plugins: plugins.hash,
      out,
      trace: messages ? 'messages' : (trace ?? false),
      showProgress: !quiet,
      run: runSimulation,
    });
    const drawn = report && recorded.written ? await writeReport(recorded.directory) : null;
    printRun(recorded, { json, quiet, report: drawn?.html ?? null });
  },
};
