/** The mean of a measure over replications, by the method that its values allow. */
import ln from '@stdlib/math-base-special-ln';
import { binomialInterval } from './binomial.js';
import type { Interval } from './interval.js';
import { momentsOf, type Moments } from './moments.js';
import { isOverdispersed, poissonInterval } from './poisson.js';
import { shareMeanInterval } from './share-mean.js';
import { skewedMeanInterval } from './skewed-mean.js';

/**
 * What a measure's values are: numbers of either sign, sizes that are never negative, counts of
 * events, shares of a whole, or whether something is so.
 */
export type ValueKind = 'number' | 'size' | 'count' | 'share' | 'flag';

export type Method =
  /** Student's t, with Hall's correction for skewness. */
  | 'student'
  /** Student's t on the scale of log(p / (1 - p)). */
  | 'logit'
  | 'poisson'
  | 'binomial'
  /** Every run had the same value. */
  | 'constant'
  /** Of one value. */
  | 'none';

export interface Estimate {
  readonly count: number;
  readonly mean: number;
  /** Null: nothing can be told, or nothing varies. */
  readonly interval: Interval | null;
  readonly method: Method;
  readonly warning: Warning | null;
}

/** What an interval is not to be relied upon for. */
export type Warning = 'few' | 'spread';

/** Fewer replications show too little of the law that they come from. */
export const FEWEST = 10;
/** Values that differ by more than twofold either way need as many. */
export const FEWEST_SPREAD = 50;
/** Standard deviation of the logarithms: a factor of two. */
const WIDE = ln(2);
/** Above it a count is as good as any number. */
const LARGE_COUNT = 10;

/** Of what is the same but for the last digits. */
const ROUNDING = 1e-12;

/** Null: no values. */
export function estimateOf(
  values: readonly number[], kind: ValueKind, confidence: number,
): Estimate | null {
  if (values.length === 0) return null;
  const moments = momentsOf(values);
  const { count, mean } = moments;
  const isShare = kind === 'share' && values.every((value) => value >= 0 && value <= 1);
  const few = count < FEWEST ? 'few' as const : null;
  if (count === 1) return { count, mean, interval: null, method: 'none', warning: null };
  if (kind === 'flag') {
    const hits = values.filter((value) => value !== 0).length;
    const interval = binomialInterval(hits, count, confidence);
    return { count, mean, interval, method: 'binomial', warning: few };
  }
  if (kind === 'count' && isRare(values, mean)) {
    const events = values.reduce((sum, value) => sum + value, 0);
    const interval = poissonInterval(events, count, confidence);
    return { count, mean, interval, method: 'poisson', warning: few };
  }
  if (isShare && (mean === 0 || mean === 1)) {
    return { count, mean, interval: edge(mean, count, confidence), method: 'logit', warning: few };
  }
  if (moments.deviation <= ROUNDING * Math.abs(mean)) {
    return { count, mean, interval: null, method: 'constant', warning: few };
  }
  const interval = isShare
    ? shareMeanInterval(moments, confidence)
    : within(kind, skewedMeanInterval(moments, confidence));
  const warning = few ?? (isWide(values, kind, moments) ? 'spread' : null);
  return { count, mean, interval, method: isShare ? 'logit' : 'student', warning };
}

/** Events few enough, and as independent as they look, for their number to tell its own spread. */
function isRare(values: readonly number[], mean: number): boolean {
  if (mean > LARGE_COUNT || isOverdispersed(values)) return false;
  return mean === 0 || values.some((value) => value !== values[0]);
}

/** All runs at one end: a run elsewhere is no likelier than 3 in their number. */
function edge(mean: number, count: number, confidence: number): Interval {
  const { upper } = poissonInterval(0, count, confidence);
  const most = Math.min(1, upper);
  return mean === 0 ? { lower: 0, upper: most } : { lower: 1 - most, upper: 1 };
}

function within(kind: ValueKind, { lower, upper }: Interval): Interval {
  return kind === 'number' ? { lower, upper } : { lower: Math.max(0, lower), upper };
}

/** Of laws with long tails a small sample shows too little, whatever the method. */
function isWide(values: readonly number[], kind: ValueKind, { count, mean }: Moments): boolean {
  if (kind === 'number' || count >= FEWEST_SPREAD) return false;
  // Shares near the whole are told by what lacks.
  const sizes = kind === 'share' && mean > 0.5 ? values.map((value) => 1 - value) : values;
  if (sizes.some((value) => value <= 0)) return true;
  return momentsOf(sizes.map((value) => ln(value))).deviation > WIDE;
}
