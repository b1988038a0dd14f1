/** Measures against the logarithm of the axis, with a straight line through them. */
import ln from '@stdlib/math-base-special-ln';
import { fitLine, type Line } from '../../statistics/regression.js';
import { colours, STAYS, inks, preamble, type ChartTable, type PageChart } from '../theme.js';
import * as words from '../../words.js';
import type { Linked } from '../linked/index.js';
import { panelWidth } from './panels.js';
import { xChannel } from './axis.js';
import { CONFIDENCE, inCell, type SweepData } from './data.js';
import { signed, withInterval } from './interval-text.js';
import { measureWords } from '../../measure-words.js';
import { drawnMeasures } from './measures-chart.js';
import { headed, theoryCaption, theoryFindings, theoryOf } from './theory.js';
import { labelsOf } from './ticks.js';
import { hues, variantChannels } from './variants.js';
import { wrapped } from './wrapped.js';

const panelHeight = 220;
/** As many stand beside a panel. */
const TITLE_LETTERS = 32;
/** Between two lines of text. */
const LEADING = 16;
/** Of the panel, kept free for text and intervals above the points. */
const HEADROOM = 1.35;

interface Point extends Linked {
  readonly x: number;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/** How one measure changes along one line. */
export interface Trend {
  readonly measure: string;
  readonly variant: string;
  /** Over the logarithm to base 10. */
  readonly fit: Line;
  readonly points: readonly Point[];
}

/** Fitted to the cells' means: replications of a cell share its deviation from the line. */
export function trends(data: SweepData): Trend[] {
  const { positions } = data.scale;
  if (positions === null || positions.some((x) => x <= 0)) return [];
  return data.outline.report.trends.flatMap((measure) =>
    data.variants.flatMap((variant): Trend[] => {
      const points = data.cells.flatMap((cell): Point[] => {
        const estimate = cell.variant === variant ? inCell(cell, measure) : null;
        if (estimate === null) return [];
        const { mean, interval } = estimate;
        const { lower, upper } = interval ?? { lower: mean, upper: mean };
        const { x, of, ofLine } = cell;
        return [{ x: Number(x), mean, lower, upper, of, ofLine }];
      });
      const fit = fitLine(points.map(({ x, mean }) => ({ x: decades(x), y: mean })), CONFIDENCE);
      return fit === null ? [] : [{ measure, variant, fit, points }];
    }),
  );
}

function decades(x: number): number {
  return ln(x) / ln(10);
}

/** `+0.75 ± 0.03 s`. */
export function changeText({ measure, fit: { slope, slopeHalfWidth } }: Trend): string {
  const { unit } = measureWords(measure);
  // Shares are fitted as shares and told in percent.
  const times = unit === '%' ? 100 : 1;
  const text = signed(withInterval(slope * times, slopeHalfWidth * times));
  return unit === '' ? text : `${text} ${unit}`;
}

/** Null where the sweep asks for none, or the axis has no three positive values. */
export function trendsChart(data: SweepData): PageChart | null {
  const all = trends(data);
  const measures = data.outline.report.trends.filter((name) =>
    all.some(({ measure }) => measure === name));
  if (measures.length === 0) return null;
  const width = panelWidth(data.page, measures.length);
  // Of others the chart of measures says how far off they are.
  const undrawn = measures.filter((name) => !drawnMeasures(data).includes(name));
  const title = `Change per tenfold ${data.title}`;
  return {
    name: 'trends',
    title,
    panels: measures.map((name) => measureWords(name).title),
    findings: [
      ...all.map((trend) => sentence(data, trend)), ...theoryFindings(data, undrawn),
    ],
    table: tableOf(data, all),
    caption:
      'The axis is logarithmic: a straight line is logarithmic growth, a level one none. Points: ' +
      'mean of the runs of one cell, with its 95% confidence interval where it was replicated. ' +
      'Lines: least squares through the points; in each panel, what a tenfold adds, ± half of ' +
      `its 95% confidence interval.${theoryCaption(data, measures)}`,
    spec: {
      ...preamble,
      title: { text: title },
      columns: data.page.columns,
      spacing: { row: 26, column: 24 },
      concat: measures.map((name, index) =>
        panel(data, all.filter(({ measure }) => measure === name), index, width)),
    },
  };
}

/** No change is told where the interval holds both signs. */
function sentence({ title }: SweepData, trend: Trend): string {
  const { measure, variant, fit: { slope, slopeHalfWidth } } = trend;
  const of = variant === '' ? '' : ` (${variant})`;
  const what = measureWords(measure).title;
  const by = changeText(trend);
  return Math.abs(slope) > slopeHalfWidth
    ? `Ten times the ${title} changes ${what}${of} by ${by}.`
    : `No steady change of ${what}${of} with ${title} is seen: ${by} per tenfold.`;
}

function tableOf(data: SweepData, all: readonly Trend[]): ChartTable {
  return {
    note: `What ten times the ${data.title} adds; ± half of its 95% confidence interval.`,
    head: ['measure', 'variant', 'change', 'cells'],
    rows: all.map((trend) => [
      measureWords(trend.measure).title, trend.variant === '' ? '–' : trend.variant,
      changeText(trend), words.count(trend.points.length),
    ]),
    textColumns: [0, 1],
    file: 'runs.csv',
    keys: all.map(({ points }) => points[0].ofLine),
  };
}

function panel(
  data: SweepData, own: readonly Trend[], index: number, width: number,
): object {
  const { title, unit } = measureWords(own[0].measure);
  const uppers = own.flatMap(({ points }) => points.map(({ upper }) => upper));
  const lowers = own.flatMap(({ points }) => points.map(({ lower }) => lower));
  const theory = theoryOf(data, own[0].measure);
  const most = Math.max(...uppers, ...theory?.values ?? []);
  const domain = [Math.min(0, ...lowers), most * HEADROOM || 1];
  const axis = {
    title: wrapped(unit === '' || unit === '%' ? title : `${title}\u00a0(${unit})`, TITLE_LETTERS),
    minExtent: 44,
    labelExpr: labelsOf(unit),
    tickCount: 5,
  };
  const y = (field: string, more: object = {}): object => ({
    field, type: 'quantitative', scale: { domain, nice: false }, ...more,
  });
  const scale = { ...data.scale, type: 'log' as const };
  const x = xChannel(scale, data.title, width);
  const inkOf = ({ variant }: Trend): string =>
    inks[hues[data.variants.indexOf(variant) % hues.length]];
  const { color, shape } = variantChannels(data, index === 0);
  const points = own.flatMap(({ variant, points: some }) =>
    some.map((point) => ({ ...point, variant })));
  return {
    ...(theory === null ? {} : headed(theory, width)),
    width,
    height: panelHeight * data.page.height,
    layer: [
      ...(theory === null ? [] : [theory.layer({ x, y: y('mean', { axis }) })]),
      {
        data: { values: own.flatMap(ends) },
        mark: { type: 'line', strokeWidth: 1.6, opacity: 0.75, clip: true },
        encoding: { x, y: y('mean', { axis }), color },
      },
      {
        data: { values: points },
        mark: { type: 'rule', strokeWidth: 1.4, opacity: 0.7, clip: true },
        encoding: { x, y: y('lower'), y2: { field: 'upper' }, color },
      },
      {
        data: { values: points },
        mark: { type: 'point', filled: true, size: 46, opacity: 1, stroke: '#ffffff' },
        encoding: { x, y: y('mean'), color, shape },
      },
      {
        name: `${STAYS}-${index}`,
        data: { values: own.map((one, line) => ({ ...label(one, line), ink: inkOf(one) })) },
        mark: { type: 'text', align: 'left', baseline: 'top', fontSize: 12, fontWeight: 600 },
        encoding: {
          x: { value: 8 },
          y: { field: 'pixel', type: 'quantitative', scale: null },
          text: { field: 'text' },
          color: { field: 'ink', type: 'nominal', scale: null },
        },
      },
    ],
    view: { stroke: colours.pale },
  };
}

function ends({ variant, fit, points }: Trend): object[] {
  const xs = points.map(({ x }) => x);
  return [Math.min(...xs), Math.max(...xs)].map((x) => ({
    x, mean: fit.intercept + fit.slope * decades(x), variant, ofLine: points[0].ofLine,
  }));
}

function label(trend: Trend, line: number): object {
  const text = `${changeText(trend)} per tenfold`;
  const { variant, points: [{ ofLine }] } = trend;
  return { text, variant, of: ofLine, pixel: 8 + line * LEADING };
}
