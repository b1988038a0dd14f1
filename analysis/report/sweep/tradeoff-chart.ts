/** One measure against another: what a gain in one costs in the other. */
import { colours, plotWidth, preamble, type Chart } from '../theme.js';
import { inCell, type SweepCell, type SweepData } from './data.js';
import { logLabels, logTicks, plainLabels } from './ticks.js';
import { measureWords } from '../../measure-words.js';
import { variantChannels } from './variants.js';

const LOG_FROM = 15;

interface Point {
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
}

/** Null unless the sweep asks for it, and two cells have both measures. */
export function tradeoffChart(data: SweepData): Chart | null {
  const { tradeoff } = data.outline.report;
  if (tradeoff === undefined) return null;
  const points = data.cells.flatMap((cell) => point(data, cell, tradeoff.x, tradeoff.y));
  if (points.length < 2) return null;
  const [x, y] = [measureWords(tradeoff.x), measureWords(tradeoff.y)];
  const title = `${y.title[0].toUpperCase()}${y.title.slice(1)}, against ${x.title}`;
  const channels = variantChannels(data.variants, true);
  const across = channel(tradeoff.x, points.flatMap((p) => [p.x, p.xLow, p.xHigh]));
  const up = channel(tradeoff.y, points.flatMap((p) => [p.y, p.yLow, p.yHigh]));
  const whisker = (encoding: object): object => ({
    mark: { type: 'rule', strokeWidth: 1.4, opacity: 0.7, clip: true },
    encoding,
  });
  const center = { x: across('x'), y: up('y') };
  return {
    name: 'tradeoff',
    title,
    caption:
      `Points: means of the runs of one cell, named by ${data.title}; whiskers: their 95% ` +
      'confidence intervals, mostly smaller than the points.',
    spec: {
      ...preamble,
      title: { text: title },
      width: plotWidth - 70,
      height: 340,
      view: { stroke: colours.pale },
      data: { values: points },
      encoding: { color: channels.color },
      layer: [
        whisker({ ...center, x: across('xLow'), x2: { field: 'xHigh' } }),
        whisker({ ...center, y: up('yLow'), y2: { field: 'yHigh' } }),
        {
          mark: { type: 'line', strokeWidth: 1.6, clip: true },
          encoding: { ...center, order: { field: 'order' }, strokeDash: channels.strokeDash },
        },
        {
          mark: { type: 'point', filled: true, size: 50, opacity: 1, stroke: '#ffffff' },
          encoding: { ...center, shape: channels.shape },
        },
        {
          // Lines of one place would write their names on each other.
          transform: [{ filter: { field: 'variant', equal: data.variants[0] } }],
          mark: { type: 'text', align: 'left', dx: 8, dy: -8, color: colours.black },
          encoding: { ...center, text: { field: 'label' }, color: { value: colours.black } },
        },
      ],
    },
  };
}

function point(data: SweepData, cell: SweepCell, xName: string, yName: string): Point[] {
  const [x, y] = [inCell(cell, xName), inCell(cell, yName)];
  if (x === null || y === null) return [];
  const place = data.axis === undefined ? 0 : data.outline.axes.indexOf(data.axis);
  const order = data.axis?.values.indexOf(cell.values[place]) ?? 0;
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
      order,
    },
  ];
}

/** The channel over any field of that measure; `values` are all there is to show. */
function channel(name: string, values: readonly number[]): (field: string) => object {
  const { title, unit } = measureWords(name);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isLog = low > 0 && high / low >= LOG_FROM;
  const domain: [number, number] = isLog ? [low / 1.3, high * 1.4] : [Math.min(0, low), high * 1.1];
  const counted = unit === '%' ? 'share' : unit;
  const axis = {
    title: counted === '' ? title : `${title} (${counted})`,
    grid: true,
    ...(isLog ? { values: logTicks(domain), labelExpr: logLabels } : { labelExpr: plainLabels }),
  };
  const scale = { type: isLog ? 'log' : 'linear', domain, nice: false };
  return (field) => ({ field, type: 'quantitative', scale, axis });
}
