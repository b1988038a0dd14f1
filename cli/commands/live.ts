import type { CommandModule } from 'yargs';
import { loadScenario, placeOfField } from '../../experiment/scenario/index.js';
import { LiveUnavailableError, runLive } from '../../live/index.js';
import { conduct } from '../conduct.js';
import { InputError } from '../exit.js';
import {
  outOption,
  outputOptions,
  scenarioOptions,
  traceOption,
  type OutputArguments,
  type ScenarioArguments,
} from '../options.js';
import { printRun } from '../print-run.js';

interface Arguments extends ScenarioArguments, OutputArguments {
  readonly out: string | undefined;
  readonly trace: boolean | undefined;
}

export const live: CommandModule<object, Arguments> = {
  command: 'live <scenario>',
  describe: 'run a scenario on real processes and sockets of this machine',
  builder: (yargs) => outputOptions(traceOption(outOption(scenarioOptions(yargs)))),
  handler: async ({ scenario: file, seed, set, out, trace, json, quiet }) => {
    const scenario = loadScenario(file, { set, seed });
    try {
      const showProgress = !quiet;
      const conducted = await conduct({
        world: 'live', scenario, out, trace: trace ?? false, showProgress, run: runLive,
      });
      printRun(conducted, { json, quiet, report: null });
    } catch (error) {
      if (!(error instanceof LiveUnavailableError)) throw error;
      throw new InputError(`${placeOfField(file, error.field, { set })}: ${error.message}`);
    }
  },
};
