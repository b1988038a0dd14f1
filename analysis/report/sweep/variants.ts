/** How the lines of a chart are told apart. */
import { textWidth } from '../text-width.js';
import { colours } from '../theme.js';
import type { SweepData } from './data.js';

export const hues = [
  colours.blue,
  colours.red,
  colours.green,
  colours.purple,
  colours.orange,
  colours.sky,
  colours.black,
];

/** More nobody tells apart. */
const MOST_TOLD = 14;

/**
 * Lines too many to be told apart, or of hardly a point each, as where cells are drawn: points
 * alone are drawn then, all alike.
 */
export function isCrowded({ variants, cells }: Pick<SweepData, 'variants' | 'cells'>): boolean {
  return variants.length > MOST_TOLD || cells.length < 2 * variants.length && variants.length > 4;
}

const LEGEND_SIZE = 12;
/** Of an entry, beside its text. */
const SYMBOL = 44;

const dashes = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [3, 5], [1, 0]];
const shapes = [
  'circle',
  'square',
  'diamond',
  'triangle-up',
  'triangle-down',
  'triangle-right',
  'triangle-left',
];

/**
 * Over the field `variant`: hue, and for those who see none, and lines in one place, more.
 *
 * @param legend - whether this panel bears it; in a column each stands by itself
 */
export function variantChannels(
  data: Pick<SweepData, 'variants' | 'cells' | 'page'>,
  legend: boolean,
): { readonly color: object; readonly strokeDash: object; readonly shape: object } {
  // Filled points: a stroke would be dashed as the line is.
  const { variants, page } = data;
  const widest = Math.max(...variants.map((name) => textWidth(name, LEGEND_SIZE)));
  const beside = Math.max(1, Math.min(3, Math.floor(page.width / (widest + SYMBOL))));
  const style = { ...legendStyle, symbolStrokeWidth: 0, orient: 'top', columns: beside };
  const room = variants.length > 1 && !isCrowded(data);
  const channel = (looks: readonly unknown[], isTold: boolean): object => ({
    field: 'variant',
    type: 'nominal',
    scale: { domain: variants, range: variants.map((_, index) => looks[index % looks.length]) },
    // A single line needs none.
    legend: isTold && room && (legend || page.columns === 1) ? style : null,
  });
  return {
    color: channel(hues, true),
    strokeDash: channel(dashes, false),
    shape: channel(shapes, true),
  };
}

/** Else it would be as pale as the band is. */
export const legendStyle = {
  title: null,
  labelLimit: 400,
  titleLimit: 400,
  symbolOpacity: 1,
  symbolStrokeWidth: 2.5,
  symbolSize: 140,
  symbolDash: [1, 0],
} as const;

/** From pale to dark, for values along an axis. */
export function ramp(count: number): string[] {
  const stops = [
    [206, 134, 20],
    [214, 90, 60],
    [150, 45, 105],
    [45, 25, 95],
  ];
  return Array.from({ length: count }, (_, index) => {
    const place = count === 1 ? 2 : (index / (count - 1)) * (stops.length - 1);
    const from = Math.min(Math.floor(place), stops.length - 2);
    const mix = stops[from].map((low, c) => low + (stops[from + 1][c] - low) * (place - from));
    return `#${mix.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
  });
}
