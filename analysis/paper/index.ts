/** A sweep as what a paper needs: figures, tables, and how to make it again. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { guard } from '../directory-error.js';
import { settingsOf, sweepCharts, sweepData, sweepIn } from '../report/sweep/index.js';
import { svgFile } from '../report/render.js';
import { column } from '../report/theme.js';
import { SweepDirectory } from '../sweep/index.js';
import { writeWhole } from '../whole-file.js';
import { COLUMN_WIDTH, figuresOf } from './figures.js';
import { paperTex, sourcesBib, type PaperParts } from './page.js';
import { pdfPackages, pdfWriter, type PdfWriter } from './pdf.js';

export interface Paper {
  readonly files: readonly string[];
  /** What npm is to install so that there are PDFs; empty: they are there. */
  readonly missing: readonly string[];
}

/**
 * Figures as SVG and PDF, `paper.tex` with tables, and `sources.bib`, the same bytes every time.
 *
 * @param out - where; an earlier one is overwritten
 * @param pdf - null: without PDFs
 */
export async function writePaper(
  path: string, out: string, pdf: PdfWriter | null = pdfWriter(),
): Promise<Paper> {
  const directory = SweepDirectory.read(path);
  const outline = sweepIn(directory);
  const rows = directory.readRuns(outline.axes.map((axis) => axis.path));
  const data = sweepData(outline, rows, column);
  const charts = sweepCharts(directory, data);
  const figures = await figuresOf(charts);
  const parts: PaperParts = {
    data, charts, figures,
    manifest: directory.manifest(),
    tableHash: createHash('sha256').update(fs.readFileSync(join(directory.path, 'runs.csv')))
      .digest('hex'),
    settings: settingsOf(directory, data),
  };
  guard(out, () => fs.mkdirSync(out, { recursive: true }));
  const files: string[] = [];
  const put = (name: string, content: string | Uint8Array): void => {
    const file = join(out, name);
    writeWhole(file, content);
    files.push(file);
  };
  for (const { name, svg } of figures) {
    put(`${name}.svg`, svgFile(svg));
    if (pdf !== null) put(`${name}.pdf`, await pdf(svg, COLUMN_WIDTH));
  }
  put('paper.tex', paperTex(parts));
  put('sources.bib', sourcesBib(parts));
  return { files, missing: pdf === null ? pdfPackages : [] };
}
