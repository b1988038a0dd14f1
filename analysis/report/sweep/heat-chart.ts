/** Measures over two axes, as fields: the lighter, the more. */
import { estimateText } from '../../estimate-words.js';
import { measureWords } from '../../measure-words.js';
import { preamble, type ChartTable, type PageChart } from '../theme.js';
import { axisScale, axisTitle } from './axis.js';
import { inCell, type SweepCell, type SweepData } from './data.js';
import { drawnMeasures } from './measures-chart.js';
import { panelWidth } from './panels.js';
import { textWidth } from '../text-width.js';

/** Of two values a line says as much. */
const FEWEST = 3;
const ROW = 30;
const LETTERS = 11;
/** From this ratio of the largest to the smallest on. */
const LOG_FROM = 20;
/** From dark to light: viridis, as matplotlib has it, at even steps. */
const shades = ['#440154', '#414487', '#2a788e', '#22a884', '#7ad151', '#fde725'];
/** Luminance from which on black letters are read better than white ones. */
const BRIGHT = 0.179;

interface Field {
  readonly across: string;
  readonly up: string;
  readonly shade: string;
  readonly text: string;
  readonly ink: string;
  readonly tooltip: string;
  readonly of: string;
}

interface Plane {
  readonly titles: readonly [across: string, up: string];
  readonly labels: readonly [across: readonly string[], up: readonly string[]];
  /** Of the axes. */
  readonly places: readonly [number, number];
}

/** Null unless two axes have several values each, and no other varies. */
export function heatChart(data: SweepData): PageChart | null {
  const plane = planeOf(data);
  if (plane === null) return null;
  const measures = drawnMeasures(data);
  const { titles: [across, up] } = plane;
  const width = panelWidth(data.page, measures.length);
  const title = `What is measured, by ${across} and ${up}`;
  return {
    name: 'heat',
    title,
    keepsColours: true,
    panels: measures.map((name) => measureWords(name).title),
    findings: measures.map((name) => finding(data, plane, name)),
    table: tableOf(data, plane, measures),
    caption: 'Mean of the runs of each cell; light is more. Where the largest is twenty times ' +
      'the smallest and more, shades go by orders of magnitude. Empty: nothing was measured.',
    spec: {
      ...preamble,
      title: { text: title },
      columns: data.page.columns,
      spacing: { row: 26, column: 30 },
      concat: measures.map((name) => panel(data, plane, name, width)),
    },
  };
}

/** @param share - from 0 to 1 */
function shadeAt(share: number): number[] {
  const place = share * (shades.length - 1);
  const from = Math.min(Math.floor(place), shades.length - 2);
  const [low, high] = [shades[from], shades[from + 1]].map((shade) =>
    [1, 3, 5].map((at) => Number.parseInt(shade.slice(at, at + 2), 16)));
  return low.map((one, index) => Math.round(one + (high[index] - one) * (place - from)));
}

/** As WCAG 2.1 defines it. */
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((one) => one / 255).map((one) =>
    (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function planeOf({ outline, axis }: SweepData): Plane | null {
  const { axes, report } = outline;
  const varied = axes.filter(({ values }) => values.length > 1);
  const isPlane = varied.length === 2 && varied.every(({ values }) => values.length >= FEWEST);
  if (!isPlane || axis === undefined) return null;
  const other = varied.find((one) => one !== axis)!;
  const both = [axis, other] as const;
  return {
    titles: [axisTitle(axis.path, report.axes), axisTitle(other.path, report.axes)],
    labels: [axisScale(axis.values).labels, axisScale(other.values).labels],
    places: [axes.indexOf(both[0]), axes.indexOf(both[1])],
  };
}

function labelsOf(
  { outline }: SweepData, { places, labels }: Plane, cell: SweepCell,
): [across: string, up: string] {
  const [across, up] = places.map((place, side) =>
    labels[side][outline.axes[place].values.indexOf(cell.values[place])]);
  return [across, up];
}

/** `time to notice a crash, mean: least 2.5 s at heartbeat period 1s and loss 0%, most ...`. */
function finding(data: SweepData, plane: Plane, name: string): string {
  const { title, full } = measureWords(name);
  const { titles } = plane;
  const measured = data.cells.flatMap((cell) => {
    const estimate = inCell(cell, name);
    return estimate === null ? [] : [{ cell, mean: estimate.mean }];
  });
  const least = measured.reduce((a, b) => (b.mean < a.mean ? b : a));
  const most = measured.reduce((a, b) => (b.mean > a.mean ? b : a));
  const subject = `${title[0].toUpperCase()}${title.slice(1)}`;
  if (least.mean === most.mean) return `${subject}: ${full(least.mean)} in every cell.`;
  const at = ({ cell }: { cell: SweepCell }): string => {
    const [across, up] = labelsOf(data, plane, cell);
    return `${titles[0]} ${across} and ${titles[1]} ${up}`;
  };
  return `${subject}: the least mean is ${full(least.mean)}, at ${at(least)}, the most ` +
    `${full(most.mean)}, at ${at(most)}.`;
}

function tableOf(data: SweepData, plane: Plane, measures: readonly string[]): ChartTable {
  return {
    note: 'Mean over the runs of a cell, and its 95% confidence interval.',
    head: [...plane.titles, ...measures.map((name) => measureWords(name).title)],
    rows: data.cells.map((cell) => [
      ...labelsOf(data, plane, cell),
      ...measures.map((name) => {
        const estimate = inCell(cell, name);
        return estimate === null ? '–'
          : estimateText(estimate, measureWords(name).told, cell.rows.length);
      }),
    ]),
    textColumns: [0, 1],
    file: 'runs.csv',
    keys: data.cells.map(({ of }) => of),
  };
}

function panel(data: SweepData, plane: Plane, name: string, width: number): object {
  const { title, told, full, unit } = measureWords(name);
  const means = data.cells.flatMap((cell) => inCell(cell, name)?.mean ?? []);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const isLog = low > 0 && high / low >= LOG_FROM;
  const share = (mean: number): number =>
    high === low ? 0.5
    : isLog ? Math.log(mean / low) / Math.log(high / low) : (mean - low) / (high - low);
  const room = width / plane.labels[0].length;
  const fields = data.cells.flatMap((cell): Field[] => {
    const mean = inCell(cell, name)?.mean;
    if (mean === undefined) return [];
    const [across, up] = labelsOf(data, plane, cell);
    // What has no room in its field stands in the table.
    const text = textWidth(told(mean), LETTERS) < room - 4 ? told(mean) : '';
    const rgb = shadeAt(share(mean));
    const ink = luminance(rgb) > BRIGHT ? '#000000' : '#ffffff';
    const tooltip = `${across}, ${up}: ${full(mean)}`;
    return [{ across, up, shade: `rgb(${rgb.join(', ')})`, text, ink, tooltip, of: cell.of }];
  });
  const [across, up] = plane.labels;
  const x = {
    field: 'across', type: 'ordinal', sort: null, scale: { domain: across },
    axis: { title: plane.titles[0], labelAngle: 0, labelOverlap: true },
  };
  const y = {
    field: 'up', type: 'ordinal', sort: null, scale: { domain: [...up].reverse() },
    axis: { title: plane.titles[1], minExtent: 44 },
  };
  const heading = unit === '' || unit === '%' ? title : `${title} (${unit})`;
  return {
    title: { text: heading, fontSize: 12, fontWeight: 'normal', anchor: 'start', offset: 6 },
    width,
    height: ROW * up.length,
    data: { values: fields },
    encoding: { x, y },
    layer: [
      {
        mark: { type: 'rect', stroke: '#ffffff', strokeWidth: 1 },
        encoding: {
          color: { field: 'shade', type: 'nominal', scale: null, legend: null },
          description: { field: 'tooltip' },
        },
      },
      {
        mark: { type: 'text', fontSize: LETTERS },
        encoding: {
          text: { field: 'text' },
          color: { field: 'ink', type: 'nominal', scale: null, legend: null },
        },
      },
    ],
  };
}
