/** The values of an axis as positions along it. */
import { readDurationSeconds, readShare } from '../../../experiment/language/units.js';

export interface AxisScale {
  /** Null: names without an order of magnitude, one place each. */
  readonly positions: readonly number[] | null;
  readonly type: 'linear' | 'log' | 'ordinal';
  /** Durations and shares bear their units in their labels. */
  readonly labels: readonly string[];
  /** Of the positions; empty: plain numbers, shares, or names. */
  readonly unit: 's' | '';
}

/** From this ratio of the largest to the smallest on, a linear axis would crowd the small ones. */
const LOG_FROM = 15;

export function axisScale(values: readonly string[]): AxisScale {
  const plain = all(values, (text) => (text.trim() === '' ? NaN : Number(text)));
  const seconds = plain === null ? all(values, (text) => valueOf(readDurationSeconds(text))) : null;
  const unit = seconds === null ? '' : 's';
  const positions = plain ?? seconds ?? all(values, (text) => valueOf(readShare(text)));
  if (positions === null) return { positions, type: 'ordinal', labels: values, unit };
  const least = Math.min(...positions);
  const type = least > 0 && Math.max(...positions) / least >= LOG_FROM ? 'log' : 'linear';
  return { positions, type, labels: values.map(grouped), unit };
}

function all(
  values: readonly string[],
  read: (text: string) => number | undefined,
): number[] | null {
  const numbers = values.map(read);
  return numbers.every((number) => number !== undefined && Number.isFinite(number))
    ? (numbers as number[])
    : null;
}

function valueOf(reading: object): number | undefined {
  return 'value' in reading ? (reading.value as number) : undefined;
}

/** `100000` as `100,000`; what is no plain number as it is. */
function grouped(text: string): string {
  return /^\d{4,}$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ',') : text;
}

const known: readonly [RegExp, string][] = [
  [/^system\.managers$/, 'managers'],
  [/^system\.resources\[?\.?\d+\]?\.count$/, 'resources'],
  [/^coordination\.resources\.heartbeatPeriod$/, 'heartbeat period of resources'],
  [/^coordination\.managers\.heartbeatPeriod$/, 'heartbeat period of managers'],
  [/^coordination\.detection(\.name)?$/, 'failure detector'],
  [/^coordination\.assignment(\.name)?$/, 'who assigns'],
  [/^coordination\.overlay(\.name)?$/, 'overlay'],
  [/^variant$/, 'variant'],
  [/^network\.loss$/, 'share of messages lost'],
];

/** The names of these say nothing that what is in them does not. */
const sections = new Set(['system', 'coordination', 'network', 'measure']);

/** What people call a scenario path. */
export function axisTitle(path: string, titles: Readonly<Record<string, string>>): string {
  if (Object.hasOwn(titles, path)) return titles[path];
  return known.find(([pattern]) => pattern.test(path))?.[1] ?? inWords(path);
}

/** `network.latency.lognormal.sigma` as `latency lognormal sigma`, `faults[0]` as `fault 1`. */
function inWords(path: string): string {
  const [section, ...rest] = path.split('.');
  const whole = sections.has(section) && rest.length > 0 ? rest : [section, ...rest];
  return whole.map((part) => part
    .replace(/s?\[(\d+)\]/g, (_, index) => ` ${Number(index) + 1}`)
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)).join(' ').trim();
}

/**
 * The x channel over the field `x`: ticks at the values of the design, by their own names, but no
 * more of them than there is room for.
 */
export function xChannel(scale: AxisScale, title: string, width: number): object {
  const { positions, type, labels } = scale;
  if (positions === null) {
    return { field: 'x', type: 'ordinal', sort: null, axis: { title, labelAngle: 0 } };
  }
  const [low, high] = [Math.min(...positions), Math.max(...positions)];
  const at = (position: number): number =>
    high === low ? 0
    : type === 'log' ? Math.log(position / low) / Math.log(high / low)
    : (position - low) / (high - low);
  const longest = Math.max(...labels.map(({ length }) => length));
  const room = longest * 7.5 + 10;
  const shown = positions
    .map((position, index) => ({ position, label: labels[index], pixel: at(position) * width }))
    .sort((a, b) => a.position - b.position)
    .reduce<{ position: number; label: string; pixel: number }[]>((kept, one) => {
      const before = kept.at(-1);
      return before && one.pixel - before.pixel < room ? kept : [...kept, one];
    }, []);
  const names = Object.fromEntries(shown.map(({ position, label }) => [position, label]));
  return {
    field: 'x',
    type: 'quantitative',
    scale: { type, domain: margin(low, high, type), nice: false, zero: false },
    axis: {
      title,
      grid: false,
      values: shown.map(({ position }) => position),
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
      labelOverlap: false,
    },
  };
}

/** A little room at both ends, so that no point lies on the frame. */
function margin(low: number, high: number, type: AxisScale['type']): [number, number] {
  if (type === 'log') {
    const factor = Math.max(1.05, Math.pow(high / low, 0.03));
    return [low / factor, high * factor];
  }
  const room = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
  return [low - room, high + room];
}
