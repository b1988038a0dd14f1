/** Measures against the axis: means, 95% intervals, a line per variant. */
import { estimateText } from '../../estimate-words.js';
import { measureWords, usualMeasures } from '../../measure-words.js';
import { xChannel } from './axis.js';
import { inCell, type SweepData } from './data.js';
import { axisEffects, effectFindings, effectTable } from './axis-effects.js';
import type { Linked } from '../linked/index.js';
import { colours, preamble, type PageChart } from '../theme.js';
import { panelWidth } from './panels.js';
import * as words from '../../words.js';
import { wrapped } from './wrapped.js';
import { headed, theoryCaption, theoryFindings, theoryOf } from './theory.js';
import { labelsOf, logLabels, logTicks } from './ticks.js';
import { isCrowded, variantChannels } from './variants.js';

const panelHeight = 200;
/** As many stand beside a panel. */
const TITLE_LETTERS = 32;
/** From this ratio of the largest mean to the smallest on. */
const LOG_FROM = 20;

interface Mean extends Linked {
  readonly x: number | string;
  readonly variant: string;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  readonly tooltip: string;
}

/** Measures that have a value in some run. */
export function drawnMeasures(data: SweepData): string[] {
  const wanted = data.outline.report.measures ?? usualMeasures;
  return wanted.filter((name) => data.cells.some((cell) => inCell(cell, name) !== null));
}

/** Null if no run measured anything that is to be drawn. */
export function measuresChart(data: SweepData): PageChart | null {
  const measures = drawnMeasures(data);
  if (measures.length === 0) return null;
  const width = panelWidth(data.page, measures.length);
  const panels = measures.map((name, index) => panel(data, name, index, width));
  const replicated = data.cells.some(({ rows }) => rows.length > 1);
  const titles = measures.map((name) => measureWords(name).title);
  const title = measures.length === 1 ? `${titles[0]}, against ${data.title}` :
    `What is measured, against ${data.title}`;
  const effects = axisEffects(data, measures);
  const named = data.scale.positions === null;
  const crowded = isCrowded(data)
    ? ' Too many combinations of the other axes to tell them apart: the table names them.' : '';
  const bands = crowded !== '' ? crowded : replicated
    ? ` ${named ? 'Strokes' : 'Bands'}: 95% confidence interval of the mean over the replications.`
    : ' One run per point, so no intervals.';
  return {
    name: 'measures',
    title,
    panels: titles,
    findings: [...effectFindings(effects), ...theoryFindings(data, measures)],
    table: effectTable(effects),
    caption:
      `Points: mean of the runs of one cell.${bands} All cells share their random numbers, so ` +
      'that points of one line differ by what was varied. What was not measured, and zero on a ' +
      `logarithmic scale, is left out.${theoryCaption(data, measures)}`,
    spec: {
      ...preamble,
      title: { text: title },
      columns: data.page.columns,
      spacing: { row: 26, column: 24 },
      concat: panels,
    },
  };
}

function panel(data: SweepData, name: string, index: number, width: number): object {
  const { title, unit } = measureWords(name);
  const theory = theoryOf(data, name);
  const all = means(data, name);
  const positive = all.filter(({ mean }) => mean > 0);
  const [low, high] = range(positive.map(({ mean }) => mean));
  const isLog =
    positive.length * 2 > all.length &&
    all.every(({ mean }) => mean >= 0) &&
    high / low >= LOG_FROM;
  const domain = isLog
    ? logDomain(positive, low, theory?.values) : linearDomain(all, unit, theory?.values);
  // What reaches below a logarithmic scale goes down to its foot.
  const cut = positive.map((one) => ({ ...one, lower: Math.max(one.lower, domain[0]) }));
  const shown = isLog ? cut : all;
  const scale = { type: isLog ? 'log' : 'linear', domain, nice: !isLog, zero: false };
  const counted = unit === '%' ? (isLog ? 'share' : '') : unit;
  const ticks = isLog
    ? { values: logTicks(domain), labelExpr: logLabels, labelOverlap: false }
    : { labelExpr: labelsOf(unit), tickCount: 5 };
  const axis = {
    // The unit stays with the word before it.
    title: wrapped(counted === '' ? title : `${title}\u00a0(${counted})`, TITLE_LETTERS),
    minExtent: 44,
    ...ticks,
  };
  const y = (field: string, more: object = {}): object => ({
    field,
    type: 'quantitative',
    scale,
    ...more,
  });
  const x = xChannel(data.scale, data.title, width);
  const channels = variantChannels(data, index === 0);
  const named = data.scale.positions === null;
  const crowded = isCrowded(data);
  // Else those of one name would lie on each other.
  const apart = named && data.variants.length > 1
    ? { xOffset: { field: 'variant', type: 'nominal', scale: { domain: data.variants } } } : {};
  return {
    ...(theory === null ? {} : headed(theory, width)),
    width,
    height: panelHeight * data.page.height,
    data: { values: shown },
    encoding: {
      x, ...(crowded ? {} : apart), color: crowded ? { value: colours.blue } : channels.color,
    },
    layer: [
      ...(theory === null ? [] : [theory.layer({ x, y: y('mean', { axis }) })]),
      ...(crowded ? [] : intervals(named, y('lower', { axis }))),
      ...(crowded || named ? [] : [{
        mark: { type: 'line', strokeWidth: 1.8, clip: true },
        encoding: { y: y('mean'), strokeDash: channels.strokeDash },
      }]),
      {
        mark: { type: 'point', filled: true, size: 42, opacity: 1, stroke: '#ffffff' },
        encoding: {
          y: y('mean', { axis }),
          ...(crowded ? {} : { shape: channels.shape }),
          description: { field: 'tooltip' },
        },
      },
    ],
    view: { stroke: colours.pale },
  };
}

/** Between names there is nothing that a band could lead over. */
function intervals(named: boolean, y: object): object[] {
  const mark = named ? { type: 'rule', strokeWidth: 1.8, opacity: 0.7, clip: true }
    : { type: 'area', opacity: 0.2, clip: true, line: false };
  return [{ mark, encoding: { y, y2: { field: 'upper' } } }];
}

function means(data: SweepData, name: string): Mean[] {
  const { told } = measureWords(name);
  return data.cells.flatMap((cell) => {
    const estimate = inCell(cell, name);
    if (estimate === null) return [];
    const { mean, interval, count } = estimate;
    const { x, variant, of, ofLine } = cell;
    return [
      {
        x, variant, of, ofLine,
        mean,
        lower: interval?.lower ?? mean,
        upper: interval?.upper ?? mean,
        tooltip: [
          `${cell.values.join(', ')}: ${estimateText(estimate, told, cell.rows.length)}`,
          words.some(count, 'run'),
        ].join(', '),
      },
    ];
  });
}

/** Intervals that reach below zero are cut off, a little below the lowest mean. */
function logDomain(
  shown: readonly Mean[], low: number, expected: readonly number[] = [],
): [number, number] {
  const least = Math.min(low, ...shown.map(({ lower }) => lower));
  const bottom = Math.min(Math.max(low / 4, least), ...expected);
  const top = Math.max(...shown.map(({ upper }) => upper), ...expected);
  return [bottom / 1.25, top * 1.25];
}

/** From zero, but for shares that are all near the whole. */
function linearDomain(
  shown: readonly Mean[], unit: string, expected: readonly number[] = [],
): [number, number] {
  const bottom = Math.min(...shown.map(({ lower }) => Math.max(lower, 0)));
  const top = Math.max(...shown.map(({ upper }) => upper), ...expected);
  if (unit === '%' && bottom > top * 0.8) return [bottom - (top - bottom) * 0.05, top];
  return [0, top * 1.05 || 1];
}

function range(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
