/**
 * The mean time up to a limit, where some were still open: the area below the Kaplan-Meier
 * estimate (Irwin 1949; Royston and Parmar, "Restricted mean survival time", 2013).
 */
import type { SurvivalStep } from './kaplan-meier.js';

export interface RestrictedMean {
  readonly limit: number;
  readonly mean: number;
  /** Standard error. */
  readonly error: number;
}

export function restrictedMean(steps: readonly SurvivalStep[], limit: number): RestrictedMean {
  const within = steps.filter(({ time }) => time < limit);
  // What lies below the estimate from each step on.
  const areas: number[] = [];
  let [after, to] = [0, limit];
  for (const { time, survival } of [...within].reverse()) {
    after += survival * (to - time);
    areas.unshift(after);
    to = time;
  }
  const variance = within.reduce((sum, { atRisk, ended }, index) =>
    atRisk === ended ? sum : sum + (areas[index] ** 2 * ended) / (atRisk * (atRisk - ended)), 0);
  return { limit, mean: after + to, error: Math.sqrt(variance) };
}
