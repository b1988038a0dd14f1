/** The law that fits durations best, and how well each does. */
import ln from '@stdlib/math-base-special-ln';
import type { Distribution } from '../../experiment/random/distributions.js';
import type { Duration } from '../statistics/kaplan-meier.js';
import { normalQuantile } from '../statistics/normal.js';
import { clustered, withoutEach } from './clusters.js';
import { empiricalOf, type Empirical } from './empirical.js';
import { distanceOf, testFit, type Goodness } from './goodness.js';
import { fitLaw, lawNames, type FittedLaw, type Parameter } from './laws.js';
import { sampleOf, type Sample } from './sample.js';

export interface FitOptions {
  /** Of the intervals of parameters. */
  readonly confidence: number;
  /** Samples drawn per law to test it; 0: none is tested. */
  readonly rounds: number;
  readonly seed: number;
  /** Whose each duration was; without them, all are taken as independent. */
  readonly nodes?: readonly number[];
}

export interface Candidate {
  readonly law: FittedLaw;
  readonly parameters: readonly Parameter[];
  readonly logLikelihood: number;
  /** 2 k - 2 ln L and k ln n - 2 ln L, for k parameters and n ends seen. */
  readonly aic: number;
  readonly bic: number;
  /** Greatest difference from the Kaplan-Meier estimate, of all durations. */
  readonly distance: number;
  /** Null: not tested. */
  readonly goodness: Goodness | null;
}

export interface Fit {
  readonly durations: readonly Duration[];
  /** How many there were of which these were drawn. */
  readonly total: number;
  readonly censored: number;
  /**
   * How much more of the ends seen lie within 5% of each other than the closest law would have
   * there, at most.
   */
  readonly lumped: number;
  /**
   * By AIC, the best first; by distance where `lumped` is large: then a likelihood, which takes
   * time for continuous, is won by whoever piles up on that one duration. Empty where there are
   * fewer than two different ends.
   */
  readonly candidates: readonly Candidate[];
  readonly rankedBy: 'aic' | 'distance';
  readonly best: Candidate | null;
  /** Whether the intervals of parameters know that durations of one node go together. */
  readonly byNodes: boolean;
  /** The law of the data themselves, where every law was tested and none fits. */
  readonly empirical: Empirical | null;
}

/** Durations of which so many are about the same were recorded in steps. */
const MOST_LUMPED = 0.1;
const ABOUT = 1.05;
/** A law of which fewer of its own samples are as far off does not fit. */
const UNLIKELY = 0.05;

/** Deterministic: the same durations and seed give the same fit. */
export function fitDurations(
  durations: readonly Duration[],
  total: number,
  { confidence, rounds, seed, nodes }: FitOptions,
): Fit {
  const without = nodes === undefined ? null : withoutEach(durations, nodes);
  let byNodes = without !== null;
  const sample = sampleOf(durations);
  const z = normalQuantile((1 + confidence) / 2);
  const candidates = lawNames.flatMap((name): Candidate[] => {
    const law = fitLaw(name, sample);
    if (law === null) return [];
    const alone = law.parameters(z);
    const together = without && clustered(name, alone, without, confidence);
    if (together === null) byNodes = false;
    const parameters = together ?? alone;
    const { logLikelihood } = law;
    const aic = 2 * parameters.length - 2 * logLikelihood;
    const bic = parameters.length * ln(sample.events) - 2 * logLikelihood;
    const goodness = rounds > 0 ? testFit(durations, name, rounds, seed) : null;
    const distance = distanceOf(sample, law);
    return [{ law, parameters, logLikelihood, aic, bic, distance, goodness }];
  });
  candidates.sort((a, b) => a.distance - b.distance);
  const lumped = candidates.length === 0 ? 0 : lumpOf(sample, candidates[0].law);
  const rankedBy = lumped > MOST_LUMPED ? 'distance' : 'aic';
  candidates.sort((a, b) => a[rankedBy] - b[rankedBy]);
  const censored = durations.length - sample.events;
  const best = candidates[0] ?? null;
  const none = best !== null && candidates.every(({ goodness }) =>
    goodness !== null && goodness.p < UNLIKELY);
  const empirical = none ? empiricalOf(durations) : null;
  return {
    durations, total, censored, lumped, candidates, rankedBy, best, byNodes, empirical,
  };
}

/** What to draw from; null: too little was seen. */
export function chosenLaw({ best, empirical }: Fit): Distribution | null {
  return empirical?.distribution ?? best?.law.distribution ?? null;
}

function lumpOf({ times, logs, censored, events }: Sample, law: FittedLaw): number {
  const ends = Array.from(times.keys()).filter((i) => censored[i] === 0);
  let greatest = 0;
  for (let from = 0, to = 0; from < ends.length; from += 1) {
    const first = ends[from];
    while (to < ends.length && times[ends[to]] <= times[first] * ABOUT) to += 1;
    const share = (to - from) / events;
    // Only where there are many is it worth asking the law.
    if (share <= greatest) continue;
    const last = times[first] * ABOUT;
    const expected = law.survival(times[first], logs[first]) - law.survival(last, ln(last));
    greatest = Math.max(greatest, share - expected);
  }
  return greatest;
}
