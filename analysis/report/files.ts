/** The files of a report: a page, and each chart as a picture and as a specification. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { guard } from '../directory-error.js';
import { writeWhole } from '../whole-file.js';
import type { DrawnChart } from './page.js';
import { draw, renderSvg, svgFile } from './render.js';
import type { Chart, PageChart } from './theme.js';

/** Where a report was written. */
export interface ReportFiles {
  readonly html: string;
  /** The charts, as `.svg` and `.vl.json`. */
  readonly charts: readonly string[];
}

export async function drawInto(
  directory: string,
  charts: readonly PageChart[],
  page: (drawn: readonly DrawnChart[]) => string,
): Promise<ReportFiles> {
  const drawn: DrawnChart[] = [];
  for (const chart of charts) drawn.push({ chart, ...await draw(chart) });
  const files = drawn.flatMap(({ chart, svg }) => [
    [`${chart.name}.svg`, svgFile(svg)],
    [`${chart.name}.vl.json`, `${JSON.stringify(chart.spec, null, 1)}\n`],
  ]) as [string, string][];
  for (const [name, content] of [...files, ['report.html', page(drawn)] as const]) {
    writeWhole(join(directory, name), content);
  }
  return {
    html: join(directory, 'report.html'),
    charts: files.map(([name]) => join(directory, name)),
  };
}

/** A chart by itself: its picture and its specification. */
export async function drawAlone(directory: string, chart: Chart): Promise<readonly string[]> {
  const svg = await renderSvg(chart);
  const [picture, spec] = ['svg', 'vl.json'].map((end) => join(directory, `${chart.name}.${end}`));
  guard(directory, () => fs.mkdirSync(directory, { recursive: true }));
  writeWhole(picture, svgFile(svg));
  writeWhole(spec, `${JSON.stringify(chart.spec, null, 1)}\n`);
  return [picture, spec];
}
