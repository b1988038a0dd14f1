/** Counts of events that come independently of each other: exact intervals (Garwood 1936). */
import { binomialInterval, binomialTest } from './binomial.js';
import { incompleteGamma } from './incomplete-gamma.js';
import type { Interval } from './interval.js';
import { rootOf } from './root.js';

/**
 * Events per unit of exposure. Where there was none, the upper end is 3 over the exposure, the
 * "rule of three": a statement to one side (Hanley and Lippman-Hand, JAMA 249, 1983).
 *
 * @param exposure - what was watched for them: runs, hours, node-hours
 */
export function poissonInterval(events: number, exposure: number, confidence: number): Interval {
  if (events === 0) return { lower: 0, upper: -Math.log(1 - confidence) / exposure };
  const tail = (1 - confidence) / 2;
  const most = 10 + 2 * events + 20 * Math.sqrt(events);
  const lower = rootOf((x) => incompleteGamma(events, x), tail, 0, most);
  const upper = rootOf((x) => incompleteGamma(events + 1, x), 1 - tail, 0, most);
  return { lower: lower / exposure, upper: upper / exposure };
}

/** Whether counts scatter more than independent events would (index of dispersion). */
export function isOverdispersed(counts: readonly number[]): boolean {
  const mean = counts.reduce((sum, value) => sum + value, 0) / counts.length;
  if (mean === 0) return false;
  const squares = counts.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const share = incompleteGamma((counts.length - 1) / 2, squares / mean / 2);
  return counts.length > 1 && share > 0.99;
}

export interface RatioOfRates extends Interval {
  /** Of the first rate over the second; null where the second has no event. */
  readonly ratio: number | null;
  /** Of equal rates, to both sides. */
  readonly p: number;
}

/** Of two counts with their exposures, exact given their sum (Przyborowski, Wilenski 1940). */
export function ratioOfRates(
  [events, exposure]: readonly [number, number],
  [others, otherExposure]: readonly [number, number],
  confidence: number,
): RatioOfRates {
  const share = exposure / (exposure + otherExposure);
  const { lower, upper } = binomialInterval(events, events + others, confidence);
  const ratio = (q: number): number => (q / (1 - q)) * (otherExposure / exposure);
  return {
    ratio: others === 0 ? null : (events / exposure) / (others / otherExposure),
    lower: ratio(lower), upper: ratio(upper),
    p: binomialTest(events, events + others, share),
  };
}
