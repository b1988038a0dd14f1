/** The files of a report: a page, and each chart as a picture and as a specification. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { guard } from '../directory-error.js';
import type { DrawnChart } from './html.js';
import { renderSvg } from './render.js';
import type { Chart } from './theme.js';

/** Where a report was written. */
export interface ReportFiles {
  readonly html: string;
  /** The charts, as `.svg` and `.vl.json`. */
  readonly charts: readonly string[];
}

export async function drawInto(
  directory: string,
  charts: readonly Chart[],
  page: (drawn: readonly DrawnChart[]) => string,
): Promise<ReportFiles> {
  const drawn: DrawnChart[] = [];
  for (const chart of charts) drawn.push({ chart, svg: await renderSvg(chart) });
  const files = drawn.flatMap(({ chart, svg }) => [
    [`${chart.name}.svg`, `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`],
    [`${chart.name}.vl.json`, `${JSON.stringify(chart.spec, null, 1)}\n`],
  ]) as [string, string][];
  for (const [name, content] of [...files, ['report.html', page(drawn)] as const]) {
    put(join(directory, name), content);
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
  put(picture, `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`);
  put(spec, `${JSON.stringify(chart.spec, null, 1)}\n`);
  return [picture, spec];
}

/** Whole or not at all, as everything in a run directory. */
function put(path: string, content: string): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  guard(path, () => {
    try {
      fs.writeFileSync(temporary, content);
      fs.renameSync(temporary, path);
    } finally {
      fs.rmSync(temporary, { force: true });
    }
  });
}
