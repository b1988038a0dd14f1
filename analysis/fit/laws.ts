/**
 * Laws of lifetimes and repairs, fitted by maximum likelihood to durations of which some are only
 * known to have lasted for so long (right-censored): Lawless, "Statistical Models and Methods for
 * Lifetime Data", 2nd ed., 2003, chapters 4 and 5.
 */
import erfc from '@stdlib/math-base-special-erfc';
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import type { Distribution } from '../../experiment/random/distributions.js';
import type { Sample } from './sample.js';

export const lawNames = ['exponential', 'weibull', 'lognormal', 'pareto'] as const;
export type LawName = (typeof lawNames)[number];

/** One parameter, with its confidence interval. */
export interface Parameter {
  readonly name: string;
  /** Seconds, or a plain number. */
  readonly unit: 's' | '';
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** A law with the parameters under which the sample is likeliest. */
export interface FittedLaw {
  readonly name: LawName;
  readonly distribution: Distribution;
  readonly logLikelihood: number;
  /** With intervals of so many standard errors on either side. */
  parameters(z: number): Parameter[];
  /** P(X > x), for x > 0 with logarithm `log`. */
  survival(x: number, log: number): number;
}

/** Null where the sample has no best parameters: fewer than two different ends. */
export function fitLaw(name: LawName, sample: Sample): FittedLaw | null {
  if (!hasSpread(sample)) return null;
  switch (name) {
    case 'exponential':
      return fitExponential(sample);
    case 'weibull':
      return fitWeibull(sample);
    case 'lognormal':
      return fitLognormal(sample);
    case 'pareto':
      return fitPareto(sample);
  }
}

function hasSpread({ times, censored }: Sample): boolean {
  const first = censored.indexOf(0);
  return first >= 0 && times.some((time, i) => censored[i] === 0 && time > times[first]);
}

/** Around the estimate of a positive parameter, by the normal approximation of its logarithm. */
function positive(
  name: string,
  unit: Parameter['unit'],
  value: number,
  logError: number,
  z: number,
): Parameter {
  return { name, unit, value, lower: value * exp(-z * logError), upper: value * exp(z * logError) };
}

function fitExponential({ times, events }: Sample): FittedLaw {
  const total = times.reduce((sum, time) => sum + time, 0);
  const mean = total / events;
  return {
    name: 'exponential',
    distribution: { kind: 'exponential', mean },
    logLikelihood: -events * (ln(mean) + 1),
    parameters: (z) => [positive('mean', 's', mean, 1 / Math.sqrt(events), z)],
    survival: (x) => exp(-x / mean),
  };
}

/** Relative; far below any standard error, and above what rounding leaves of a sum. */
const CLOSE = 1e-10;

/** Newton's method, kept from leaving where the root is known to lie; on falling functions. */
function fallingRoot(
  low: number,
  high: number,
  at: (x: number) => { readonly value: number; readonly slope: number },
): number {
  let [below, above] = [low, high];
  let x = Math.sqrt(low * high);
  for (let round = 0; round < 200; round += 1) {
    const { value, slope } = at(x);
    if (value > 0) below = x;
    else above = x;
    const step = x - value / slope;
    const next = step > below && step < above ? step : (below + above) / 2;
    if (Math.abs(next - x) <= CLOSE * x) return next;
    x = next;
  }
  return x;
}

const LEAST_SHAPE = 1e-3;
const GREATEST_SHAPE = 1e3;

/** The likelihood's profile in the shape has one maximum; the scale follows from the shape. */
function fitWeibull({ times, logs, censored, events }: Sample): FittedLaw {
  const { length } = times;
  const most = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  let eventLogs = 0;
  for (let i = 0; i < length; i += 1) if (censored[i] === 0) eventLogs += logs[i];
  const sums = (shape: number) => {
    // Relative to the longest, so that no power is too large for a number.
    let [s0, s1, s2] = [0, 0, 0];
    for (let i = 0; i < length; i += 1) {
      const log = logs[i] - most;
      const power = exp(shape * log);
      s0 += power;
      s1 += power * log;
      s2 += power * log * log;
    }
    return { s0, s1, s2 };
  };
  const meanLog = eventLogs / events - most;
  const shape = fallingRoot(LEAST_SHAPE, GREATEST_SHAPE, (k) => {
    const { s0, s1, s2 } = sums(k);
    const ratio = s1 / s0;
    return { value: 1 / k + meanLog - ratio, slope: -1 / (k * k) - (s2 / s0 - ratio * ratio) };
  });
  const { s0, s1, s2 } = sums(shape);
  const logScale = most + ln(s0 / events) / shape;
  const scale = exp(logScale);
  return {
    name: 'weibull',
    distribution: { kind: 'weibull', scale, shape },
    logLikelihood:
      events * (ln(shape) - shape * logScale) + (shape - 1) * eventLogs - events,
    parameters: (z) => {
      // Observed information in (ln scale, ln shape), with w = shape * (ln t - ln scale): where
      // the gradient is 0, minus the second derivatives come to shape^2 n, -shape * sum(w e^w) and
      // n + sum(w^2 e^w), for n ends seen.
      const shift = (most - logScale) * shape;
      const weight = events / s0;
      const m1 = shape * s1 * weight;
      const m2 = shape * shape * s2 * weight;
      const w1 = m1 + shift * events;
      const w2 = m2 + 2 * shift * m1 + shift * shift * events;
      const { a, b } = errors({ aa: shape * shape * events, ab: -shape * w1, bb: events + w2 });
      return [positive('scale', 's', scale, a, z), positive('shape', '', shape, b, z)];
    },
    survival: (_x, log) => exp(-exp(shape * (log - logScale))),
  };
}

/** Standard errors of two parameters from their information matrix. */
function errors(of: { aa: number; ab: number; bb: number }): { a: number; b: number } {
  const determinant = of.aa * of.bb - of.ab * of.ab;
  return { a: Math.sqrt(of.bb / determinant), b: Math.sqrt(of.aa / determinant) };
}

const HALF_LN_2_PI = 0.5 * ln(2 * Math.PI);

/** P(Z > z) of a standard normal variate. */
function normalTail(z: number): number {
  return 0.5 * erfc(z * Math.SQRT1_2);
}

/** The standard normal density over its tail beyond z (its hazard). */
function normalHazard(z: number): number {
  if (z < 25) return exp(-0.5 * z * z - HALF_LN_2_PI) / normalTail(z);
  // Where both vanish: Laplace's continued fraction.
  return z + 1 / (z + 2 / (z + 3 / (z + 4 / (z + 5 / z))));
}

function lnNormalTail(z: number): number {
  return z < 25 ? ln(normalTail(z)) : -0.5 * z * z - HALF_LN_2_PI - ln(normalHazard(z));
}

/**
 * In (mu / sigma, 1 / sigma) the likelihood is concave: Newton's method finds its only maximum
 * (Olsen, "Note on the uniqueness of the maximum likelihood estimator for the Tobit model",
 * Econometrica 46, 1978).
 */
function fitLognormal(sample: Sample): FittedLaw {
  const { logs, censored, events } = sample;
  const total = logs.reduce((sum, log) => sum + log, 0);
  const middle = total / logs.length;
  const spread = logs.reduce((sum, log) => sum + (log - middle) * (log - middle), 0) / logs.length;
  // Measured from the middle, where the two go together least.
  let gamma = 1 / Math.sqrt(spread);
  let delta = 0;
  let state = lognormalAt(sample, middle, gamma, delta);
  for (let round = 0; round < 100; round += 1) {
    const { gg, gd, dd, dGamma, dDelta } = state;
    const determinant = gg * dd - gd * gd;
    const up = (dGamma * dd - dDelta * gd) / determinant;
    const over = (dDelta * gg - dGamma * gd) / determinant;
    // Close to the maximum, rounding decides which likelihood is the greater.
    if (Math.abs(up) <= CLOSE * gamma && Math.abs(over) <= CLOSE * (1 + Math.abs(delta))) break;
    let step = 1;
    let next = state;
    do {
      if (gamma + step * up > 0) {
        next = lognormalAt(sample, middle, gamma + step * up, delta + step * over);
      }
      if (next.logLikelihood > state.logLikelihood) break;
      step /= 2;
    } while (step > 1e-3);
    if (next.logLikelihood <= state.logLikelihood) break;
    gamma += step * up;
    delta += step * over;
    state = next;
  }
  const sigma = 1 / gamma;
  const mu = middle + delta * sigma;
  const eventLogs = logs.reduce((sum, log, i) => sum + (censored[i] === 0 ? log : 0), 0);
  return {
    name: 'lognormal',
    distribution: { kind: 'lognormal', median: exp(mu), sigma },
    logLikelihood: state.logLikelihood - eventLogs - events * HALF_LN_2_PI,
    parameters: (z) => {
      // By the delta method from (gamma, delta) to (mu, ln sigma).
      const { gg, gd, dd } = state;
      const determinant = gg * dd - gd * gd;
      const [vGamma, vDelta, cov] = [dd / determinant, gg / determinant, -gd / determinant];
      const [byGamma, byDelta] = [-delta * sigma * sigma, sigma];
      const variance =
        byGamma * byGamma * vGamma + byDelta * byDelta * vDelta + 2 * byGamma * byDelta * cov;
      return [
        positive('median', 's', exp(mu), Math.sqrt(variance), z),
        positive('sigma', '', sigma, sigma * Math.sqrt(vGamma), z),
      ];
    },
    survival: (_x, log) => normalTail((log - mu) * gamma),
  };
}

/** Log-likelihood of the logarithms (but for constants), its gradient, and minus its Hessian. */
function lognormalAt(
  { logs, censored }: Sample,
  middle: number,
  gamma: number,
  delta: number,
) {
  let [logLikelihood, dGamma, dDelta, gg, gd, dd] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < logs.length; i += 1) {
    const x = logs[i] - middle;
    const z = gamma * x - delta;
    // What a censored one adds, and by how much it bends.
    let [force, bend] = [z, 1];
    if (censored[i] === 1) {
      force = normalHazard(z);
      bend = force * (force - z);
      logLikelihood += lnNormalTail(z);
    } else {
      logLikelihood += ln(gamma) - 0.5 * z * z;
      dGamma += 1 / gamma;
      gg += 1 / (gamma * gamma);
    }
    dGamma -= force * x;
    dDelta += force;
    gg += bend * x * x;
    gd -= bend * x;
    dd += bend;
  }
  return { logLikelihood, dGamma, dDelta, gg, gd, dd };
}

/** The minimum is the least end seen; what was censored before it tells nothing. */
function fitPareto({ times, logs, censored, events }: Sample): FittedLaw {
  const first = censored.indexOf(0);
  const minimum = times[first];
  const logMinimum = logs[first];
  let excess = 0;
  let eventLogs = 0;
  for (let i = 0; i < logs.length; i += 1) {
    excess += Math.max(0, logs[i] - logMinimum);
    if (censored[i] === 0) eventLogs += logs[i];
  }
  const shape = events / excess;
  return {
    name: 'pareto',
    distribution: { kind: 'pareto', minimum, shape },
    logLikelihood: events * (ln(shape) + shape * logMinimum) - (shape + 1) * eventLogs -
      shape * (excess - (eventLogs - events * logMinimum)),
    parameters: (z) => {
      // The least of n is itself Pareto distributed, with n times the shape.
      const outside = 2 * normalTail(z);
      const lower = minimum * exp(ln(outside) / (events * shape));
      return [
        { name: 'minimum', unit: 's', value: minimum, lower, upper: minimum },
        positive('shape', '', shape, 1 / Math.sqrt(events), z),
      ];
    },
    survival: (_x, log) => (log <= logMinimum ? 1 : exp(-shape * (log - logMinimum))),
  };
}
