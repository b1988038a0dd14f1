/** Messages sent per second, by type, over time. */
import { messageTypes, periodicTypes } from '../../core/messages.js';
import type { TimeseriesRow } from '../record.js';
import type { Summary } from '../summary.js';
import * as words from '../words.js';
import { resample } from './resample.js';
import { colours, plotWidth, preamble } from './theme.js';
import type { Chart } from './theme.js';
import { timeChannel, timeUnitFor } from './time-axis.js';
import type { TimeUnit } from './time-axis.js';

const palette = [
  colours.blue,
  colours.orange,
  colours.green,
  colours.purple,
  colours.sky,
  colours.red,
];
const other = 'all others';

export function messagesChart(summary: Summary, rows: readonly TimeseriesRow[]): Chart {
  const span = summary.simulatedSeconds;
  const unit = timeUnitFor(span);
  const series = resample(rows);
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
    'cause, on a scale of their own.';
  const panel = (periodic: boolean): object =>
    stacked(series, unit, periodic, timeChannel(span, unit, !periodic));
  return {
    name: 'messages',
    title,
    caption,
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

function stacked(
  rows: readonly TimeseriesRow[],
  unit: TimeUnit,
  periodic: boolean,
  x: object,
): object {
  const shown = largest(rows, periodic);
  const names = [...shown.map((type) => messageTypes[type]!), other].slice(
    0,
    shown.length < palette.length ? shown.length : undefined,
  );
  return {
    width: plotWidth,
    height: periodic ? 170 : 150,
    data: { values: values(rows, unit, periodic, shown) },
    mark: { type: 'area', interpolate: 'step-after', strokeWidth: 0 },
    encoding: {
      x,
      y: {
        field: 'rate',
        type: 'quantitative',
        stack: 'zero',
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
        scale: { domain: names, range: [...palette, colours.grey] },
        legend: { title: null, orient: 'top', columns: 4, offset: 4 },
      },
      order: { field: 'order' },
    },
  };
}

/** Indices of the types with the most messages, at most as many as there are colours. */
function largest(rows: readonly TimeseriesRow[], periodic: boolean): number[] {
  const sums = messageTypes.map((_, type) =>
    rows.reduce((sum, row) => sum + (row.per_type[type] ?? 0), 0),
  );
  return messageTypes
    .map((_, type) => type)
    .filter((type) => periodicTypes.has(messageTypes[type]!) === periodic && sums[type]! > 0)
    .sort((a, b) => sums[b]! - sums[a]! || a - b)
    .slice(0, palette.length);
}

function values(
  rows: readonly TimeseriesRow[],
  unit: TimeUnit,
  periodic: boolean,
  shown: readonly number[],
): object[] {
  return rows.flatMap((row, index) => {
    const time = (rows[index - 1]?.time_s ?? 0) / unit.seconds;
    const sum = messageTypes.reduce(
      (total, name, type) =>
        periodicTypes.has(name) === periodic ? total + (row.per_type[type] ?? 0) : total,
      0,
    );
    const rates = shown.map((type) => row.per_type[type] ?? 0);
    const rest = Math.max(0, sum - rates.reduce((total, rate) => total + rate, 0));
    const named = rates.map((rate, order) => ({
      time,
      type: messageTypes[shown[order]!],
      order,
      rate: rounded(rate),
    }));
    if (shown.length < palette.length) return named;
    return [...named, { time, type: other, order: shown.length, rate: rounded(rest) }];
  });
}

/** Keeps the files small; a chart cannot show more. */
function rounded(rate: number): number {
  return Number(rate.toPrecision(4));
}
