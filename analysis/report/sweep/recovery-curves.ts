/** Recovery times beside each other: by log-rank, and by their restricted means. */
import { holm } from '../../statistics/holm.js';
import { kaplanMeier, type Duration, type SurvivalStep } from '../../statistics/kaplan-meier.js';
import { logRank } from '../../statistics/log-rank.js';
import { normalQuantile } from '../../statistics/normal.js';
import { restrictedMean, type RestrictedMean } from '../../statistics/restricted-mean.js';
import * as words from '../../words.js';
import { CONFIDENCE } from './data.js';

export interface Curve {
  readonly label: string;
  /** The cell. */
  readonly of: string;
  readonly durations: readonly Duration[];
}

export interface JudgedCurve extends Curve {
  readonly steps: readonly SurvivalStep[];
  /** Up to where all curves of its panel are known. */
  readonly mean: RestrictedMean;
  /** Of no difference from the first of its panel, over all panels (Holm); null: of the first. */
  readonly p: number | null;
}

/** @param panels - the curves of each */
export function judgedCurves(panels: readonly (readonly Curve[])[]): JudgedCurve[][] {
  const raw = panels.map((curves) => curves.map(({ durations }, index) =>
    (index === 0 ? null : logRank(curves[0].durations, durations)?.p ?? null)));
  const adjusted = holm(raw.flat().filter((p) => p !== null));
  let next = 0;
  return panels.map((curves, panel) => {
    const reached = curves.map(({ durations }) => Math.max(...durations.map(({ time }) => time)));
    const limit = Math.min(...reached);
    return curves.map((curve, index) => {
      const steps = kaplanMeier(curve.durations, CONFIDENCE);
      const p = raw[panel][index] === null ? null : adjusted[next++];
      return { ...curve, steps, mean: restrictedMean(steps, limit), p };
    });
  });
}

/** `24.4 s (23.9 s to 24.9 s) up to 60 s`. */
export function restrictedMeanText({ mean: { mean, error, limit } }: JudgedCurve): string {
  const off = normalQuantile((1 + CONFIDENCE) / 2) * error;
  const [low, high] = [Math.max(0, mean - off), Math.min(limit, mean + off)].map(words.duration);
  const ends = error === 0 ? '' : ` (${low} to ${high})`;
  return `${words.duration(mean)}${ends} up to ${words.duration(limit)}`;
}
