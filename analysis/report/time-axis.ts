/** A time axis in the unit that people would choose for its span. */
import { plotWidth } from './theme.js';

export interface TimeUnit {
  readonly name: string;
  readonly seconds: number;
}

const second: TimeUnit = { name: 's', seconds: 1 };
const minute: TimeUnit = { name: 'min', seconds: 60 };
const hour: TimeUnit = { name: 'h', seconds: 3600 };
const day: TimeUnit = { name: 'd', seconds: 86_400 };

export function timeUnitFor(spanSeconds: number): TimeUnit {
  if (spanSeconds <= 300) return second;
  if (spanSeconds <= 3 * hour.seconds) return minute;
  if (spanSeconds <= 3 * day.seconds) return hour;
  return day;
}

/** Ticks at round numbers of the unit: hours in sixes, minutes in fives and tens, and so on. */
export function ticks(span: number, unit: TimeUnit): number[] {
  const round =
    unit === hour ? [1, 2, 3, 6, 12, 24] : unit === day ? [1, 2, 5, 7, 10, 14, 30, 60, 180, 365]
    : [1, 2, 5, 10, 15, 20, 30, 60];
  const most = plotWidth / 70;
  const step = round.find((size) => span / size <= most) ?? Math.ceil(span / most);
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step);
}

/** The x channel of a chart over the whole run; the field is in the unit. */
export function timeChannel(spanSeconds: number, unit: TimeUnit, labelled: boolean): object {
  const span = spanSeconds / unit.seconds;
  return {
    field: 'time',
    type: 'quantitative',
    scale: { domain: [0, span], nice: false },
    axis: {
      title: labelled ? `time since the start of the run (${unit.name})` : null,
      values: ticks(span, unit),
      labels: labelled,
      grid: false,
    },
  };
}
