/** The distribution of recovery times, as the share that has not recovered yet. */
import * as words from '../../words.js';
import { colours, preamble, type ChartTable, type Page, type PageChart } from '../theme.js';
import type { SweepCell, SweepData } from './data.js';
import { panelWidth } from './panels.js';
import {
  judgedCurves, restrictedMeanText, type Curve, type JudgedCurve,
} from './recovery-curves.js';
import { lineAxisOf, recoveryGroups, type LineAxis } from './recovery-groups.js';
import type { RecoveryTimes } from './recovery-times.js';
import { linearTicks, logLabels, logTicks, plainLabels } from './ticks.js';
import { hues, legendStyle, ramp } from './variants.js';
import { wrapped } from './wrapped.js';
import { survivalQuantile } from '../../statistics/kaplan-meier.js';

const HEIGHT = 220;
/** A finer curve cannot be seen. */
const mostSteps = 300;
const mostTicks = 60;
const LEGEND_LETTERS = 40;
/** Left of a panel, for the labels of its axis and of the numbers at risk. */
const EXTENT = 62;
const RISK_ROW = 15;
/** Between a plot and its numbers at risk: the axis with its title. */
const RISK_GAP = 44;

interface Panel {
  readonly title: string;
  readonly curves: readonly JudgedCurve[];
}

/** Null if nothing had to recover, anywhere. @param timesOf - read when needed: files are large */
export function recoveryChart(
  data: SweepData,
  timesOf: (cell: SweepCell) => RecoveryTimes,
): PageChart | null {
  const axis = lineAxisOf(data);
  const groups = recoveryGroups(data, axis, timesOf);
  const raw = groups.flatMap(({ where, lines }) => {
    const of = where === '' ? '' : `, ${where}`;
    const curves = (choose: (times: RecoveryTimes) => Curve['durations']): Curve[] =>
      lines.map(({ label, of: cell, times }) => ({ label, of: cell, durations: choose(times) }))
        .filter(({ durations }) => durations.some(({ censored }) => !censored));
    return [
      { title: `whole episodes${of}`, curves: curves(({ episodes }) => episodes) },
      { title: `each fault of managers and links${of}`, curves: curves(({ faults }) => faults) },
    ];
  }).filter(({ curves }) => curves.length > 0);
  if (raw.length === 0) return null;
  const judged = judgedCurves(raw.map(({ curves }) => curves));
  const panels = raw.map(({ title }, index): Panel => ({ title, curves: judged[index] }));
  const title = `Share not yet recovered, by time and ${axis.title}`;
  return {
    name: 'recovery',
    title,
    panels: panels.map((one) => one.title),
    findings: panels.map((panel) => sentence(panel, axis)),
    table: tableOf(panels, axis),
    caption: caption(data, groups.length),
    spec: {
      ...preamble,
      title: { text: title },
      columns: data.page.columns,
      spacing: { row: 28, column: 20 },
      concat: panels.map((one) => drawn(one, axis, data.page, panels.length)),
      resolve: { scale: { x: 'independent', y: 'independent' } },
    },
  };
}

function caption({ cells }: SweepData, groups: number): string {
  const all = new Set(cells.map(({ variant }) => variant)).size;
  const left = all > groups && groups > 1 ? ` The first ${groups} groups of cells are drawn.` : '';
  return (
    'Kaplan-Meier estimate of the share not yet recovered, all replications together; what was ' +
    'still open when its run ended counts as censored (small strokes). Bands: 95% pointwise, by ' +
    "Greenwood's variance on the scale of log(-log S), with recoveries taken as independent. " +
    'Below each: how many were still open, and watched, at that time. Where faults come faster ' +
    'than the system recovers, episodes merge and say little: then look at each fault by itself.' +
    left
  );
}

/** `Each fault of managers and links: half had recovered after 10 s with phi, 25 s with fixed`. */
function sentence({ title, curves }: Panel, axis: LineAxis): string {
  const all = curves.flatMap(({ durations }) => durations);
  const open = all.filter(({ censored }) => censored).length;
  const rest = open === 0 ? '' : `; ${words.count(open)} of ${words.count(all.length)} still open`;
  const start = `${title[0].toUpperCase()}${title.slice(1)}`;
  const [first, last] = [curves[0], curves[curves.length - 1]];
  const half = ({ steps }: JudgedCurve): string => {
    const median = survivalQuantile(steps, 0.5);
    return median === null ? 'not before the runs ended' : `after ${words.duration(median)}`;
  };
  if (first === last) return `${start}: half had recovered ${half(first)}${rest}.`;
  const named = ({ label }: JudgedCurve): string =>
    (axis.named ? `with ${label}` : `at ${axis.title} ${label}`);
  const { p } = last;
  const test = p === null ? '' : p < 0.05
    ? `; the two curves differ (log-rank, ${pText(p)})`
    : `; no difference of the two is seen (log-rank, ${pText(p)})`;
  return `${start}: half had recovered ${half(first)} ${named(first)}, ${half(last)} ` +
    `${named(last)}${test}${rest}.`;
}

function pText(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

function tableOf(panels: readonly Panel[], axis: LineAxis): ChartTable {
  return {
    note: 'Restricted mean: up to the time given, that all lines of a panel reach, with its 95% ' +
      'confidence interval. Log-rank: against the first line of the panel, after Holm’s ' +
      'adjustment; recoveries are taken as independent.',
    head: ['what', axis.title, 'number', 'still open', 'median', 'restricted mean', 'log-rank'],
    rows: panels.flatMap(({ title, curves }) => curves.map((curve) => {
      const { label, durations, steps, p } = curve;
      const median = survivalQuantile(steps, 0.5);
      return [
        title, label, words.count(durations.length),
        words.count(durations.filter(({ censored }) => censored).length),
        median === null ? '–' : words.duration(median),
        restrictedMeanText(curve),
        p === null ? '–' : pText(p),
      ];
    })),
    textColumns: [0, 1],
    file: 'runs.csv',
    keys: panels.flatMap(({ curves }) => curves.map(({ of }) => of)),
  };
}

function colourOf({ labels, named, title }: LineAxis, page: Page): object {
  return {
    field: 'label',
    type: 'nominal',
    sort: null,
    scale: { domain: labels, range: named ? hues.slice(0, labels.length) : ramp(labels.length) },
    legend: {
      ...legendStyle,
      title: wrapped(title, LEGEND_LETTERS),
      orient: 'top',
      columns: page.columns === 1 ? 3 : 7,
      symbolType: 'stroke',
    },
  };
}

function drawn(panel: Panel, axis: LineAxis, page: Page, count: number): object {
  const { curves, title } = panel;
  const { low, high, type } = extent(curves);
  const width = panelWidth(page, count);
  const ticks = type === 'log' ? logTicks([low, high], 6) : linearTicks(high, 8);
  const scale = { domain: [low, high], type, nice: false };
  const x = {
    field: 'time',
    type: 'quantitative',
    scale,
    axis: {
      title: 'time to recover (s)',
      grid: false,
      values: ticks,
      labelExpr: type === 'log' ? logLabels : plainLabels,
      labelOverlap: false,
    },
  };
  const y = (field: string): object => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, 1.012], nice: false },
    axis: {
      title: 'share not yet recovered', format: '.0%', tickCount: 5, minExtent: EXTENT - 22,
    },
  });
  const color = colourOf(axis, page);
  const step = { interpolate: 'step-after', clip: true };
  const steps = curves.flatMap((curve) => points(curve, low, high));
  return {
    title: { text: title, fontSize: 12, fontWeight: 'normal', anchor: 'start', offset: 6 },
    spacing: RISK_GAP,
    bounds: 'flush',
    vconcat: [{
      width,
      height: HEIGHT * page.height,
      view: { stroke: colours.pale },
      layer: [
        {
          data: { values: steps },
          mark: { type: 'area', opacity: bandOpacity(curves.length), ...step },
          encoding: { x, y: y('lower'), y2: { field: 'upper' }, color },
        },
        {
          data: { values: steps },
          mark: { type: 'line', strokeWidth: 1.8, ...step },
          encoding: { x, y: y('survival'), color },
        },
        {
          data: { values: curves.flatMap(censoredMarks) },
          mark: { type: 'tick', orient: 'vertical', thickness: 1.2, height: 8, clip: true },
          encoding: { x, y: y('survival'), color },
        },
      ],
    }, atRisk(curves, ticks, scale, width)],
  };
}

/** A row of numbers per line. */
function atRisk(
  curves: readonly JudgedCurve[], ticks: readonly number[], scale: object, width: number,
): object {
  const rows = curves.flatMap(({ label, of, durations }) => ticks.map((time) => ({
    label, of, time, open: words.count(durations.filter((one) => one.time >= time).length),
  })));
  const labels = curves.map(({ label }) => label);
  return {
    width,
    height: RISK_ROW * curves.length,
    data: { values: rows },
    mark: { type: 'text', fontSize: 11 },
    encoding: {
      x: { field: 'time', type: 'quantitative', scale, axis: null },
      y: {
        field: 'label', type: 'ordinal', sort: null, scale: { domain: labels },
        axis: {
          title: null, domain: false, ticks: false, labelFontSize: 11, labelLimit: EXTENT - 20,
          labelPadding: 20,
        },
      },
      text: { field: 'open' },
    },
  };
}

/** So light that the lines can be told apart where all bands lie on each other. */
function bandOpacity(curves: number): number {
  return Math.min(0.16, 0.4 / curves);
}

/** Up to where the last curve has fallen to 0.5%; logarithmic if recoveries differ that much. */
function extent(curves: readonly JudgedCurve[]): { low: number; high: number; type: string } {
  const last = (curve: JudgedCurve): number =>
    survivalQuantile(curve.steps, 0.995) ?? Math.max(...curve.durations.map(({ time }) => time));
  const first = (curve: JudgedCurve): number => survivalQuantile(curve.steps, 0.05) ?? last(curve);
  const high = Math.max(...curves.map(last)) || 1;
  const low = Math.max(Math.min(...curves.map(first)), 0.001);
  if (high / low < 60) return { low: 0, high: high * 1.04, type: 'linear' };
  return { low: low / 1.5, high: high * 1.2, type: 'log' };
}

function points(curve: JudgedCurve, low: number, high: number): object[] {
  const { label, of: ofLine, steps } = curve;
  const least = 1 / mostSteps;
  const start = { label, ofLine, time: low, survival: 1, lower: 1, upper: 1 };
  const kept = [start];
  for (const [index, { time, survival, lower, upper }] of steps.entries()) {
    const before = kept[kept.length - 1];
    if (before.survival - survival < least && index < steps.length - 1) continue;
    kept.push({ label, ofLine, time: Math.max(time, low), survival, lower, upper });
  }
  const end = kept[kept.length - 1];
  const until = Math.max(...curve.durations.map(({ time }) => time));
  return [...kept, { ...end, time: Math.min(Math.max(until, end.time), high) }];
}

function censoredMarks({ label, of, steps, durations }: JudgedCurve): object[] {
  const times = durations.filter(({ censored }) => censored).map(({ time }) => time);
  const every = Math.ceil(times.length / mostTicks);
  return times
    .sort((a, b) => a - b)
    .filter((_, index) => index % every === 0)
    .map((time) => {
      const before = steps.filter((step) => step.time <= time).at(-1);
      return { label, of, time, survival: before?.survival ?? 1 };
    });
}
