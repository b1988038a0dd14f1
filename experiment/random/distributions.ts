/**
 * Distributions of durations and the like, as pure functions of uniform draws. By inversion: one
 * uniform draw gives one sample, monotonically, so variants of a run that share their draws stay
 * as alike as they can. The logarithms and exponentials are written in JavaScript, since those
 * built into the engines may differ in the last bit.
 */
import erfinv from '@stdlib/math-base-special-erfinv';
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import log1p from '@stdlib/math-base-special-log1p';
import { lnGamma } from './ln-gamma.js';

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
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  /** scale * (-ln(1 - u))^(1 / shape): 63% are below the scale. */
  | { readonly kind: 'weibull'; readonly scale: number; readonly shape: number }
  /** minimum / (1 - u)^(1 / shape). The mean is infinite where the shape is at most 1. */
  | { readonly kind: 'pareto'; readonly minimum: number; readonly shape: number }
  /** Evenly spaced quantiles, from the least value to the greatest, and straight between them. */
  | { readonly kind: 'empirical'; readonly quantiles: readonly number[] };

/** The lognormal distribution that has this mean. */
export function lognormalWithMean(mean: number, sigma: number): Distribution {
  return { kind: 'lognormal', median: mean * exp(-0.5 * sigma * sigma), sigma };
}

/** The Weibull distribution that has this mean. */
export function weibullWithMean(mean: number, shape: number): Distribution {
  return { kind: 'weibull', scale: mean * exp(-lnGamma(1 + 1 / shape)), shape };
}

/** The Pareto distribution that has this mean, for a shape above 1. */
export function paretoWithMean(mean: number, shape: number): Distribution {
  return { kind: 'pareto', minimum: mean * (1 - 1 / shape), shape };
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
    case 'weibull':
      return distribution.scale * power(-log1p(-u), 1 / distribution.shape);
    case 'pareto':
      return distribution.minimum * exp(-log1p(-u) / distribution.shape);
    case 'empirical':
      return between(distribution.quantiles, u);
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
    case 'weibull':
      if (distribution.scale === 0) return 0;
      return distribution.scale * power(-log1p(-p), 1 / distribution.shape);
    case 'pareto':
      if (distribution.minimum === 0) return 0;
      return distribution.minimum * exp(-log1p(-p) / distribution.shape);
    case 'empirical':
      return between(distribution.quantiles, p);
  }
}

/** The expected value; Infinity where there is none. */
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
    case 'weibull':
      return distribution.scale * exp(lnGamma(1 + 1 / distribution.shape));
    case 'pareto': {
      const { minimum, shape } = distribution;
      if (minimum === 0) return 0;
      return shape > 1 ? (minimum * shape) / (shape - 1) : Infinity;
    }
    case 'empirical': {
      const { quantiles } = distribution;
      const last = quantiles.length - 1;
      const sum = quantiles.reduce((total, value) => total + value, 0);
      return (sum - (quantiles[0] + quantiles[last]) / 2) / last;
    }
  }
}

/** The least value that no sample exceeds: Infinity where there is none. For bounds. */
export function supremum(distribution: Distribution): number {
  return quantile(distribution, 1);
}

/** @param p - in [0, 1] */
function between(quantiles: readonly number[], p: number): number {
  const place = p * (quantiles.length - 1);
  const below = Math.min(Math.floor(place), quantiles.length - 2);
  return quantiles[below] + (quantiles[below + 1] - quantiles[below]) * (place - below);
}

const SQRT_2 = Math.sqrt(2);
const HALF_CELL = 1 / 18014398509481984;

/** x^exponent for x >= 0 and an exponent above 0. */
function power(x: number, exponent: number): number {
  return x === 0 ? 0 : exp(exponent * ln(x));
}

/** The standard normal quantile at p + offset; twice the offset is added where it is not lost. */
function standardNormal(p: number, offset: number): number {
  return SQRT_2 * erfinv(2 * p - 1 + 2 * offset);
}

/** The most that is drawn; of what has no largest, what that share is below. */
export function longest(distribution: Distribution, share: number): number {
  const most = supremum(distribution);
  return Number.isFinite(most) ? most : quantile(distribution, share);
}
