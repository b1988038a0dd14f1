/** The report of a run: a page, and each chart as a picture and as a specification. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { guard, readRunDirectory } from '../run-directory.js';
import type { StoredRun } from '../run-directory.js';
import { chartsOf } from './charts.js';
import { reportHtml } from './html.js';
import { renderSvg } from './render.js';

/** Where a report was written. */
export interface ReportFiles {
  readonly html: string;
  /** The charts, as `.svg` and `.vl.json`. */
  readonly charts: readonly string[];
}

/** Draws the report of a run directory into it, in place of an earlier one. */
export async function writeRunReport(directory: string): Promise<ReportFiles> {
  const run = readRunDirectory(directory);
  const charts = chartsOf(run);
  const drawn = [];
  for (const chart of charts) drawn.push({ chart, svg: await renderSvg(chart) });
  const files = drawn.flatMap(({ chart, svg }) => [
    [`${chart.name}.svg`, `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`],
    [`${chart.name}.vl.json`, `${JSON.stringify(chart.spec, null, 1)}\n`],
  ]) as [string, string][];
  const html = reportHtml(run, descriptionOf(run), drawn);
  for (const [name, content] of [...files, ['report.html', html] as const]) {
    put(join(run.directory, name), content);
  }
  return {
    html: join(run.directory, 'report.html'),
    charts: files.map(([name]) => join(run.directory, name)),
  };
}

function descriptionOf(run: StoredRun): string {
  const scenario: unknown = parse(run.scenarioYaml);
  if (typeof scenario !== 'object' || scenario === null || !('description' in scenario)) return '';
  return typeof scenario.description === 'string' ? scenario.description.trim() : '';
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
