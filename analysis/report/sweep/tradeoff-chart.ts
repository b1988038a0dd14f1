/** One measure against another: what a gain in one costs in the other. */
import { estimateText } from '../../estimate-words.js';
import { measureWords } from '../../measure-words.js';
import type { Linked } from '../linked/index.js';
import { textWidth } from '../text-width.js';
import { colours, NAMES, preamble, type ChartTable, type PageChart } from '../theme.js';
import { inCell, type SweepCell, type SweepData } from './data.js';
import { placed, type Spot } from './label-places.js';
import { logLabels, logTicks, plainLabels } from './ticks.js';
import { isCrowded, variantChannels } from './variants.js';

const LOG_FROM = 15;
const HEIGHT = 340;
/** Of the axis to the left. */
const MARGIN = 70;
const LABEL_SIZE = 11;

interface Point extends Linked {
  readonly x: number;
  readonly xLow: number;
  readonly xHigh: number;
  readonly y: number;
  readonly yLow: number;
  readonly yHigh: number;
  readonly label: string;
  readonly variant: string;
  /** Along the axis. */
  readonly order: number;
  readonly told: readonly [x: string, y: string];
  readonly tooltip: string;
  /** No other cell has less of both. */
  readonly front: boolean;
}

/** Null unless the sweep asks for it, and two cells have both measures. */
export function tradeoffChart(data: SweepData): PageChart | null {
  const { tradeoff } = data.outline.report;
  if (tradeoff === undefined) return null;
  const points = withFront(data.cells.flatMap((cell) => point(data, cell, tradeoff.x, tradeoff.y)));
  if (points.length < 2) return null;
  const [x, y] = [measureWords(tradeoff.x), measureWords(tradeoff.y)];
  const title = `${y.title[0].toUpperCase()}${y.title.slice(1)}, against ${x.title}`;
  const across = axisOf(tradeoff.x, points.flatMap((p) => [p.x, p.xLow, p.xHigh]));
  const up = axisOf(tradeoff.y, points.flatMap((p) => [p.y, p.yLow, p.yHigh]));
  const width = data.page.width - MARGIN;
  return {
    name: 'tradeoff',
    title,
    findings: [finding(data, points, x.title, y.title)],
    table: tableOf(data, points, x.title, y.title),
    caption:
      `Points: means of the runs of one cell, named by ${data.title}; whiskers: their 95% ` +
      'confidence intervals, mostly smaller than the points. Grey steps: the front, by the ' +
      'means; of a cell above it another has less of both. Less is taken for better.',
    spec: {
      ...preamble,
      title: { text: title },
      width,
      height: HEIGHT * data.page.height,
      view: { stroke: colours.pale },
      layer: layers(data, points, across, up, width),
    },
  };
}

function layers(
  data: SweepData, points: readonly Point[],
  across: Drawn, up: Drawn, width: number,
): object[] {
  const { page, scale } = data;
  const { color, shape, strokeDash } = variantChannels(data, true);
  const center = { x: across.channel('x'), y: up.channel('y') };
  const whisker = (encoding: object): object => ({
    data: { values: points },
    mark: { type: 'rule', strokeWidth: 1.4, opacity: 0.7, clip: true },
    encoding: { ...encoding, color },
  });
  const height = HEIGHT * page.height;
  const spots = points.map(({ x, y, label }): Spot => ({
    x: across.share(x) * width, y: (1 - up.share(y)) * height, label,
    width: textWidth(label, LABEL_SIZE), height: LABEL_SIZE,
  }));
  const texts = placed(spots, width, height).map((name, index) =>
    ({ ...name, of: points[index].of }));
  const pixel = (field: string): object => ({ field, type: 'quantitative', scale: null });
  return [
    {
      data: { values: points.filter(({ front }) => front).map(({ x, y }) => ({ x, y })) },
      mark: { type: 'line', interpolate: 'step-after', stroke: colours.grey, strokeWidth: 1,
        clip: true },
      encoding: { ...center, order: { field: 'x' } },
    },
    whisker({ ...center, x: across.channel('xLow'), x2: { field: 'xHigh' } }),
    whisker({ ...center, y: up.channel('yLow'), y2: { field: 'yHigh' } }),
    // Between names there is nothing that a line could lead over.
    ...(scale.positions === null || isCrowded(data) ? [] : [{
      data: { values: points },
      mark: { type: 'line', strokeWidth: 1.6, clip: true },
      encoding: { ...center, color, order: { field: 'order' }, strokeDash },
    }]),
    {
      data: { values: points },
      mark: { type: 'point', filled: true, size: 50, opacity: 1, stroke: '#ffffff' },
      encoding: { ...center, color, shape, description: { field: 'tooltip' } },
    },
    {
      name: NAMES,
      data: { values: texts },
      mark: { type: 'text', align: 'left', baseline: 'middle', fontSize: LABEL_SIZE },
      encoding: {
        x: pixel('x'), y: pixel('y'), text: { field: 'label' },
        opacity: { condition: { test: 'datum.shown', value: 1 }, value: 0 },
      },
    },
  ];
}

function withFront(points: readonly Omit<Point, 'front'>[]): Point[] {
  return points.map((one) => ({
    ...one,
    front: !points.some((other) =>
      other.x <= one.x && other.y <= one.y && (other.x < one.x || other.y < one.y)),
  }));
}

function finding(data: SweepData, points: readonly Point[], x: string, y: string): string {
  const front = points.filter((one) => one.front).sort((a, b) => a.x - b.x);
  const name = (one: Point): string => {
    const of = one.variant === '' ? '' : ` (${one.variant})`;
    return `${data.title} ${one.label}${of}`;
  };
  const [first, last] = [front[0], front[front.length - 1]];
  if (first === last) {
    return `One cell has the least of both, ${x} and ${y}, by the means: ${name(first)}.`;
  }
  return `${front.length} of ${points.length} cells are on the front, by the means: from ` +
    `${name(first)} with ${x} ${first.told[0]} and ${y} ${first.told[1]}, to ${name(last)} ` +
    `with ${last.told[0]} and ${last.told[1]}.`;
}

function tableOf(data: SweepData, points: readonly Point[], x: string, y: string): ChartTable {
  return {
    note: 'Mean over the runs of a cell, and its 95% confidence interval.',
    head: [data.title, 'variant', x, y, 'on the front'],
    rows: points.map(({ label, variant, told: [one, other], front }) =>
      [label, variant === '' ? '–' : variant, one, other, front ? 'yes' : 'no']),
    textColumns: [0, 1, 4],
    file: 'runs.csv',
    keys: points.map(({ of }) => of),
  };
}

function point(
  data: SweepData, cell: SweepCell, xName: string, yName: string,
): Omit<Point, 'front'>[] {
  const [x, y] = [inCell(cell, xName), inCell(cell, yName)];
  if (x === null || y === null) return [];
  const place = data.axis === undefined ? 0 : data.outline.axes.indexOf(data.axis);
  const order = data.axis?.values.indexOf(cell.values[place]) ?? 0;
  const told = [
    estimateText(x, measureWords(xName).told, cell.rows.length),
    estimateText(y, measureWords(yName).told, cell.rows.length),
  ] as const;
  return [
    {
      x: x.mean,
      xLow: x.interval?.lower ?? x.mean,
      xHigh: x.interval?.upper ?? x.mean,
      y: y.mean,
      yLow: y.interval?.lower ?? y.mean,
      yHigh: y.interval?.upper ?? y.mean,
      label: data.scale.labels[order] ?? '',
      variant: cell.variant,
      of: cell.of,
      ofLine: cell.ofLine,
      order,
      told,
      tooltip: `${cell.values.join(', ')}: ${told.join(' and ')}`,
    },
  ];
}

interface Drawn {
  /** Over any field of that measure. */
  readonly channel: (field: string) => object;
  /** Where a value lies, from 0 to 1. */
  readonly share: (value: number) => number;
}

/** @param values - all there is to show */
function axisOf(name: string, values: readonly number[]): Drawn {
  const { title, unit } = measureWords(name);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isLog = low > 0 && high / low >= LOG_FROM;
  const domain: [number, number] =
    isLog ? [low / 1.3, high * 1.4] : [Math.min(0, low), high * 1.1 || 1];
  const counted = unit === '%' ? 'share' : unit;
  const axis = {
    title: counted === '' ? title : `${title} (${counted})`,
    grid: true,
    ...(isLog ? { values: logTicks(domain), labelExpr: logLabels } : { labelExpr: plainLabels }),
  };
  const scale = { type: isLog ? 'log' : 'linear', domain, nice: false };
  const [from, to] = isLog ? domain.map(Math.log) : domain;
  return {
    channel: (field) => ({ field, type: 'quantitative', scale, axis }),
    share: (value) => ((isLog ? Math.log(value) : value) - from) / (to - from),
  };
}
