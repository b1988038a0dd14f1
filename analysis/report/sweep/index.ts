/** The report of a sweep: a page, and each chart as a picture and as a specification. */
import { join } from 'node:path';
import { readOutline } from '../../../experiment/sweep/index.js';
import { SweepDirectory } from '../../sweep/index.js';
import { drawInto, type ReportFiles } from '../files.js';
import type { Chart } from '../theme.js';
import { costChart } from './cost-chart.js';
import { sweepData } from './data.js';
import { sweepHtml } from './html.js';
import { measuresChart } from './measures-chart.js';
import { recoveryChart } from './recovery-chart.js';
import { recoveryTimes } from './recovery-times.js';
import { tradeoffChart } from './tradeoff-chart.js';
import { trendsChart } from './trends-chart.js';

/** Draws the report of a sweep directory into it, in place of an earlier one. */
export async function writeSweepReport(path: string): Promise<ReportFiles> {
  const directory = SweepDirectory.read(path);
  const outline = readOutline(join(directory.path, 'sweep.yaml'));
  const rows = directory.readRuns(outline.axes.map((axis) => axis.path));
  const data = sweepData(outline, rows);
  const charts: readonly (Chart | null)[] = [
    measuresChart(data),
    recoveryChart(data, (cell) => recoveryTimes(directory, cell.rows)),
    tradeoffChart(data),
    trendsChart(data),
    costChart(data),
  ];
  const drawn = charts.filter((chart) => chart !== null);
  return drawInto(directory.path, drawn, (figures) =>
    sweepHtml(data, directory.manifest(), figures),
  );
}
