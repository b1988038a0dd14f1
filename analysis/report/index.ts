/** Reports of runs and of sweeps. */
import { readRunDirectory } from '../run-directory.js';
import { chartsOf } from './charts.js';
import { configurationOf } from './configuration.js';
import { drawInto, type ReportFiles } from './files.js';
import { reportHtml } from './html.js';

export { drawAlone, type ReportFiles } from './files.js';
export { fitChart, type FitPanel } from './fit-chart.js';
export { writeSweepReport } from './sweep/index.js';

/** Draws the report of a run directory into it, in place of an earlier one. */
export async function writeRunReport(directory: string): Promise<ReportFiles> {
  const run = readRunDirectory(directory);
  const configuration = configurationOf(run.scenarioYaml);
  return drawInto(run.directory, chartsOf(run), (drawn) =>
    reportHtml(run, configuration, drawn),
  );
}
