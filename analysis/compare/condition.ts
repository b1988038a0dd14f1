/** `settle.p95 > 5%`: what a comparison must not find. */
import { quantityOf } from '../../experiment/language/units.js';
import { measureCalled } from '../sweep/index.js';
import type { Compared } from './compare.js';

export interface Condition {
  readonly text: string;
  readonly measure: string;
  readonly over: boolean;
  /** Of the change: a share of the first side's mean, or in the measure's own unit. */
  readonly threshold: number;
  readonly relative: boolean;
}

export interface Judged {
  readonly condition: string;
  readonly cell: string;
  /** The change, as the condition takes it. */
  readonly change: number;
  /** The end of its interval that is nearer to the threshold; the change where there is none. */
  readonly surely: number;
  readonly held: boolean;
}

/** Undefined: it is none. @throws SettingError where there is no such measure */
export function conditionOf(text: string): Condition | undefined {
  const [, name, side, given] = /^\s*([\w.-]+)\s*([<>])\s*(\S+)\s*$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  const [, sign, size] = /^([+-]?)(.*)$/.exec(given) ?? [];
  const quantity = quantityOf(size);
  if (quantity === undefined || quantity.unit === 'bit/s') return undefined;
  const threshold = sign === '-' ? -quantity.value : quantity.value;
  const relative = size.endsWith('%');
  return { text, measure: measureCalled(name), over: side === '>', threshold, relative };
}

/**
 * Whether the change goes beyond the threshold for sure: with its whole interval, where runs are
 * enough for one.
 */
export function judge(condition: Condition, compared: readonly Compared[]): Judged[] {
  const { text, measure, over, threshold, relative } = condition;
  return compared.filter((one) => one.measure === measure).map((one): Judged => {
    const { first, second, difference, interval, ratio, ratioInterval, p } = one;
    const change = !relative ? difference
      : ratio !== null ? ratio - 1
        : difference === 0 ? 0 : difference > 0 ? Infinity : -Infinity;
    const ends = relative
      ? ratioInterval && { lower: ratioInterval.lower - 1, upper: ratioInterval.upper - 1 }
      : interval;
    const surely = ends === null ? change : over ? ends.lower : ends.upper;
    // Without an interval a test may still say that chance alone would do.
    const byChance = ends === null && p !== null && p >= 0.05 && second.mean !== first.mean;
    const held = !byChance && (over ? surely > threshold : surely < threshold);
    return { condition: text, cell: one.cell, change, surely, held };
  });
}
