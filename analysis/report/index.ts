/** Reports of runs and of sweeps. */
import { parse } from 'yaml';
import { readRunDirectory } from '../run-directory.js';
import type { StoredRun } from '../run-directory.js';
import { chartsOf } from './charts.js';
import { drawInto, type ReportFiles } from './files.js';
import { reportHtml } from './html.js';

export { drawAlone, type ReportFiles } from './files.js';
export { fitChart, type FitPanel } from './fit-chart.js';
export { writeSweepReport } from './sweep/index.js';

/** Draws the report of a run directory into it, in place of an earlier one. */
export async function writeRunReport(directory: string): Promise<ReportFiles> {
  const run = readRunDirectory(directory);
  return drawInto(run.directory, chartsOf(run), (drawn) =>
    reportHtml(run, descriptionOf(run), drawn),
  );
}

function descriptionOf(run: StoredRun): string {
  const scenario: unknown = parse(run.scenarioYaml);
  if (typeof scenario !== 'object' || scenario === null || !('description' in scenario)) return '';
  return typeof scenario.description === 'string' ? scenario.description.trim() : '';
}
