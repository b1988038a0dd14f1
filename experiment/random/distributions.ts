/**
 * Distributions of durations and the like, as pure functions of uniform draws. By inversion: one
 * uniform draw gives one sample, monotonically, so variants of a run that share their draws stay
 * as alike as they can. The logarithms and exponentials are written in JavaScript, since those
 * built into the engines may differ in the last bit.
 */
import erfinv from '@stdlib/math-base-special-erfinv';
import exp from '@stdlib/math-base-special-exp';
import log1p from '@stdlib/math-base-special-log1p';

/**
 * As in a scenario, after parsing. The functions here know no unit: samples have the one of the
 * parameters (seconds, in a resolved scenario). All parameters are finite and at least 0.
 */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  /** `low` included, `high` not. */
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  /** exp of a normal variate of mean ln(median) and standard deviation sigma. */
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number };

/** The lognormal distribution that has this mean. */
export function lognormalWithMean(mean: number, sigma: number): Distribution {
  return { kind: 'lognormal', median: mean * exp(-0.5 * sigma * sigma), sigma };
}

/**
 * The sample that belongs to a uniform draw.
 *
 * @param u - in [0, 1), as `draw` gives it
 * @returns a finite number >= 0
 */
export function sample(distribution: Distribution, u: number): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.low + (distribution.high - distribution.low) * u;
    case 'exponential':
      return -distribution.mean * log1p(-u);
    case 'lognormal':
      // The middle of the draw's cell of width 2^-53: at its left end the first would be 0.
      return distribution.median * exp(distribution.sigma * standardNormal(u, HALF_CELL));
  }
}

/** The value that a sample stays at or below with probability p, in [0, 1]. */
export function quantile(distribution: Distribution, p: number): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.low + (distribution.high - distribution.low) * p;
    case 'exponential':
      return distribution.mean === 0 ? 0 : -distribution.mean * log1p(-p);
    case 'lognormal':
      if (distribution.sigma === 0) return distribution.median;
      return distribution.median * exp(distribution.sigma * standardNormal(p, 0));
  }
}

/** The expected value. */
export function mean(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.low + distribution.high) / 2;
    case 'exponential':
      return distribution.mean;
    case 'lognormal':
      return distribution.median * exp((distribution.sigma * distribution.sigma) / 2);
  }
}

/** The least value that no sample exceeds: Infinity where there is none. For bounds. */
export function supremum(distribution: Distribution): number {
  return quantile(distribution, 1);
}

const SQRT_2 = Math.sqrt(2);
const HALF_CELL = 1 / 18014398509481984;

/** The standard normal quantile at p + offset; twice the offset is added where it is not lost. */
function standardNormal(p: number, offset: number): number {
  return SQRT_2 * erfinv(2 * p - 1 + 2 * offset);
}
