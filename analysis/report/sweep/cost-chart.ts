/** Messages per second against the axis, both logarithmic, with the law of their growth. */
import { messageTypes } from '../../../core/messages.js';
import { fitGrowth, growthAt, type GrowthFit } from '../../statistics/growth.js';
import { measureIn, type Scalars } from '../../sweep/index.js';
import * as words from '../../words.js';
import {
  colours, inks, preamble, type ChartTable, type Page, type PageChart,
} from '../theme.js';
import type { Linked } from '../linked/index.js';
import { xChannel } from './axis.js';
import { CONFIDENCE, type SweepCell, type SweepData } from './data.js';
import { withInterval } from './interval-text.js';
import { THEORY, theoryCaption, theoryOf, type Theory } from './theory.js';
import { logLabels, logTicks } from './ticks.js';
import { legendStyle } from './variants.js';

const labelWidth = 250;
/** Of the axis, where labels stand below. */
const NARROW_AXIS = 70;
/** Pieces of a curve. */
const CURVE = 40;
const HEIGHT = 340;
/** Fewer values of the axis show no growth. */
const FEWEST = 3;
/** A cell that is farther off a law than this share says that it is none. */
const MOST_OFF = 0.15;
/** Of all messages. */
const ALL = 'messages.sentPerSecond';
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
  readonly fit: GrowthFit;
  readonly points: readonly Point[];
}

interface Point extends Linked {
  readonly x: number;
  readonly rate: number;
}

const families: readonly Family[] = [
  {
    name: 'all',
    color: colours.black,
    rate: (scalars) => measureIn(scalars, ALL),
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
      const fit = fitGrowth(points.map(({ x, rate }) => ({ x, y: rate })), CONFIDENCE);
      if (fit === null || points.length < FEWEST || most < LEAST_SHARE) return [];
      return [{ family: one.name, variant, fit, points }];
    });
  });
}

function meanRates(cells: readonly SweepCell[], one: Family): Point[] {
  return cells.flatMap(({ x, rows, of, ofLine }) => {
    const rates = rows.flatMap(({ scalars }) => one.rate(scalars) ?? []);
    const rate = rates.reduce((sum, value) => sum + value, 0) / rates.length;
    return rate > 0 ? [{ x: Number(x), rate, of, ofLine }] : [];
  });
}

/** `1.00 ± 0.01`, whether or not it is a law. */
export function exponentText({ fit: { power: { line } } }: Growth): string {
  return withInterval(line.slope, line.slopeHalfWidth, 2);
}

/** Else what is fitted depends on where one looks. */
function isLaw({ fit }: Growth): boolean {
  return fit.off <= MOST_OFF;
}

/** `N^1.00 ± 0.01`, `(12 ± 1) + (0.100 ± 0.002) N`. */
function lawText(growth: Growth): string {
  const { law } = growth.fit;
  if (!isLaw(growth)) return 'no law';
  if (law.kind === 'power') return `N^${exponentText(growth)}`;
  const { constant, perUnit, constantHalfWidth, perUnitHalfWidth } = law;
  const sign = perUnit < 0 ? '−' : '+';
  const slope = told(Math.abs(perUnit), perUnitHalfWidth);
  return `${told(constant, constantHalfWidth)} ${sign} ${slope} N`;
}

/** Digits as far as the interval lets them mean something. */
function told(value: number, halfWidth: number): string {
  const order = Math.floor(Math.log10(Math.max(halfWidth, Math.abs(value) * 1e-3, 1e-300)));
  const digits = Math.min(20, Math.max(0, 1 - order));
  return `(${value.toFixed(digits).replace('-', '−')} ± ${halfWidth.toFixed(digits)})`;
}

/** Null where the axis has no three positive values. */
export function costChart(data: SweepData): PageChart | null {
  const all = growths(data);
  const variant = data.variants[0];
  const drawn = all.filter((growth) => growth.variant === variant);
  if (drawn.length === 0) return null;
  const of = variant === '' ? '' : ` (${variant})`;
  const title = `Messages sent against ${data.title}${of}`;
  const theory = theoryOf(data, ALL, variant);
  return {
    name: 'cost',
    title,
    findings: [finding(data, drawn, of)],
    table: tableOf(data, all),
    caption:
      'Both axes logarithmic: a straight line is a power law, its slope the exponent. Points: ' +
      'mean of the runs of one cell, after the warm-up. Lines: a power of the axis, N, or a part ' +
      'that stays and a part in proportion, by least squares, whichever is nearer to the points; ' +
      'beside them the law with 95% confidence intervals. Where a point is off both by more than ' +
      `${MOST_OFF * 100}%, the points are joined instead.${theoryCaption(data, [ALL])}`,
    spec: {
      ...preamble,
      title: { text: title, ...(theory === null ? {} : subtitled(theory, data.page)) },
      width: plotWidthOf(data.page),
      height: HEIGHT * data.page.height,
      view: { stroke: colours.pale },
      layer: layers(data, drawn, theory),
    },
  };
}

function subtitled({ legend }: Theory, { width }: Page): object {
  return {
    subtitle: legend(width), subtitleFontSize: THEORY.size, subtitleColor: THEORY.color,
  };
}

function finding(data: SweepData, drawn: readonly Growth[], of: string): string {
  const laws = drawn.filter(isLaw);
  const all = drawn.find(({ family: name }) => name === 'all');
  const atEnd = ({ points }: Growth): number => points.reduce((a, b) => (b.x > a.x ? b : a)).rate;
  if (all === undefined || !isLaw(all)) {
    const most = laws.reduce<Growth | null>((a, b) =>
      (a === null || atEnd(b) > atEnd(a) ? b : a), null);
    const rest = most === null ? '' : `, but ${most.family} do: as ${lawText(most)}`;
    return `Messages${of} follow neither a power of ${data.title} nor a straight line${rest}.`;
  }
  const where = all.fit.law.kind === 'power' ? '' : ' per second';
  const unit = data.scale.unit === 's' ? ' in seconds' : '';
  return `Messages${of} go as ${lawText(all)}${where}, N being ${data.title}${unit}, with no ` +
    `cell farther off than ${(100 * all.fit.off).toFixed(1)}%.`;
}

function tableOf(data: SweepData, all: readonly Growth[]): ChartTable {
  return {
    note: `N is ${data.title}; ± half of a 95% confidence interval. The farthest cell is off the ` +
      `nearer law by so much: by more than ${MOST_OFF * 100}%, and it is none.`,
    head: ['messages', 'variant', 'per second', 'exponent', 'farthest', 'cells'],
    rows: all.map((growth) => [
      growth.family, growth.variant === '' ? '–' : growth.variant, lawText(growth),
      exponentText(growth), `${(100 * growth.fit.off).toFixed(1)}%`,
      words.count(growth.points.length),
    ]),
    textColumns: [0, 1, 2],
    file: 'runs.csv',
    keys: all.map(({ points }) => points[0].ofLine),
  };
}

/** Where there is no room beside the lines, their labels stand below. */
function plotWidthOf({ width, columns }: Page): number {
  return columns === 1 ? width - NARROW_AXIS : width - labelWidth;
}

function layers(data: SweepData, drawn: readonly Growth[], theory: Theory | null): object[] {
  const width = plotWidthOf(data.page);
  const x = xChannel(data.scale, data.title, width);
  const rates = [
    ...drawn.flatMap(({ points }) => points.map(({ rate }) => rate)), ...theory?.values ?? [],
  ];
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
  const beside = data.page.columns > 1;
  const shown = families.filter(({ name }) => drawn.some((growth) => growth.family === name));
  const texts = Object.fromEntries(drawn.map((growth) => [growth.family, labelOf(growth)]));
  const legend = {
    ...legendStyle, orient: 'bottom', columns: 1, symbolType: 'stroke',
    labelExpr: `${JSON.stringify(texts)}[datum.label]`,
  };
  const color = {
    field: 'family',
    type: 'nominal',
    legend: beside ? null : legend,
    scale: { domain: shown.map(({ name }) => name), range: shown.map((one) => one.color) },
  };
  const points = drawn.flatMap((growth) =>
    growth.points.map((point) => ({ ...point, family: growth.family })),
  );
  return [
    ...(theory === null ? [] : [theory.layer({ x, y: { ...y, field: 'mean' } })]),
    {
      data: { values: drawn.flatMap(line) },
      mark: { type: 'line', strokeWidth: 1.6, opacity: 0.75, clip: true },
      encoding: { x, y, color },
    },
    {
      data: { values: points },
      mark: { type: 'point', filled: true, size: 46, opacity: 1, stroke: '#ffffff' },
      encoding: { x, y, color },
    },
    ...(beside ? [{
      data: { values: labels(drawn, domain, HEIGHT * data.page.height) },
      mark: { type: 'text', align: 'left', dx: 6, baseline: 'middle', fontSize: 12 },
      encoding: {
        x: { value: width },
        y: { field: 'pixel', type: 'quantitative', scale: null },
        text: { field: 'text' },
        color: { field: 'ink', type: 'nominal', scale: null },
      },
    }] : []),
  ];
}

function line(growth: Growth): object[] {
  const { family: name, fit, points } = growth;
  if (!isLaw(growth)) return points.map((point) => ({ ...point, family: name }));
  const xs = points.map(({ x }) => x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  return Array.from({ length: CURVE + 1 }, (_, step) => {
    const x = low * (high / low) ** (step / CURVE);
    return { x, rate: growthAt(fit.law, x), family: name, ofLine: points[0].ofLine };
  });
}

function labelOf(growth: Growth): string {
  return `${growth.family}: ${lawText(growth)}`;
}

/** Beside the ends of their lines, moved apart where they would overlap. */
function labels(
  drawn: readonly Growth[], [low, high]: readonly number[], height: number,
): object[] {
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
    ink: inks[families.find(({ name }) => name === growth.family)!.color],
    text: labelOf(growth),
  }));
}
