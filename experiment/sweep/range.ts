/** An axis written as a range: `{ from: 1, to: 100, steps: 5, scale: log }`. */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import { SettingError, type ScenarioPath } from '../language/error.js';
import { quantityOf } from '../language/units.js';
import type { RangeSettings } from './settings.js';

/** Of values in between; the ends are as they are written. */
const DIGITS = 4;

export interface Range {
  readonly steps: number;
  /** At shares in [0, 1] of the way. */
  at(shares: readonly number[]): (string | number)[];
}

/** @throws SettingError */
export function rangeOf({ from, to, steps, scale }: RangeSettings, path: ScenarioPath): Range {
  const [low, high] = [quantity(from, [...path, 'from']), quantity(to, [...path, 'to'])];
  if (low.unit !== high.unit) {
    throw new SettingError([...path, 'to'], `${from} and ${to} are of two kinds`, 'use one unit');
  }
  if (low.value === high.value) {
    throw new SettingError([...path, 'to'], `it goes from ${from} to ${to}`, 'give two ends');
  }
  if (scale === 'log' && Math.min(low.value, high.value) <= 0) {
    const problem = `there is no logarithm of ${low.value <= 0 ? from : to}`;
    throw new SettingError([...path, 'from'], problem, 'begin above 0, or leave scale out');
  }
  const unit = unitOf(from, to, low.unit);
  const isWhole = low.unit === '1' && [from, to].every((end) => /^-?\d+$/.test(String(end)));
  const between = (share: number): number => scale === 'log'
    ? exp(ln(low.value) + share * (ln(high.value) - ln(low.value)))
    : low.value + share * (high.value - low.value);
  const text = (value: number): string | number =>
    unit === '' ? value : `${Number((value / sizeOf(unit)).toPrecision(DIGITS))}${unit}`;
  return {
    steps,
    at: (shares) => {
      const values = shares.map(between);
      const whole = values.map(Math.round);
      // Whole between whole ends, as counts are, where that leaves the values apart.
      const rounds = isWhole && new Set(whole).size === new Set(shares).size;
      return shares.map((share, index) => {
        if (share === 0 || share === 1) return share === 0 ? from : to;
        if (rounds) return whole[index];
        return text(unit === '' ? Number(values[index].toPrecision(DIGITS)) : values[index]);
      });
    },
  };
}

function quantity(end: string | number, path: ScenarioPath) {
  const found = quantityOf(String(end));
  if (found !== undefined) return found;
  const remedy = 'write a number, share, duration or rate';
  throw new SettingError(path, `${JSON.stringify(end)} is no quantity`, remedy);
}

/** In which values in between are written: that of both ends, else the plainest. */
function unitOf(from: string | number, to: string | number, kind: 's' | 'bit/s' | '1'): string {
  const [mine, other] = [from, to].map((end) => /[^\d.\s]+$/.exec(String(end))?.[0] ?? '');
  if (mine === other) return mine;
  return kind === '1' ? '' : kind;
}

function sizeOf(unit: string): number {
  return quantityOf(`1${unit}`)!.value;
}
