/**
 * The share that has not yet ended, by time, where some were still open when the looking stopped:
 * Kaplan and Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958).
 */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import { normalQuantile } from './normal.js';

/** One observation: ended after so long, or still open then (censored). */
export interface Duration {
  readonly time: number;
  readonly censored: boolean;
}

/** From `time` on, up to the next step, the share `survival` is still open. */
export interface SurvivalStep {
  readonly time: number;
  /** Just before. */
  readonly atRisk: number;
  readonly ended: number;
  readonly survival: number;
  /** Of the survival, by Greenwood (1926). */
  readonly error: number;
  /** Of the pointwise confidence interval. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * A step per time at which something ended. The interval is Greenwood's on the scale of
 * log(-log S), so that it stays within 0 and 1 (Kalbfleisch and Prentice, 1980); where nothing is
 * left, which has no variance, it still reaches up to where it did before.
 */
export function kaplanMeier(durations: readonly Duration[], confidence: number): SurvivalStep[] {
  const sorted = [...durations].sort((a, b) => a.time - b.time);
  const z = normalQuantile((1 + confidence) / 2);
  const steps: SurvivalStep[] = [];
  let survival = 1;
  let sum = 0;
  let before = 1;
  for (let index = 0; index < sorted.length; ) {
    const { time } = sorted[index];
    const atRisk = sorted.length - index;
    let ended = 0;
    // Those censored at the very instant count as at risk in it.
    for (; index < sorted.length && sorted[index].time === time; index += 1) {
      if (!sorted[index].censored) ended += 1;
    }
    if (ended === 0) continue;
    survival *= 1 - ended / atRisk;
    sum += atRisk === ended ? 0 : ended / (atRisk * (atRisk - ended));
    const own = survival === 0 ? { error: 0, lower: 0, upper: before } : spread(survival, sum, z);
    before = own.upper;
    steps.push({ time, atRisk, ended, survival, ...own });
  }
  return steps;
}

function spread(
  survival: number,
  sum: number,
  z: number,
): Pick<SurvivalStep, 'error' | 'lower' | 'upper'> {
  const error = survival * Math.sqrt(sum);
  const scale = (z * Math.sqrt(sum)) / Math.abs(ln(survival));
  const power = (by: number): number => exp(ln(survival) * exp(by));
  return { error, lower: power(scale), upper: power(-scale) };
}

/** The least time by which at least the share p has ended; null if so many never did. */
export function survivalQuantile(steps: readonly SurvivalStep[], p: number): number | null {
  return steps.find(({ survival }) => survival <= 1 - p + 1e-12)?.time ?? null;
}
