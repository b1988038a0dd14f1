/** The mean of shares: Student's t on the scale of log(p / (1 - p)), so within 0 and 1. */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import type { Interval } from './interval.js';
import type { Moments } from './moments.js';
import { studentQuantile } from './student.js';

/** Of at least two shares whose mean is neither 0 nor 1. */
export function shareMeanInterval(
  { count, mean, deviation }: Moments, confidence: number,
): Interval {
  const scale = deviation / Math.sqrt(count) / (mean * (1 - mean));
  const off = studentQuantile((1 + confidence) / 2, count - 1) * scale;
  const odds = ln(mean) - ln(1 - mean);
  const share = (logit: number): number => 1 / (1 + exp(-logit));
  return { lower: share(odds - off), upper: share(odds + off) };
}
