/** Messages sent per second, by type, over time. */
import { messageTypes, periodicTypes } from '../../core/messages.js';
import type { TimeseriesRow } from '../tables/index.js';
import type { Summary } from '../measures/index.js';
import * as words from '../words.js';
import { mser5 } from '../statistics/mser.js';
import { resample } from './resample.js';
import { colours, plotWidth, preamble } from './theme.js';
import type { ChartTable, PageChart } from './theme.js';
import { timeChannel, timeUnitFor } from './time-axis.js';
import type { TimeUnit } from './time-axis.js';

/** A message and its answer share a hue. */
const periodicColours: Readonly<Record<string, string>> = {
  'resource-heartbeat': colours.blue,
  'resource-heartbeat-answer': '#8cc0de',
  'manager-heartbeat': colours.orange,
  'manager-heartbeat-answer': '#f5d48e',
  'overlay-probe': colours.green,
  'overlay-probe-answer': '#8fd3bd',
};
const palette = [
  colours.red,
  colours.purple,
  colours.blue,
  colours.orange,
  colours.green,
  colours.sky,
  colours.black,
];
const other = 'all others';
const legendWidth = 190;

export function messagesChart(summary: Summary, rows: readonly TimeseriesRow[]): PageChart {
  const span = summary.simulatedSeconds;
  const unit = timeUnitFor(span);
  const { sent } = summary.messages;
  const byClock = messageTypes
    .filter((type) => periodicTypes.has(type))
    .reduce((sum, type) => sum + (summary.messages.byType[type]?.sent ?? 0), 0);
  const title =
    sent === 0
      ? 'No message was sent'
      : `${words.share(byClock / sent)} of the messages were sent by the clock, ` +
        `${words.share(1 - byClock / sent)} because something changed`;
  const caption =
    'Stacked. Above: what a healthy system sends by the clock; below: the messages that changes ' +
    'cause, on a scale of their own. The warm-up may leave the scale.';
  const panel = (periodic: boolean): object =>
    stacked(
      // Heartbeats come in their own rhythm: too fine a look would show only that.
      resample(rows, periodic ? 200 : 600),
      unit,
      periodic,
      timeChannel(span, unit, !periodic),
      summary.warmUpSeconds,
    );
  return {
    name: 'messages',
    title,
    findings: [`${title}.`, ...warmUpText(summary, rows)],
    caption,
    table: tableOf(rows),
    spec: {
      ...preamble,
      title: { text: title },
      spacing: 14,
      bounds: 'flush',
      vconcat: [panel(true), panel(false)],
      resolve: { scale: { color: 'independent' } },
    },
  };
}

/** What MSER-5 says of the warm-up, where there are rows enough. */
function warmUpText(
  { warmUpSeconds }: Summary, rows: readonly TimeseriesRow[],
): readonly string[] {
  const found = mser5(rows.map((row) => row.messages_per_s));
  if (found === null) return [];
  const { leftOut, atEnd } = found;
  const left = `${words.instant(warmUpSeconds)} were left out as warm-up`;
  if (atEnd) return [`By MSER-5 the rate of messages does not settle in this run; ${left}.`];
  const until = leftOut === 0 ? 0 : rows[leftOut - 1].time_s;
  return [`By MSER-5 the rate of messages is steady from ${words.instant(until)} on; ${left}.`];
}

/** More rows than this nobody reads; timeseries.csv has all. */
const TOLD = 60;

function tableOf(rows: readonly TimeseriesRow[]): ChartTable {
  const few = resample(rows, TOLD);
  const types = messageTypes.map((_, type) => type).filter((type) =>
    few.some((row) => (row.per_type[type] ?? 0) > 0));
  return {
    note: 'Messages per second, means up to that time.',
    head: ['until', ...types.map((type) => messageTypes[type])],
    rows: few.map((row) => [
      words.instant(row.time_s), ...types.map((type) => words.quantity(row.per_type[type] ?? 0)),
    ]),
    textColumns: [0],
    file: 'timeseries.csv',
  };
}

function stacked(
  rows: readonly TimeseriesRow[],
  unit: TimeUnit,
  periodic: boolean,
  x: object,
  warmUpSeconds: number,
): object {
  const shown = largest(rows, periodic);
  const named = shown.types.map((type) => messageTypes[type]);
  const names = shown.all ? named : [...named, other];
  const range = names.map((name, index) =>
    name === other ? colours.grey : (periodicColours[name] ?? palette[index]),
  );
  return {
    width: plotWidth - legendWidth,
    height: periodic ? 170 : 150,
    data: { values: values(rows, unit, periodic, shown) },
    mark: { type: 'area', interpolate: 'step-after', strokeWidth: 0, clip: true },
    encoding: {
      x,
      y: {
        field: 'rate',
        type: 'quantitative',
        stack: 'zero',
        scale: { domain: [0, highest(rows, periodic, warmUpSeconds)], nice: true },
        axis: {
          title: ['messages per second,', periodic ? 'sent by the clock' : 'caused by change'],
          tickCount: 5,
          minExtent: 46,
        },
      },
      color: {
        field: 'type',
        type: 'nominal',
        sort: names,
        scale: { domain: names, range },
        legend: { title: null, orient: 'right', offset: 14 },
      },
      order: { field: 'order' },
    },
  };
}

/** The warm-up may leave the scale: else the start of the run would flatten all the rest. */
function highest(
  rows: readonly TimeseriesRow[],
  periodic: boolean,
  warmUpSeconds: number,
): number {
  const sums = rows
    .filter(({ time_s: time }) => time > warmUpSeconds)
    .map((row) => sumOf(row, (type) => periodicTypes.has(messageTypes[type]) === periodic));
  return sums.reduce((most, sum) => Math.max(most, sum), 0) || 1;
}

function sumOf(row: TimeseriesRow, counts: (type: number) => boolean): number {
  return row.per_type.reduce((sum, rate, type) => (counts(type) ? sum + rate : sum), 0);
}

interface Shown {
  /** Indices into messageTypes, the first at the bottom of the stack. */
  readonly types: readonly number[];
  /** Whether these are all that were sent. */
  readonly all: boolean;
}

/** Periodic types pair by pair; of the others those with the most messages. */
function largest(rows: readonly TimeseriesRow[], periodic: boolean): Shown {
  const sums = messageTypes.map((_, type) =>
    rows.reduce((sum, row) => sum + (row.per_type[type] ?? 0), 0),
  );
  const sent = messageTypes
    .map((_, type) => type)
    .filter((type) => periodicTypes.has(messageTypes[type]) === periodic && sums[type] > 0);
  if (periodic) return { types: sent, all: true };
  const most = sent.sort((a, b) => sums[b] - sums[a] || a - b).slice(0, palette.length);
  return { types: most, all: most.length === sent.length };
}

function values(
  rows: readonly TimeseriesRow[],
  unit: TimeUnit,
  periodic: boolean,
  { types, all }: Shown,
): object[] {
  return rows.flatMap((row, index) => {
    const time = (rows[index - 1]?.time_s ?? 0) / unit.seconds;
    const rate = (type: number): number => row.per_type[type] ?? 0;
    const named = types.map((type, order) => ({
      time,
      type: messageTypes[type],
      order,
      rate: rounded(rate(type)),
    }));
    if (all) return named;
    const isOther = (type: number): boolean =>
      periodicTypes.has(messageTypes[type]) === periodic && !types.includes(type);
    const rest = sumOf(row, isOther);
    return [...named, { time, type: other, order: types.length, rate: rounded(rest) }];
  });
}

/** Keeps the files small; a chart cannot show more. */
function rounded(rate: number): number {
  return Number(rate.toPrecision(4));
}
