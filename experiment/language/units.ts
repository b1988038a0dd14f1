/** Durations and shares as people write them, and back: `20ms`, `5y`, `0.5%`. */
import type { Complaint } from './error.js';

/** A value, or why there is none. */
export type Reading<Value> = { readonly value: Value } | Complaint;

/** In microseconds. A year is Julian: 365.25 days. */
const units = {
  y: 31_557_600_000_000,
  d: 86_400_000_000,
  h: 3_600_000_000,
  m: 60_000_000,
  s: 1_000_000,
  ms: 1_000,
  us: 1,
} as const;
type Unit = keyof typeof units;
const unitNames = Object.keys(units) as readonly Unit[];

/** As a JSON Schema can say it. */
export const durationPattern = '^[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]+)?(us|ms|s|m|h|d|y)$';

const numberAndUnit = /^([+-]?)(\d+(?:\.\d+)?(?:e[+-]?\d+)?) ?([a-z]*)$/i;
const howDurations = 'write a number with a unit (us, ms, s, m, h, d, y), for example 30s';

/** Instants, and sums and small multiples of durations, must stay exact integers. */
export const LONGEST_US = 100 * units.y;
const LONGEST_MEAN = (1_000 * units.y) / units.s;

/** Whole microseconds. */
export function readDurationUs(input: unknown): Reading<number> {
  const parts = split(input);
  if ('problem' in parts) return parts;
  const us = Math.round(parts.number * units[parts.unit]);
  if (us > LONGEST_US) return tooLong(input, '100y');
  if (us === 0 && parts.number > 0) {
    return { problem: `${describe(input)} is too short`, remedy: 'the shortest duration is 1us' };
  }
  return { value: us };
}

/** Seconds, not rounded: the nearest double to what is written. */
export function readDurationSeconds(input: unknown): Reading<number> {
  const parts = split(input);
  if ('problem' in parts) return parts;
  const value = toSeconds(parts.number, parts.unit);
  return value > LONGEST_MEAN ? tooLong(input, '1000y') : { value };
}

function tooLong(input: unknown, longest: string): Complaint {
  return { problem: `${describe(input)} is too long`, remedy: `the longest is ${longest}` };
}

function split(input: unknown): { number: number; unit: Unit } | Complaint {
  if (typeof input === 'number') {
    return input < 0 ? negative(input) : { problem: `${input} has no unit`, remedy: howDurations };
  }
  if (typeof input !== 'string') {
    return { problem: `${describe(input)} is not a duration`, remedy: howDurations };
  }
  const [, sign, digits, letters] = numberAndUnit.exec(input.trim()) ?? [];
  if (digits === undefined || letters === undefined) {
    return { problem: `${describe(input)} is not a duration`, remedy: howDurations };
  }
  if (sign === '-') return negative(input);
  if (letters === '') return { problem: `${input} has no unit`, remedy: howDurations };
  const unit = unitNames.find((name) => name === letters);
  if (unit === undefined) {
    const problem = `${letters} is not a unit of time`;
    return { problem, remedy: 'use us, ms, s, m (minutes), h, d or y' };
  }
  return { number: Number(digits), unit };
}

function negative(input: string | number): Complaint {
  return { problem: `${input} is negative`, remedy: 'a duration is at least 0s' };
}

/** Division, where the factor is a negative power of ten, keeps 20ms the double 0.02. */
function toSeconds(number: number, unit: Unit): number {
  if (unit === 'ms') return number / 1_000;
  if (unit === 'us') return number / 1_000_000;
  return number * (units[unit] / 1_000_000);
}

/** A share in [0, 1]: `0.5%` or `0.005`. */
export function readShare(input: unknown): Reading<number> {
  const remedy = 'a share is between 0 and 1 or between 0% and 100%';
  const share = typeof input === 'string' ? percentage(input) : input;
  if (typeof share !== 'number' || Number.isNaN(share)) {
    return { problem: `${describe(input)} is not a share`, remedy };
  }
  if (share < 0) return { problem: `${describe(input)} is negative`, remedy };
  if (share > 1) return { problem: `${describe(input)} is more than the whole`, remedy };
  return { value: share };
}

function percentage(text: string): number {
  const [, digits] = /^([+-]?[0-9.]+) ?%$/.exec(text.trim()) ?? [];
  return Number(digits) / 100;
}

const rateUnits = { Gbit: 1e9, Mbit: 1e6, kbit: 1e3, bit: 1 } as const;

/** As a JSON Schema can say it. */
export const ratePattern = '^[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]+)? ?(G|M|k)?bit/s$';

/** Bits per second, more than none: `64kbit/s`, `1.5Mbit/s`. */
export function readRate(input: unknown): Reading<number> {
  const remedy = 'write a number with bit/s, kbit/s, Mbit/s or Gbit/s, for example 10Mbit/s';
  const pattern = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?) ?([GMk]?bit)\/s$/;
  const parts = typeof input === 'string' ? pattern.exec(input.trim()) : null;
  if (parts === null) return { problem: `${describe(input)} is not a rate`, remedy };
  const value = Number(parts[1]) * rateUnits[parts[2] as keyof typeof rateUnits];
  if (value >= 1 && value <= FASTEST) return { value };
  const problem = `${describe(input)} is too ${value < 1 ? 'slow' : 'fast'}`;
  return { problem, remedy: 'a rate is from 1bit/s to 1000000Gbit/s' };
}

const FASTEST = 1e15;

/** A quantity as people write it, in SI units; undefined: it is none. */
export function quantityOf(
  text: string,
): { readonly value: number; readonly unit: 's' | 'bit/s' | '1' } | undefined {
  const readers = [[readPlain, '1'], [readDurationSeconds, 's'], [readRate, 'bit/s']] as const;
  for (const [read, unit] of readers) {
    const reading = read(text);
    if ('value' in reading) return { value: reading.value, unit };
  }
  return undefined;
}

function readPlain(text: string): Reading<number> {
  const plain = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text.trim());
  const value = plain ? Number(text) : percentage(text);
  return Number.isNaN(value) ? { problem: `${text} is no number`, remedy: 'write one' } : { value };
}

/** Reads back as the same number. */
export function formatRate(bitsPerSecond: number): string {
  for (const [unit, bits] of Object.entries(rateUnits)) {
    if (Number.isInteger(bitsPerSecond / bits)) return `${bitsPerSecond / bits}${unit}/s`;
  }
  return `${bitsPerSecond}bit/s`;
}

/** In the largest unit that needs no fraction. */
export function formatDurationUs(us: number): string {
  const unit = unitNames.find((name) => us % units[name] === 0 && us >= units[name]) ?? 's';
  return `${us / units[unit]}${unit}`;
}

/** In the largest unit that needs no fraction and reads back as the same double, else seconds. */
export function formatDurationSeconds(seconds: number): string {
  for (const unit of unitNames) {
    const number = Math.round((seconds / units[unit]) * 1_000_000);
    const exact = number >= 1 && number < 1e15 && toSeconds(number, unit) === seconds;
    if (exact) return `${number}${unit}`;
  }
  return `${seconds}s`;
}

/** What stands there, short enough for a message. */
export function describe(input: unknown): string {
  if (input === null || input === undefined) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a mapping';
  const text = typeof input === 'string' ? JSON.stringify(input) : `${input as number | boolean}`;
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
