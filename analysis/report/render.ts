/** Draws a chart without a browser. */
import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from './theme.js';

/** As an SVG document of its own. Its text is measured by estimate: no canvas is needed. */
export async function renderSvg(chart: Chart): Promise<string> {
  const { spec } = compile(chart.spec as unknown as TopLevelSpec, { logger: silent });
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** vega-lite warns on the console, which is not ours to write to. */
const silent = {
  level: () => silent,
  error: () => silent,
  warn: () => silent,
  info: () => silent,
  debug: () => silent,
} as unknown as NonNullable<NonNullable<Parameters<typeof compile>[1]>['logger']>;
