/**
 * The mean of values from a skewed law: Hall, "On the removal of skewness by transformation",
 * J. R. Statist. Soc. B 54 (1992). Student's t is its case without skewness.
 */
import type { Interval } from './interval.js';
import type { Moments } from './moments.js';
import { studentQuantile, studentTails } from './student.js';

/** Of at least two values. */
export function skewedMeanInterval(
  { count, mean, deviation, skewness }: Moments, confidence: number,
): Interval {
  const error = deviation / Math.sqrt(count);
  const t = studentQuantile((1 + confidence) / 2, count - 1);
  const slope = skewness / Math.sqrt(count);
  const end = (z: number): number => {
    // The cube root of a number near one loses what is small.
    if (Math.abs(slope) < 1e-6) return mean - error * z;
    return mean - (error * 3 * (Math.cbrt(1 + slope * (z - slope / 6)) - 1)) / slope;
  };
  return { lower: end(t), upper: end(-t) };
}

/** P of a mean as far from `expected`, to both sides: below 5% where the 95% interval lacks it. */
export function skewedMeanTails(
  { count, mean, deviation, skewness }: Moments, expected: number,
): number {
  const t = ((mean - expected) * Math.sqrt(count)) / deviation;
  const slope = skewness / (3 * Math.sqrt(count));
  const straight = t + slope * t * t + (slope * slope * t * t * t) / 3 + slope / 2;
  return studentTails(straight, count - 1);
}
