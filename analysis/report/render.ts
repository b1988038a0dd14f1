/** Draws a chart without a browser. */
import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';
import { textWidth } from './text-width.js';
import type { Chart } from './theme.js';
import type { Linked } from './linked/index.js';
import type { AxisScale } from './zoom/index.js';

/** A picture, and what its axes mean. */
export interface Drawing {
  /** As an SVG element: it stands in a page as it is. */
  readonly svg: string;
  /** In the order in which the picture has them; null: names, no numbers. */
  readonly axes: readonly (AxisScale | null)[];
}

export async function renderSvg(chart: Chart): Promise<string> {
  return (await draw(chart)).svg;
}

export async function draw(chart: Chart): Promise<Drawing> {
  const metrics = (vega as unknown as { textMetrics: TextMetrics }).textMetrics;
  // Without a canvas vega takes 0.8 of the font size per letter, which leaves gaps and cuts labels.
  metrics.width = estimate;
  const { spec } = compile(chart.spec as unknown as TopLevelSpec, { logger: silent });
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logger: silent });
  try {
    await view.runAsync();
    told((view.scenegraph() as unknown as { root: SceneItem }).root);
    const svg = tidy(await view.toSVG(), chart.name);
    return { svg, axes: axesOf((view.scenegraph() as unknown as { root: SceneItem }).root) };
  } finally {
    view.finalize();
  }
}

/** Between what a mark is of and its description, in what vega writes of it. */
const LINK = '\u241f';

/** Vega writes nothing of a mark but its description: what it is of goes along in that. */
function told({ items = [], marktype }: SceneItem): void {
  for (const item of items) {
    const { of, ofLine } = item.datum ?? {};
    const key = marktype === 'line' || marktype === 'area' ? ofLine : of;
    if (key) item.description = `${key}${LINK}${item.description ?? ''}`;
    told(item);
  }
}

/** What stands in a file. */
export function svgFile(svg: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n`;
}

const described = /<(path|line) (aria-label="([^"]*)"[^>]*?)\/>/g;
const linked = new RegExp(`aria-label="([^"${LINK}]*)${LINK}([^"]*)"`, 'g');
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
    .replaceAll(linked, (_, of: string, label: string) =>
      `${label === '' ? '' : `aria-label="${label}" `}data-of="${of}"`)
    .replace(described, (mark, tag: string, attributes: string, label: string) =>
      (byFields.test(label) ? mark : `<${tag} ${attributes}><title>${label}</title></${tag}>`))
    .replaceAll(` ${family}`, '')
    .replace('<svg ', `<svg ${family} `);
}

/** What vega draws from but does not declare: https://vega.github.io/vega/docs/api/view/. */
interface SceneItem {
  readonly items?: readonly SceneItem[];
  readonly role?: string;
  readonly marktype?: string;
  description?: string;
  readonly mark?: { readonly role?: string; readonly aria?: boolean };
  readonly datum?: { readonly scale?: string } & Partial<Linked>;
  readonly context?: { readonly scales: Readonly<Record<string, { readonly value: Scale }>> };
}
interface Scale {
  readonly type: string;
  domain(): readonly unknown[];
}

/** Grids are axes too, but none that a reader is told of. */
function axesOf({ items = [], mark, datum, context }: SceneItem): (AxisScale | null)[] {
  const inside = items.flatMap((item) => axesOf(item));
  if (mark?.role !== 'axis' || mark.aria === false || datum?.scale === undefined) return inside;
  const scale = context!.scales[datum.scale].value;
  const { type } = scale;
  const [low, high] = scale.domain().map(Number);
  const isNumeric = type === 'linear' || type === 'log';
  return [isNumeric ? { type, low, high } : null];
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
