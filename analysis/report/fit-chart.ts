/** Laws beside the durations that they were fitted to: the share that lasts longer, by time. */
import ln from '@stdlib/math-base-special-ln';
import type { Fit } from '../fit/index.js';
import { kaplanMeier, type SurvivalStep } from '../statistics/kaplan-meier.js';
import * as words from '../words.js';
import { colours, plotWidth, preamble, type Chart } from './theme.js';

export interface FitPanel {
  /** `lifetimes`, `repairs`. */
  readonly name: string;
  readonly fit: Fit;
}

/** A finer curve cannot be seen. */
const CURVE_POINTS = 120;
const MOST_STEPS = 400;
const legendWidth = 110;
const gap = 70;
const panelWidth = (plotWidth - gap - legendWidth) / 2;
const data = 'as recorded';

/** Every law has its colour and its dashes, whichever fits best. */
const looks = [
  { name: data, colour: colours.black, dash: [1, 0] },
  { name: 'weibull', colour: colours.blue, dash: [8, 3] },
  { name: 'lognormal', colour: colours.red, dash: [2, 2] },
  { name: 'exponential', colour: colours.green, dash: [5, 2, 1, 2] },
  { name: 'pareto', colour: colours.purple, dash: [12, 4] },
] as const;

/** What people would name on an axis of time, in seconds. */
const landmarks: readonly [seconds: number, label: string][] = [
  [1e-3, '1 ms'], [1, '1 s'], [60, '1 min'], [600, '10 min'], [3600, '1 h'],
  [86_400, '1 d'], [864_000, '10 d'], [31_557_600, '1 y'],
  [315_576_000, '10 y'],
];

/** Null where no law could be fitted at all. @param source - name of the trace */
export function fitChart(source: string, panels: readonly FitPanel[]): Chart | null {
  const drawn = panels.filter(({ fit }) => fit.best !== null);
  if (drawn.length === 0) return null;
  const best = drawn.map(({ name, fit }) => `${fit.best!.law.name} ${name}`);
  const title = `${source}: ${words.list(best)} fit best`;
  const used = looks.filter(
    ({ name }) =>
      name === data || drawn.some(({ fit }) => fit.candidates.some((c) => c.law.name === name)),
  );
  const style = {
    field: 'law',
    type: 'nominal',
    sort: null,
    legend: { title: null, orient: 'right', symbolType: 'stroke', symbolSize: 400 },
  };
  const domain = used.map(({ name }) => name);
  const color = { ...style, scale: { domain, range: used.map(({ colour }) => colour) } };
  const strokeDash = { ...style, scale: { domain, range: used.map(({ dash }) => dash) } };
  return {
    name: 'fit',
    title,
    caption:
      'The share that lasts longer than a time, on logarithmic axes. Black: Kaplan-Meier ' +
      "estimate, with Greenwood's 95% band. A straight line is a power law.",
    spec: {
      ...preamble,
      title: { text: title },
      columns: 2,
      spacing: { row: 24, column: 30 },
      concat: drawn.map((one) => panel(one, color, strokeDash)),
    },
  };
}

function panel({ name, fit }: FitPanel, color: object, strokeDash: object): object {
  const steps = kaplanMeier(fit.durations, 0.95);
  const longest = fit.durations.reduce((most, { time }) => Math.max(most, time), 0);
  const low = steps[0].time / 1.5;
  const high = longest * 1.5;
  const least = Math.max(steps.reduce((s, { survival }) => survival || s, 1) / 3, 1e-5);
  const ticks = landmarks.filter(([seconds]) => seconds >= low && seconds <= high);
  const label = ticks.map(([seconds, text]) => `datum.value === ${seconds} ? '${text}' : `);
  const x = {
    field: 'time',
    type: 'quantitative',
    scale: { type: 'log', domain: [low, high], nice: false },
    axis: {
      title: `${name} (${words.count(fit.total)}, ${words.count(fit.censored)} of them open)`,
      values: ticks.map(([seconds]) => seconds),
      labelExpr: `${label.join('')}''`,
      grid: true,
    },
  };
  const y = (field: string): object => ({
    field,
    type: 'quantitative',
    scale: { type: 'log', domain: [least, 1.05], nice: false },
    axis: {
      title: 'share that lasts longer',
      minExtent: 44,
      values: [1, 0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5].filter((share) => share >= least),
      labelExpr: "format(datum.value * 100, '~r') + '%'",
    },
  });
  const step = { interpolate: 'step-after', clip: true };
  const values = recorded(steps, low, least);
  return {
    title: { text: name, fontSize: 12, fontWeight: 'normal', anchor: 'start', offset: 6 },
    width: panelWidth,
    height: 300,
    view: { stroke: colours.pale },
    layer: [
      {
        data: { values },
        mark: { type: 'area', opacity: 0.22, color: colours.grey, ...step },
        encoding: { x, y: y('lower'), y2: { field: 'upper' } },
      },
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 2.4, ...step },
        encoding: { x, y: y('share'), color, strokeDash },
      },
      {
        data: { values: curves(fit, low, high, least) },
        mark: { type: 'line', strokeWidth: 1.8, clip: true },
        encoding: { x, y: y('share'), color, strokeDash },
      },
    ],
  };
}

/** Thinned evenly in the logarithm of what is left. */
function recorded(steps: readonly SurvivalStep[], low: number, least: number): object[] {
  const kept = [{ law: data, time: low, share: 1, lower: 1, upper: 1 }];
  const ratio = Math.exp(ln(least) / MOST_STEPS);
  for (const [index, { time, survival, lower, upper }] of steps.entries()) {
    const last = kept[kept.length - 1];
    // Nothing is left to be drawn on a logarithmic axis.
    if (survival <= 0) break;
    if (survival > last.share * ratio && index < steps.length - 1) continue;
    kept.push({ law: data, time, share: survival, lower: Math.max(lower, least / 10), upper });
  }
  return kept;
}

function curves(fit: Fit, low: number, high: number, least: number): object[] {
  const ratio = ln(high / low) / (CURVE_POINTS - 1);
  return fit.candidates.flatMap(({ law }) =>
    Array.from({ length: CURVE_POINTS }, (_, index) => {
      const time = low * Math.exp(index * ratio);
      const share = law.survival(time, ln(time));
      return { law: law.name, time, share };
    }).filter(({ share }) => share >= least / 10),
  );
}
