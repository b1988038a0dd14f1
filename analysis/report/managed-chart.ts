/** Share of resources managed and number of coordinators over time, with the faults marked. */
import type { FaultRow, TimeseriesRow } from '../tables/index.js';
import type { Summary } from '../measures/index.js';
import * as words from '../words.js';
import { faultMarks, leansLeft } from './fault-marks.js';
import type { FaultMark } from './fault-marks.js';
import { resample } from './resample.js';
import { colours, inks, plotWidth, preamble } from './theme.js';
import type { ChartTable, PageChart } from './theme.js';
import { timeChannel, timeUnitFor } from './time-axis.js';

const labelHeight = 15;
const panelSpacing = 18;
/** With more marks than this, lines would hide the curve. */
const mostLines = 60;

export function managedChart(
  summary: Summary,
  rows: readonly TimeseriesRow[],
  faults: readonly FaultRow[],
): PageChart {
  const span = summary.simulatedSeconds;
  const unit = timeUnitFor(span);
  const x = (labelled: boolean): object => timeChannel(span, unit, labelled);
  const series = steps(resample(rows), unit.seconds);
  const marks = faultMarks(faults, span, unit.seconds);
  const management = marks.filter(({ scope }) => scope === 'management');
  const resources = thin(marks.filter(({ scope }) => scope === 'resources'), span / unit.seconds);
  const counted = rows.filter(({ time_s: time }) => time > summary.warmUpSeconds);
  const title = titleFor(counted);
  const lowest = Math.min(1, ...counted.map((row) => row.managed_share_min));
  const warmUp = summary.warmUpSeconds / unit.seconds;
  const backdrop = (channel: object): object[] => [
    spanLayer([{ time: 0, until: warmUp }], channel, '#eef0f2'),
    spanLayer(management, channel, '#fbe9dc'),
    ...(management.length > mostLines ? [] : [ruleLayer(management, channel)]),
  ];
  const lowestAxis = x(resources.length === 0);
  const head =
    management.length > mostLines
      ? strip(management, x(false), ['faults of', 'managers, links'], colours.red)
      : labelPanel(management, x(false), span / unit.seconds);
  const panels = [
    head,
    sharePanel(series, x(false), backdrop(x(false)), lowest),
    coordinatorPanel(series, lowestAxis, backdrop(lowestAxis)),
    ...(resources.length > 0
      ? [strip(resources, x(true), ['resource', 'faults'], colours.orange)]
      : []),
  ];
  const caption =
    'Line: mean and current value; band: extremes between two samples. Vertical lines: faults ' +
    'of managers and links; ticks at the foot: faults of resources only. Orange: while links are ' +
    'cut or lossy; grey: the warm-up, which may leave the scale.';
  return {
    name: 'managed',
    title,
    findings: [`${title}.`],
    caption,
    table: tableOf(rows),
    spec: {
      ...preamble,
      title: { text: title },
      spacing: panelSpacing,
      bounds: 'flush',
      vconcat: panels,
    },
  };
}

/** More rows than this nobody reads; timeseries.csv has all. */
const TOLD = 60;

function tableOf(rows: readonly TimeseriesRow[]): ChartTable {
  return {
    note: 'Share of the live resources that are managed, and coordinators, up to that time.',
    head: ['until', 'managed, mean', 'at worst', 'coordinators at least', 'at most'],
    rows: resample(rows, TOLD).map((row) => [
      words.instant(row.time_s), words.share(row.managed_share), words.share(row.managed_share_min),
      words.count(row.coordinators_min), words.count(row.coordinators_max),
    ]),
    textColumns: [0],
    file: 'timeseries.csv',
  };
}

function titleFor(counted: readonly TimeseriesRow[]): string {
  const least = counted.reduce<TimeseriesRow | null>(
    (low, row) => (low === null || row.managed_share_min < low.managed_share_min ? row : low),
    null,
  );
  if (least === null) return 'No sample was taken after the warm-up';
  if (least.managed_share_min === 1) return 'Every live resource was managed all the time';
  const when = words.instant(least.time_s);
  return `The managed share of the live resources fell to ${words.share(
    least.managed_share_min,
  )} at worst, about ${when} into the run`;
}

/** A row holds from its predecessor's time to its own: draw each value at both ends. */
function steps(rows: readonly TimeseriesRow[], unitSeconds: number): object[] {
  return rows.map((row, index) => ({
    time: (rows[index - 1]?.time_s ?? 0) / unitSeconds,
    until: row.time_s / unitSeconds,
    share: row.managed_share,
    least: row.managed_share_min,
    coordinators: row.coordinators,
    fewest: row.coordinators_min,
    most: row.coordinators_max,
  }));
}

function sharePanel(
  series: readonly object[],
  x: object,
  backdrop: readonly object[],
  lowest: number,
): object {
  const floor = Math.max(0, Math.min(0.95, Math.floor((lowest - 0.02) * 20) / 20));
  // A little above 100%, so that the line at the top is not cut in half.
  const scale = { domain: [floor, 1 + (1 - floor) * 0.012], nice: false };
  const axis = { title: 'resources managed', format: '.0%', tickCount: 5, minExtent: 46 };
  const y = { type: 'quantitative', scale, axis };
  return {
    width: plotWidth,
    height: 190,
    data: { values: series },
    layer: [
      ...backdrop,
      {
        mark: { type: 'rect', color: colours.sky, opacity: 0.55, clip: true },
        encoding: {
          x,
          x2: { field: 'until' },
          y: { ...y, field: 'least' },
          y2: { field: 'share' },
        },
      },
      {
        mark: { ...step, color: colours.blue, clip: true },
        encoding: { x, y: { ...y, field: 'share' } },
      },
    ],
  };
}

function coordinatorPanel(
  series: readonly object[],
  x: object,
  backdrop: readonly object[],
): object {
  const most = Math.max(2, ...(series as { most: number }[]).map((row) => row.most));
  const axis = { title: 'coordinators', format: 'd', tickMinStep: 1, tickCount: 3, minExtent: 46 };
  const y = { type: 'quantitative', scale: { domain: [0, most], nice: false }, axis };
  return {
    width: plotWidth,
    height: 84,
    data: { values: series },
    layer: [
      ...backdrop,
      {
        mark: { type: 'rect', color: colours.pale },
        encoding: {
          x,
          x2: { field: 'until' },
          y: { ...y, field: 'fewest' },
          y2: { field: 'most' },
        },
      },
      {
        mark: { ...step, color: colours.black },
        encoding: { x, y: { ...y, field: 'coordinators' } },
      },
    ],
  };
}

const step = { type: 'line', interpolate: 'step-after', strokeWidth: 1.6 } as const;

function spanLayer(
  spans: readonly { readonly time: number; readonly until: number | null }[],
  x: object,
  color: string,
): object {
  return {
    data: { values: spans.filter(({ until }) => until !== null) },
    mark: { type: 'rect', color },
    encoding: { x, x2: { field: 'until' } },
  };
}

function ruleLayer(marks: readonly FaultMark[], x: object): object {
  return {
    data: { values: marks },
    mark: { type: 'rule', color: colours.red, strokeWidth: 1, strokeDash: [3, 3] },
    encoding: { x, description: { field: 'tooltip' } },
  };
}

/** The labels above the plot, each on the lowest line where it fits, with its stem. */
function labelPanel(marks: readonly FaultMark[], x: object, span: number): object {
  const count = 1 + Math.max(0, ...marks.map(({ line }) => line));
  const y = (field: string): object => ({
    field,
    type: 'quantitative',
    scale: { domain: [0, count], nice: false },
    axis: null,
  });
  const placed = marks.map((mark) => ({
    ...mark,
    height: mark.label === '' ? 0 : mark.line + 0.45,
  }));
  const labelled = placed.filter(({ label }) => label !== '');
  const at = ({ time }: FaultMark): number => (time / span) * plotWidth;
  const text = (dx: number, align: string): object => ({
    type: 'text',
    align,
    dx,
    baseline: 'middle',
    color: inks[colours.red],
  });
  const labels = (lean: boolean): object => ({
    data: { values: labelled.filter((mark) => leansLeft(mark.label, at(mark)) === lean) },
    mark: lean ? text(-4, 'right') : text(4, 'left'),
    encoding: { x, y: y('height'), text: { field: 'label' } },
  });
  return {
    width: plotWidth,
    height: count * labelHeight,
    data: { values: placed },
    layer: [
      {
        mark: { type: 'rule', color: colours.red, strokeWidth: 1, strokeDash: [3, 3] },
        encoding: {
          x: { ...x, axis: null },
          y: y('height'),
          // On through the gap to the plot below.
          y2: { value: count * labelHeight + panelSpacing },
          description: { field: 'tooltip' },
        },
      },
      labels(false),
      labels(true),
    ],
  };
}

function strip(
  marks: readonly FaultMark[],
  x: object,
  title: readonly string[],
  color: string,
): object {
  return {
    width: plotWidth,
    height: 14,
    data: { values: marks },
    layer: [
      {
        mark: { type: 'tick', color, opacity: 0.7, thickness: 1.4, height: 12 },
        encoding: { x, description: { field: 'tooltip' } },
      },
      {
        data: { values: [{}] },
        mark: { type: 'text', align: 'right', baseline: 'middle', dx: -8, lineHeight: 12 },
        encoding: { x: { value: 0 }, y: { value: 7 }, text: { value: title } },
      },
    ],
  };
}

/** One mark per pixel is enough. */
function thin(marks: readonly FaultMark[], span: number): FaultMark[] {
  const byPixel = new Map<number, FaultMark>();
  for (const mark of marks) {
    const pixel = Math.round((mark.time / span) * plotWidth);
    if (!byPixel.has(pixel)) byPixel.set(pixel, mark);
  }
  return [...byPixel.values()];
}
