/** Which axes matter at all: elementary effects of a Morris design, as points. */
import { measureWords } from '../../measure-words.js';
import { elementaryEffects, type Effect } from '../../sweep/index.js';
import * as words from '../../words.js';
import { colours, preamble, type ChartTable, type PageChart } from '../theme.js';
import { axisTitle } from './axis.js';
import type { SweepData } from './data.js';
import { drawnMeasures } from './measures-chart.js';
import { panelWidth } from './panels.js';

const ROW = 24;
/** What they take of a panel, most of which are shorter. */
const BESIDE = 130;
/** Of the names of the axes. */
const NAMES = 215;

interface Screened {
  readonly measure: string;
  /** The greatest first. */
  readonly effects: readonly Effect[];
}

/** Null unless the design is Morris's, and something was measured. */
export function effectsChart(data: SweepData): PageChart | null {
  const screened = drawnMeasures(data).map((measure): Screened => ({
    measure, effects: elementaryEffects(data.outline, data.rows, measure),
  })).filter(({ effects }) => effects.length > 0);
  if (screened.length === 0) return null;
  const title = 'How much each axis matters';
  const width = panelWidth(data.page, screened.length) - BESIDE;
  const name = (path: string): string => axisTitle(path, data.outline.report.axes);
  return {
    name: 'effects',
    title,
    panels: screened.map(({ measure }) => measureWords(measure).title),
    findings: screened.map((one) => finding(one, name)),
    table: tableOf(screened, name),
    caption: 'Mean of the sizes of the elementary effects (Morris 1991; Campolongo 2007), over ' +
      'the whole length of an axis, in the unit of the measure; strokes: the deviation of the ' +
      'effects, wide where an effect depends on other axes.',
    spec: {
      ...preamble,
      title: { text: title },
      columns: data.page.columns,
      spacing: { row: 26, column: 24 },
      concat: screened.map((one) => panel(one, name, width)),
    },
  };
}

function finding({ measure, effects }: Screened, name: (path: string) => string): string {
  const { title, full } = measureWords(measure);
  const [first] = effects;
  const last = effects[effects.length - 1];
  const told = (effect: Effect): string =>
    `${name(effect.axis)} (${full(effect.meanAbsolute)} over its length)`;
  const least = first === last ? '' : `, least ${told(last)}`;
  return `For ${title} ${told(first)} matters most${least}.`;
}

function tableOf(screened: readonly Screened[], name: (path: string) => string): ChartTable {
  return {
    note: 'Per whole length of an axis, in the unit of the measure.',
    head: ['measure', 'axis', 'mean size', 'mean', 'deviation', 'effects'],
    rows: screened.flatMap(({ measure, effects }) => effects.map((effect) => [
      measureWords(measure).title, name(effect.axis), words.quantity(effect.meanAbsolute),
      words.quantity(effect.mean),
      effect.deviation === null ? '–' : words.quantity(effect.deviation),
      words.count(effect.count),
    ])),
    textColumns: [0, 1],
    file: 'runs.csv',
  };
}

function panel({ measure, effects }: Screened, name: (path: string) => string, width: number) {
  const { title, unit } = measureWords(measure);
  const values = effects.map(({ axis, meanAbsolute, deviation }) => ({
    axis: name(axis), size: meanAbsolute,
    low: Math.max(0, meanAbsolute - (deviation ?? 0)), high: meanAbsolute + (deviation ?? 0),
  }));
  const y = {
    field: 'axis', type: 'ordinal', sort: null,
    axis: { title: null, labelLimit: NAMES },
  };
  const x = (field: string): object => ({
    field, type: 'quantitative', scale: { zero: true },
    axis: { title: unit === '' ? title : `${title} (${unit})`, tickCount: 5 },
  });
  return {
    width,
    height: ROW * effects.length,
    data: { values },
    view: { stroke: colours.pale },
    layer: [
      {
        mark: { type: 'rule', color: colours.sky, strokeWidth: 2 },
        encoding: { y, x: x('low'), x2: { field: 'high' } },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1, color: colours.blue },
        encoding: { y, x: x('size') },
      },
    ],
  };
}
