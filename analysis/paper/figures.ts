/** The charts of a sweep as figures of one column. */
import { renderSvg } from '../report/render.js';
import { config, type ChartSpec, type PageChart } from '../report/theme.js';
import { sizeOf } from './svg-size.js';

/** In points: a column of most conferences, 3.5 inches. */
export const COLUMN_WIDTH = 252;

export interface Figure {
  /** Stem of its files. */
  readonly name: string;
  readonly chart: string;
  /** What it shows. */
  readonly shows: string;
  readonly caption: string;
  readonly svg: string;
}

/** A chart of several panels gives as many figures: a column has no room beside another. */
export async function figuresOf(charts: readonly PageChart[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const chart of charts) {
    const { spec, panels, name, title, caption } = chart;
    const parts = panels === undefined ? [{ name, spec, shows: title }]
      : (spec['concat'] as readonly ChartSpec[]).map((panel, index) => ({
        name: `${name}-${index + 1}`, spec: { ...whole(spec), ...panel }, shows: panels[index],
      }));
    for (const part of parts) {
      const svg = await renderSvg({ name: part.name, title, caption, spec: printed(part.spec) });
      const { shows } = part;
      figures.push({ name: part.name, chart: name, shows, caption, svg: sized(svg) });
    }
  }
  return figures;
}

/** What a panel needs of the whole to stand by itself. */
function whole({ $schema }: ChartSpec): ChartSpec {
  return { $schema };
}

/** The caption bears the title; the font is that of the PDF. */
function printed(spec: ChartSpec): ChartSpec {
  return { ...spec, title: undefined, config: { ...config, font: 'DejaVu Sans' } };
}

/** Vega's pixels as points of the column. */
function sized(svg: string): string {
  const { width, height } = sizeOf(svg);
  const tall = ((height * COLUMN_WIDTH) / width).toFixed(2);
  const size = `width="${COLUMN_WIDTH}pt" height="${tall}pt"`;
  return svg.replace(/width="[\d.]+" height="[\d.]+"/, size);
}
