import type { CommandModule } from 'yargs';
import { writeReport } from '../../analysis/index.js';
import { loadScenario } from '../../experiment/scenario/index.js';
import { runSimulation } from '../../sim/index.js';
import { conduct } from '../conduct.js';
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
  readonly trace: boolean;
  readonly report: boolean;
}

export const run: CommandModule<object, Arguments> = {
  command: 'run <scenario>',
  describe: 'simulate a scenario and write a run directory',
  builder: (yargs) =>
    outputOptions(traceOption(outOption(scenarioOptions(yargs)))).option('report', {
      type: 'boolean',
      default: false,
      describe: 'also draw the report',
    }),
  handler: async ({ scenario, seed, set, out, trace, report, json, quiet }) => {
    const conducted = await conduct({
      world: 'sim',
      scenario: loadScenario(scenario, { set, seed }),
      out,
      trace,
      showProgress: !quiet,
      run: runSimulation,
    });
    const drawn = report && conducted.written ? await writeReport(conducted.directory) : null;
    printRun(conducted, { json, quiet, report: drawn?.html ?? null });
  },
};
