import type { CommandModule } from 'yargs';
import { loadScenario } from '../../checker/scenario.js';
import { placeOfField } from '../../experiment/scenario/index.js';
import { LiveUnavailableError, runLive } from '../../live/index.js';
import { recordRun } from '../record-run.js';
import { InputError } from '../exit.js';
import {
  outOption,
  outputOptions,
  pluginOption,
  scenarioOptions,
  traceOption,
  type OutputArguments,
  type ScenarioArguments,
} from '../options.js';
import { loadPlugins } from '../../campaign/plugins.js';
import { printRun } from '../print-run.js';

interface Arguments extends ScenarioArguments, OutputArguments {
  readonly out: string | undefined;
  readonly plugin: readonly string[];
  readonly trace: boolean | undefined;
}

export const live: CommandModule<object, Arguments> = {
  command: 'live <scenario>',
  describe: 'run a scenario on real processes and sockets of this machine',
  builder: (yargs) => outputOptions(traceOption(outOption(pluginOption(scenarioOptions(yargs))))),
  handler: async ({ scenario: file, seed, set, plugin, out, trace, json, quiet }) => {
    const { registry, files, hash } = await loadPlugins(plugin);
    const scenario = loadScenario(file, { set, seed, plugins: registry });
    try {
      const showProgress = !quiet;
      const recorded = await recordRun({
        world: 'live', scenario, plugins: hash, out, trace: trace ?? false, showProgress,
        run: (...run) => runLive(...run, files),
      });
      printRun(recorded, { json, quiet, report: null });
    } catch (error) {
      if (!(error instanceof LiveUnavailableError)) throw error;
      throw new InputError(`${placeOfField(file, error.field, { set })}: ${error.message}`);
    }
  },
};
