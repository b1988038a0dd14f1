/** Differences of two means. */
import type { Interval } from './interval.js';
import { momentsOf } from './moments.js';
import { skewedMeanInterval, skewedMeanTails } from './skewed-mean.js';
import { studentQuantile, studentTails } from './student.js';

export interface Difference {
  /** Pairs, or values of the smaller sample. */
  readonly count: number;
  /** Second less first. */
  readonly difference: number;
  /** Null with fewer than two pairs, or where all differ by the same. */
  readonly interval: Interval | null;
  /** Of no difference, to both sides; null where there is no interval. */
  readonly p: number | null;
}

/** Of values in pairs, as by common random numbers: what both have in common falls out. */
export function pairedDifference(
  pairs: readonly (readonly [first: number, second: number])[], confidence: number,
): Difference {
  const moments = momentsOf(pairs.map(([first, second]) => second - first));
  const { count, mean: difference, deviation } = moments;
  if (count < 2 || deviation <= ROUNDING * Math.abs(difference)) {
    return { count, difference, interval: null, p: null };
  }
  const interval = skewedMeanInterval(moments, confidence);
  return { count, difference, interval, p: skewedMeanTails(moments, 0) };
}

/** What sums of the same numbers in another order may differ by. */
const ROUNDING = 1e-12;

/** Of independent samples: Welch, "The generalization of Student's problem", Biometrika (1947). */
export function unpairedDifference(
  first: readonly number[], second: readonly number[], confidence: number,
): Difference {
  const [a, b] = [momentsOf(first), momentsOf(second)];
  const count = Math.min(a.count, b.count);
  const difference = b.mean - a.mean;
  const [own, other] = [a, b].map(({ deviation, count: n }) => (deviation * deviation) / n);
  if (count < 2 || own + other === 0) return { count, difference, interval: null, p: null };
  const error = Math.sqrt(own + other);
  const degrees = ((own + other) * (own + other)) /
    ((own * own) / (a.count - 1) + (other * other) / (b.count - 1));
  const half = studentQuantile((1 + confidence) / 2, degrees) * error;
  return {
    count, difference,
    interval: { lower: difference - half, upper: difference + half },
    p: studentTails(difference / error, degrees),
  };
}
