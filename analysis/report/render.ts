/** Draws a chart without a browser. */
import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';
import { textWidth } from './text-width.js';
import type { Chart } from './theme.js';

/** As an SVG element: it stands in a page as it is. */
export async function renderSvg(chart: Chart): Promise<string> {
  const metrics = (vega as unknown as { textMetrics: TextMetrics }).textMetrics;
  // Without a canvas vega takes 0.8 of the font size per letter, which leaves gaps and cuts labels.
  metrics.width = estimate;
  const { spec } = compile(chart.spec as unknown as TopLevelSpec, { logger: silent });
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logger: silent });
  try {
    return tidy(await view.toSVG(), chart.name);
  } finally {
    view.finalize();
  }
}

/** What stands in a file. */
export function svgFile(svg: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`;
}

const described = /<(path|line) (aria-label="([^"]*)"[^>]*?)\/>/g;
/** As vega itself describes a mark: `x: 2; mean: 5`. */
const byFields = /^\w+: [^;]*; \w+: /;

/**
 * Shows what we say of a mark where the pointer rests on it. Names clip paths after the chart: vega
 * counts them from the start of the program, so the same chart would differ from one time to the
 * next. Says the font once instead of at every text.
 */
function tidy(svg: string, name: string): string {
  const numbers = new Map<string, number>();
  const family = /font-family="[^"]*"/.exec(svg)?.[0] ?? '';
  return svg
    .replace(/\bclip\d+\b/g, (id) => {
      if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
      return `${name}-clip-${numbers.get(id)}`;
    })
    .replace(described, (mark, tag: string, attributes: string, label: string) =>
      (byFields.test(label) ? mark : `<${tag} ${attributes}><title>${label}</title></${tag}>`))
    .replaceAll(` ${family}`, '')
    .replace('<svg ', `<svg ${family} `);
}

/** What vega exports but does not declare. */
interface TextMetrics {
  width(item: TextItem, text: unknown): number;
}
interface TextItem {
  readonly fontSize?: number;
  readonly limit?: number;
}

function estimate(item: TextItem, text: unknown): number {
  const isText = typeof text === 'string' || typeof text === 'number';
  const width = isText ? textWidth(String(text).trim(), item.fontSize ?? 11) : 0;
  return item.limit !== undefined && item.limit > 0 ? Math.min(item.limit, width) : width;
}

/** vega warns on the console, which is not ours to write to. */
const silent = {
  level: () => silent,
  error: () => silent,
  warn: () => silent,
  info: () => silent,
  debug: () => silent,
} as unknown as NonNullable<NonNullable<Parameters<typeof compile>[1]>['logger']>;
