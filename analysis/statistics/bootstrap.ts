/** Intervals of any statistic, by samples drawn from the sample. */
import { draw, streamKey } from '../../experiment/random/streams.js';
import type { Interval } from './interval.js';
import { normalCdf, normalQuantile } from './normal.js';
import { studentQuantile } from './student.js';

/** Values of the statistic in samples of as many, drawn with replacement; the same every time. */
export function resampled<Value>(
  values: readonly Value[], statistic: (sample: readonly Value[]) => number, rounds: number,
): number[] {
  const key = streamKey(0, 'bootstrap');
  const { length } = values;
  return Array.from({ length: rounds }, (_, round) =>
    statistic(values.map((__, place) => values[Math.floor(draw(key, round, place) * length)])));
}

/** What each value does to the statistic: as it is, less as it is without that value. */
export function jackknife<Value>(
  values: readonly Value[], statistic: (sample: readonly Value[]) => number,
): number[] {
  const whole = statistic(values);
  return values.map((_, left) => whole - statistic(values.filter((__, place) => place !== left)));
}

/**
 * Bias-corrected and accelerated: Efron, "Better bootstrap confidence intervals", JASA 82 (1987).
 * Quantiles are interpolated on the normal scale, as R's `boot.ci` does.
 *
 * @param replicates - of {@link resampled}
 * @param influence - of {@link jackknife}, up to a factor
 */
export function bcaInterval(
  estimate: number, replicates: readonly number[], influence: readonly number[],
  confidence: number,
): Interval {
  const sorted = [...replicates].sort((a, b) => a - b);
  const below = sorted.filter((value) => value < estimate).length;
  // A whole side without replicates: as if half of one were there.
  const share = Math.min(Math.max(below, 0.5), sorted.length - 0.5) / sorted.length;
  const bias = normalQuantile(share);
  const squares = influence.reduce((sum, value) => sum + value * value, 0);
  const cubes = influence.reduce((sum, value) => sum + value * value * value, 0);
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
  const end = (p: number): number => {
    const z = bias + normalQuantile(p);
    return quantile(sorted, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return { lower: end((1 - confidence) / 2), upper: end((1 + confidence) / 2) };
}

/**
 * The confidence to ask of a bootstrap of so few values, whose samples scatter too little:
 * Hesterberg, "What teachers should know about the bootstrap", Am. Stat. 69 (2015), 4.1.
 */
export function expanded(confidence: number, count: number): number {
  const t = studentQuantile((1 + confidence) / 2, count - 1);
  return 2 * normalCdf(t * Math.sqrt(count / (count - 1))) - 1;
}

function quantile(sorted: readonly number[], p: number): number {
  const { length } = sorted;
  const rank = (length + 1) * p;
  const below = Math.floor(rank);
  if (below < 1) return sorted[0];
  if (below >= length) return sorted[length - 1];
  const [low, high] = [sorted[below - 1], sorted[below]];
  if (rank === below) return low;
  const [from, at, to] = [below / (length + 1), p, (below + 1) / (length + 1)].map(normalQuantile);
  return low + ((at - from) / (to - from)) * (high - low);
}
