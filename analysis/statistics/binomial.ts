/** Shares of trials: exact intervals (Clopper and Pearson 1934) and the exact test. */
import ln from '@stdlib/math-base-special-ln';
import exp from '@stdlib/math-base-special-exp';
import { lnGamma } from '../../experiment/random/ln-gamma.js';
import { incompleteBeta } from './beta.js';
import type { Interval } from './interval.js';
import { rootOf } from './root.js';

export function binomialInterval(hits: number, trials: number, confidence: number): Interval {
  const tail = (1 - confidence) / 2;
  const misses = trials - hits;
  return {
    lower: hits === 0 ? 0 : rootOf((p) => incompleteBeta(p, hits, misses + 1), tail, 0, 1),
    upper: misses === 0 ? 1 : rootOf((p) => incompleteBeta(p, hits + 1, misses), 1 - tail, 0, 1),
  };
}

/** Ties of probabilities that differ by rounding. */
const TIE = 1 + 1e-7;

/** How probable what is as improbable as `hits`, or more, is where hits have this share. */
export function binomialTest(hits: number, trials: number, share: number): number {
  if (trials === 0) return 1;
  const probability = (k: number): number => exp(
    lnGamma(trials + 1) - lnGamma(k + 1) - lnGamma(trials - k + 1) +
      k * ln(share) + (trials - k) * ln(1 - share));
  const own = probability(hits) * TIE;
  let sum = 0;
  for (let k = 0; k <= trials; k += 1) {
    const one = probability(k);
    if (one <= own) sum += one;
  }
  return Math.min(1, sum);
}
