/** The distribution of recovery times, as the share that has not recovered yet. */
import { kaplanMeier, survivalQuantile, type Duration, type SurvivalStep } from
  '../../statistics/kaplan-meier.js';
import * as words from '../../words.js';
import { colours, plotWidth, preamble, type Chart } from '../theme.js';
import { CONFIDENCE, type SweepCell, type SweepData } from './data.js';
import type { RecoveryTimes } from './recovery-times.js';
import { logLabels, logTicks, plainLabels } from './ticks.js';
import { legendStyle, ramp } from './variants.js';
import { wrapped } from './wrapped.js';

/** More lines would lie on each other. */
const mostLines = 6;
const mostVariants = 3;
/** A finer curve cannot be seen. */
const mostSteps = 300;
const mostTicks = 60;
const legendWidth = 120;
const LEGEND_LETTERS = 18;
const gap = 60;
const panelWidth = (plotWidth - gap - legendWidth) / 2;

interface Curve {
  readonly label: string;
  readonly steps: readonly SurvivalStep[];
  readonly durations: readonly Duration[];
}

/** Null if nothing had to recover, anywhere. @param timesOf - read when needed: files are large */
export function recoveryChart(
  data: SweepData,
  timesOf: (cell: SweepCell) => RecoveryTimes,
): Chart | null {
  const groups = data.variants.slice(0, mostVariants).map((variant) => {
    const cells = thinned(data.cells.filter((cell) => cell.variant === variant));
    const timed = cells.map((cell) => ({ label: nameOf(data, cell), times: timesOf(cell) }));
    return { variant, timed };
  });
  const panels = groups
    .flatMap(({ variant, timed }) => {
      const of = variant === '' ? '' : `, ${variant}`;
      const curves = (choose: (times: RecoveryTimes) => readonly Duration[]): Curve[] =>
        timed.flatMap(({ label, times }) => curve(label, choose(times)));
      return [
        { title: `whole episodes${of}`, curves: curves(({ episodes }) => episodes) },
        { title: `each fault of managers and links${of}`, curves: curves(({ faults }) => faults) },
      ];
    })
    .filter(({ curves }) => curves.length > 0);
  if (panels.length === 0) return null;
  const labels = new Set(groups.flatMap(({ timed }) => timed.map(({ label }) => label)));
  const colour = labelColour([...labels], data.title);
  const title = titleFor(panels.flatMap(({ curves }) => curves));
  return {
    name: 'recovery',
    title,
    caption: caption(data.variants.length),
    spec: {
      ...preamble,
      title: { text: title },
      columns: 2,
      spacing: { row: 24, column: 20 },
      concat: panels.map((one) => panel(one.title, one.curves, colour)),
    },
  };
}

/** None where nothing has recovered. */
function curve(label: string, durations: readonly Duration[]): Curve[] {
  if (durations.every(({ censored }) => censored)) return [];
  return [{ label, durations, steps: kaplanMeier(durations, CONFIDENCE) }];
}

function labelColour(labels: readonly string[], title: string): object {
  return {
    field: 'label',
    type: 'nominal',
    sort: null,
    scale: { domain: labels, range: ramp(labels.length) },
    legend: {
      ...legendStyle,
      title: wrapped(title, LEGEND_LETTERS),
      orient: 'right',
      symbolType: 'stroke',
    },
  };
}

function caption(variants: number): string {
  const left = variants > mostVariants ? ` The first ${mostVariants} variants are drawn.` : '';
  return (
    'Kaplan-Meier estimate of the share not yet recovered, all replications together; what was ' +
    'still open when its run ended counts as censored (small strokes). Bands: 95% pointwise, by ' +
    "Greenwood's variance, with recoveries taken as independent. Where faults come faster than " +
    'the system recovers, episodes merge and say little: then look at each fault by itself.' +
    left
  );
}

function titleFor(curves: readonly Curve[]): string {
  const all = curves.flatMap(({ durations }) => durations);
  const open = all.filter(({ censored }) => censored).length;
  const medians = curves.flatMap(({ steps }) => survivalQuantile(steps, 0.5) ?? []);
  if (medians.length === 0) return 'Less than half had recovered when the runs ended';
  const [low, high] = [Math.min(...medians), Math.max(...medians)].map(words.duration);
  const half = low === high ? low : `${low} to ${high}`;
  const rest = open === 0 ? '' : `; ${words.count(open)} of ${words.count(all.length)} still open`;
  return `Half had recovered after ${half}${rest}`;
}

/** Evenly, with both ends. */
function thinned(cells: readonly SweepCell[]): SweepCell[] {
  if (cells.length <= mostLines) return [...cells];
  const step = (cells.length - 1) / (mostLines - 1);
  return Array.from({ length: mostLines }, (_, index) => cells[Math.round(index * step)]);
}

function nameOf(data: SweepData, cell: SweepCell): string {
  const { axis, scale, outline } = data;
  if (axis === undefined) return outline.name;
  const place = outline.axes.indexOf(axis);
  return scale.labels[axis.values.indexOf(cell.values[place])];
}

function panel(title: string, curves: readonly Curve[], color: object): object {
  const { low, high, type } = extent(curves);
  const x = {
    field: 'time',
    type: 'quantitative',
    scale: { domain: [low, high], type, nice: false },
    axis: {
      title: 'time to recover (s)',
      grid: false,
      ...(type === 'log'
        ? { values: logTicks([low, high], 6), labelExpr: logLabels }
        : { labelExpr: plainLabels, tickCount: 6 }),
    },
  };
  const y = (field: string): object => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, 1.012], nice: false },
    axis: { title: 'share not yet recovered', format: '.0%', tickCount: 5, minExtent: 36 },
  });
  const step = { interpolate: 'step-after', clip: true };
  const marks = curves.flatMap(censoredMarks);
  return {
    title: { text: title, fontSize: 12, fontWeight: 'normal', anchor: 'start', offset: 6 },
    width: panelWidth,
    height: 230,
    view: { stroke: colours.pale },
    layer: [
      {
        data: { values: curves.flatMap((curve) => points(curve, low, high)) },
        mark: { type: 'area', opacity: bandOpacity(curves.length), ...step },
        encoding: { x, y: y('lower'), y2: { field: 'upper' }, color },
      },
      {
        data: { values: curves.flatMap((curve) => points(curve, low, high)) },
        mark: { type: 'line', strokeWidth: 1.8, ...step },
        encoding: { x, y: y('survival'), color },
      },
      {
        data: { values: marks },
        mark: { type: 'tick', orient: 'vertical', thickness: 1.2, height: 8, clip: true },
        encoding: { x, y: y('survival'), color },
      },
    ],
  };
}

/** So light that the lines can be told apart where all bands lie on each other. */
function bandOpacity(curves: number): number {
  return Math.min(0.16, 0.4 / curves);
}

/** Up to where the last curve has fallen to 0.5%; logarithmic if recoveries differ that much. */
function extent(curves: readonly Curve[]): { low: number; high: number; type: string } {
  const last = (curve: Curve): number =>
    survivalQuantile(curve.steps, 0.995) ?? Math.max(...curve.durations.map(({ time }) => time));
  const first = (curve: Curve): number => survivalQuantile(curve.steps, 0.05) ?? last(curve);
  const high = Math.max(...curves.map(last)) || 1;
  const low = Math.max(Math.min(...curves.map(first)), 0.001);
  if (high / low < 60) return { low: 0, high: high * 1.04, type: 'linear' };
  return { low: low / 1.5, high: high * 1.2, type: 'log' };
}

function points(curve: Curve, low: number, high: number): object[] {
  const { label, steps } = curve;
  const least = 1 / mostSteps;
  const start = { label, time: low, survival: 1, lower: 1, upper: 1 };
  const kept = [start];
  for (const [index, { time, survival, lower, upper }] of steps.entries()) {
    const before = kept[kept.length - 1];
    if (before.survival - survival < least && index < steps.length - 1) continue;
    kept.push({ label, time: Math.max(time, low), survival, lower, upper });
  }
  const end = kept[kept.length - 1];
  const until = Math.max(...curve.durations.map(({ time }) => time));
  return [...kept, { ...end, time: Math.min(Math.max(until, end.time), high) }];
}

function censoredMarks({ label, steps, durations }: Curve): object[] {
  const times = durations.filter(({ censored }) => censored).map(({ time }) => time);
  const every = Math.ceil(times.length / mostTicks);
  return times
    .sort((a, b) => a - b)
    .filter((_, index) => index % every === 0)
    .map((time) => {
      const before = steps.filter((step) => step.time <= time).at(-1);
      return { label, time, survival: before?.survival ?? 1 };
    });
}
