/** The mean of few replications, and how sure it is. */
import { studentQuantile } from './student.js';

export interface MeanInterval {
  readonly count: number;
  readonly mean: number;
  /** Of the confidence interval; null with fewer than two values. */
  readonly halfWidth: number | null;
}

/** By Student's t, which takes the values for independent and about normal. Null: no values. */
export function meanInterval(values: readonly number[], confidence: number): MeanInterval | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { count, mean, halfWidth: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const error = Math.sqrt(squares / (count - 1) / count);
  return { count, mean, halfWidth: studentQuantile((1 + confidence) / 2, count - 1) * error };
}
