/** The report of a sweep: a page, and each chart as a picture and as a specification. */
import { join } from 'node:path';
import { loadSweep } from '../../../checker/scenario.js';
import { ScenarioError } from '../../../experiment/language/error.js';
import { readOutline } from '../../../experiment/sweep/index.js';
import { SweepDirectory } from '../../sweep/index.js';
import { drawInto, type ReportFiles } from '../files.js';
import type { PageChart } from '../theme.js';
import { tableCharts } from './charts.js';
import { sweepData, type KnownSweep, type SweepData } from './data.js';
import { sweepHtml } from './html.js';
import { recoveryChart } from './recovery-chart.js';
import { recoveryTimes } from './recovery-times.js';
import { settingsOf } from './settings.js';

export { sweepData } from './data.js';
export { settingsOf } from './settings.js';

/** Draws the report of a sweep directory into it, in place of an earlier one. */
export async function writeSweepReport(path: string): Promise<ReportFiles> {
  const directory = SweepDirectory.read(path);
  const outline = sweepIn(directory);
  const rows = directory.readRuns(outline.axes.map((axis) => axis.path));
  const data = sweepData(outline, rows);
  const drawn = sweepCharts(directory, data);
  return drawInto(directory.path, drawn, (figures) =>
    sweepHtml(data, directory.manifest(), figures, settingsOf(directory, data)),
  );
}

/** With the scenarios of its cells, unless they name what is not here: plug-ins, files. */
export function sweepIn({ path }: SweepDirectory): KnownSweep {
  const file = join(path, 'sweep.yaml');
  const outline = readOutline(file);
  try {
    return loadSweep(file);
  } catch (error) {
    if (error instanceof ScenarioError) return outline;
    throw error;
  }
}

/** All that there is to draw of it. */
export function sweepCharts(directory: SweepDirectory, data: SweepData): PageChart[] {
  const [first, ...rest] = tableCharts(data);
  const recovery = recoveryChart(data, (cell) => recoveryTimes(directory, cell.rows));
  return [first, recovery, ...rest].filter((chart) => chart !== null && chart !== undefined);
}
