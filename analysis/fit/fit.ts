/** The law that fits durations best, and how well each does. */
import ln from '@stdlib/math-base-special-ln';
import type { Duration } from '../statistics/kaplan-meier.js';
import { normalQuantile } from '../statistics/student.js';
import { testFit, type Goodness } from './goodness.js';
import { fitLaw, lawNames, type FittedLaw, type Parameter } from './laws.js';
import { sampleOf } from './sample.js';

export interface FitOptions {
  /** Of the intervals of parameters. */
  readonly confidence: number;
  /** Samples drawn per law to test it; 0: none is tested. */
  readonly rounds: number;
  readonly seed: number;
}

export interface Candidate {
  readonly law: FittedLaw;
  readonly parameters: readonly Parameter[];
  readonly logLikelihood: number;
  /** 2 k - 2 ln L and k ln n - 2 ln L, for k parameters and n ends seen. */
  readonly aic: number;
  readonly bic: number;
  /** Null: not tested. */
  readonly goodness: Goodness | null;
}

export interface Fit {
  readonly durations: readonly Duration[];
  /** How many there were of which these were drawn. */
  readonly total: number;
  readonly censored: number;
  /** By AIC, the best first; empty where there are fewer than two different ends. */
  readonly candidates: readonly Candidate[];
}

/** Deterministic: the same durations and seed give the same fit. */
export function fitDurations(
  durations: readonly Duration[],
  total: number,
  { confidence, rounds, seed }: FitOptions,
): Fit {
  const sample = sampleOf(durations);
  const z = normalQuantile((1 + confidence) / 2);
  const candidates = lawNames.flatMap((name): Candidate[] => {
    const law = fitLaw(name, sample);
    if (law === null) return [];
    const parameters = law.parameters(z);
    const { logLikelihood } = law;
    const aic = 2 * parameters.length - 2 * logLikelihood;
    const bic = parameters.length * ln(sample.events) - 2 * logLikelihood;
    const goodness = rounds > 0 ? testFit(durations, name, rounds, seed) : null;
    return [{ law, parameters, logLikelihood, aic, bic, goodness }];
  });
  candidates.sort((a, b) => a.aic - b.aic);
  return { durations, total, censored: durations.length - sample.events, candidates };
}
