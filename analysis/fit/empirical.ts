/** The law of the data themselves, for durations that no law fits. */
import type { Distribution } from '../../experiment/random/distributions.js';
import { kaplanMeier, survivalQuantile, type Duration } from '../statistics/kaplan-meier.js';

/** Every fortieth part of the durations. */
const PARTS = 40;

export interface Empirical {
  readonly distribution: Distribution & { readonly kind: 'empirical' };
  /** Share of the durations whose end nobody saw: taken for the longest that was watched. */
  readonly unseen: number;
}

/** By the quantiles of the Kaplan-Meier estimate. Null: no end was seen. */
export function empiricalOf(durations: readonly Duration[]): Empirical | null {
  const steps = kaplanMeier(durations, 0.95);
  if (steps.length === 0) return null;
  const longest = Math.max(...durations.map(({ time }) => time));
  const quantiles = Array.from({ length: PARTS + 1 }, (_, part) =>
    part === 0 ? steps[0].time : survivalQuantile(steps, part / PARTS) ?? longest);
  return {
    distribution: { kind: 'empirical', quantiles },
    unseen: steps[steps.length - 1].survival,
  };
}
