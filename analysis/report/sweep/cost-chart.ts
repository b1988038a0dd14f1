/** Messages per second against the axis, both logarithmic, with the exponent of their growth. */
import ln from '@stdlib/math-base-special-ln';
import { messageTypes } from '../../../core/messages.js';
import { fitLine, type Line } from '../../statistics/regression.js';
import { measureIn, type Scalars } from '../../sweep/index.js';
import { colours, plotWidth, preamble, type Chart } from '../theme.js';
import { xChannel } from './axis.js';
import { CONFIDENCE, type SweepCell, type SweepData } from './data.js';
import { withInterval } from './interval-text.js';
import { logLabels, logTicks } from './ticks.js';

const labelWidth = 210;
const height = 340;
/** Fewer values of the axis show no growth. */
const FEWEST = 3;
/** A cell that is farther off its line than this share says that there is no power law. */
const MOST_OFF = 0.15;
/** What never reaches this share of all messages is left out. */
const LEAST_SHARE = 1e-5;

interface Family {
  readonly name: string;
  readonly color: string;
  rate(scalars: Scalars): number | null;
}

/** The growth of one family of messages. */
export interface Growth {
  readonly family: string;
  readonly variant: string;
  readonly fit: Line;
  readonly points: readonly Point[];
  /** The farthest of the points is off the fitted power law by this share of it. */
  readonly off: number;
}

interface Point {
  readonly x: number;
  readonly rate: number;
}

const families: readonly Family[] = [
  {
    name: 'all',
    color: colours.black,
    rate: (scalars) => measureIn(scalars, 'messages.sentPerSecond'),
  },
  family('resource', colours.blue),
  family('manager', colours.orange),
  family('overlay', colours.green),
  family('agent', colours.purple),
  family('model', colours.sky),
  family('coordinator', colours.red),
];

function family(prefix: string, color: string): Family {
  const types = messageTypes.filter((type) => type.startsWith(`${prefix}-`));
  return {
    name: `${prefix}-*`,
    color,
    rate: (scalars) => {
      const seconds = Number(scalars['simulatedSeconds']) - Number(scalars['warmUpSeconds']);
      const sent = types.reduce(
        (sum, type) => sum + Number(scalars[`messages.byType.${type}.sent`] ?? 0),
        0,
      );
      return seconds > 0 ? sent / seconds : null;
    },
  };
}

/**
 * Fitted to the logarithms of the cells' means: replications of a cell share its deviation from
 * the law, so they are no further evidence for it.
 */
export function growths(data: SweepData): Growth[] {
  if (data.scale.positions === null || data.scale.positions.some((x) => x <= 0)) return [];
  return data.variants.flatMap((variant) => {
    const cells = data.cells.filter((cell) => cell.variant === variant);
    const all = meanRates(cells, families[0]);
    return families.flatMap((one): Growth[] => {
      const points = meanRates(cells, one);
      const most = Math.max(0, ...points.map(({ rate }, index) => rate / (all[index]?.rate ?? 1)));
      const fit = fitLine(
        points.map(({ x, rate }) => ({ x: ln(x), y: ln(rate) })),
        CONFIDENCE,
      );
      if (fit === null || points.length < FEWEST || most < LEAST_SHARE) return [];
      const offs = points.map(({ x, rate }) => Math.abs(rate / lawAt(fit, x) - 1));
      const off = Math.max(...offs);
      return [{ family: one.name, variant, fit, points, off }];
    });
  });
}

function lawAt({ intercept, slope }: Line, x: number): number {
  return Math.exp(intercept + slope * Math.log(x));
}

function meanRates(cells: readonly SweepCell[], one: Family): Point[] {
  return cells.flatMap(({ x, rows }) => {
    const rates = rows.flatMap(({ scalars }) => one.rate(scalars) ?? []);
    const rate = rates.reduce((sum, value) => sum + value, 0) / rates.length;
    return rate > 0 ? [{ x: Number(x), rate }] : [];
  });
}

/** `1.00 ± 0.01`. */
export function exponentText({ fit: { slope, slopeHalfWidth } }: Growth): string {
  return withInterval(slope, slopeHalfWidth, 2);
}

/** Else the slope depends on where one looks. */
export function isPowerLaw({ off }: Growth): boolean {
  return off <= MOST_OFF;
}

/** Null where the axis has no three positive values. */
export function costChart(data: SweepData): Chart | null {
  const all = growths(data);
  const variant = data.variants[0];
  const drawn = all.filter((growth) => growth.variant === variant);
  if (drawn.length === 0) return null;
  const of = variant === '' ? '' : ` (${variant})`;
  const title = `Messages sent against ${data.title}${of}${finding(drawn)}`;
  return {
    name: 'cost',
    title,
    caption:
      'Both axes logarithmic: a straight line is a power law, its slope the exponent. Points: ' +
      'mean of the runs of one cell, after the warm-up. Lines: least squares through the ' +
      'logarithms of the points; beside them the exponent and its 95% confidence interval. Where ' +
      `a point is off that line by more than ${MOST_OFF * 100}%, the points are joined instead.`,
    spec: {
      ...preamble,
      title: { text: title },
      width: plotWidth - labelWidth,
      height,
      view: { stroke: colours.pale },
      layer: layers(data, drawn),
    },
  };
}

/** What grows by a law, and is the most where the axis ends. */
function finding(drawn: readonly Growth[]): string {
  const laws = drawn.filter(isPowerLaw);
  if (laws.length === 0) return '';
  const atEnd = ({ points }: Growth): number => points.reduce((a, b) => (b.x > a.x ? b : a)).rate;
  const most = laws.reduce((a, b) => (atEnd(b) > atEnd(a) ? b : a));
  return `: exponent ${exponentText(most)}${most.family === 'all' ? '' : ` of ${most.family}`}`;
}

function layers(data: SweepData, drawn: readonly Growth[]): object[] {
  const x = xChannel(data.scale, data.title, plotWidth - labelWidth);
  const rates = drawn.flatMap(({ points }) => points.map(({ rate }) => rate));
  const domain: [number, number] = [Math.min(...rates) / 1.6, Math.max(...rates) * 1.6];
  const y = {
    field: 'rate',
    type: 'quantitative',
    scale: { type: 'log', domain, nice: false },
    axis: {
      title: 'messages sent per second',
      values: logTicks(domain, 9),
      labelExpr: logLabels,
    },
  };
  const color = {
    field: 'family',
    type: 'nominal',
    legend: null,
    scale: {
      domain: families.map(({ name }) => name),
      range: families.map((one) => one.color),
    },
  };
  const points = drawn.flatMap((growth) =>
    growth.points.map((point) => ({ ...point, family: growth.family })),
  );
  const lines = drawn.flatMap(line);
  return [
    {
      data: { values: lines },
      mark: { type: 'line', strokeWidth: 1.6, opacity: 0.75, clip: true },
      encoding: { x, y, color },
    },
    {
      data: { values: points },
      mark: { type: 'point', filled: true, size: 46, opacity: 1, stroke: '#ffffff' },
      encoding: { x, y, color },
    },
    {
      data: { values: labels(drawn, domain) },
      mark: { type: 'text', align: 'left', dx: 6, baseline: 'middle', fontSize: 12 },
      encoding: {
        x: { value: plotWidth - labelWidth },
        y: { field: 'pixel', type: 'quantitative', scale: null },
        text: { field: 'text' },
        color,
      },
    },
  ];
}

function line(growth: Growth): object[] {
  const { family: name, fit, points } = growth;
  if (!isPowerLaw(growth)) return points.map((point) => ({ ...point, family: name }));
  const xs = points.map(({ x }) => x);
  return [Math.min(...xs), Math.max(...xs)].map((x) => ({ x, rate: lawAt(fit, x), family: name }));
}

/** Beside the ends of their lines, moved apart where they would overlap. */
function labels(drawn: readonly Growth[], [low, high]: readonly number[]): object[] {
  const least = 16;
  const placed = drawn
    .map((growth) => {
      const last = growth.points.reduce((a, b) => (b.x > a.x ? b : a));
      const pixel = height * (1 - Math.log(last.rate / low) / Math.log(high / low));
      return { growth, pixel };
    })
    .sort((a, b) => a.pixel - b.pixel);
  for (let index = 1; index < placed.length; index += 1) {
    const above = placed[index - 1].pixel + least;
    placed[index].pixel = Math.max(placed[index].pixel, above);
  }
  // Pushed off the foot, they move up again.
  let below = height + least / 2;
  for (const one of [...placed].reverse()) {
    one.pixel = Math.min(one.pixel, below);
    below = one.pixel - least;
  }
  return placed.map(({ growth, pixel }) => ({
    pixel,
    family: growth.family,
    text: `${growth.family}: ${isPowerLaw(growth) ? exponentText(growth) : 'no power law'}`,
  }));
}
