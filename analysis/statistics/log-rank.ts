/** Whether what is open ends sooner in one group: Mantel (1966), Peto and Peto (1972). */
import type { Duration } from './kaplan-meier.js';
import { incompleteGamma } from './incomplete-gamma.js';

export interface LogRank {
  /** Ends seen in the first group, and as many as it would have if both were alike. */
  readonly observed: number;
  readonly expected: number;
  /** Of one degree of freedom. */
  readonly chiSquare: number;
  readonly p: number;
}

/** Null where nothing can be told: a group is empty, or nothing ended while both were open. */
export function logRank(first: readonly Duration[], second: readonly Duration[]): LogRank | null {
  const all = [
    ...first.map((duration) => ({ ...duration, isFirst: true })),
    ...second.map((duration) => ({ ...duration, isFirst: false })),
  ].sort((a, b) => a.time - b.time);
  let [open, openFirst] = [all.length, first.length];
  let [observed, expected, variance] = [0, 0, 0];
  for (let index = 0; index < all.length; ) {
    const { time } = all[index];
    let [left, leftFirst, ended] = [0, 0, 0];
    for (; index < all.length && all[index].time === time; index += 1) {
      const { censored, isFirst } = all[index];
      left += 1;
      if (isFirst) leftFirst += 1;
      if (censored) continue;
      ended += 1;
      if (isFirst) observed += 1;
    }
    const share = openFirst / open;
    expected += ended * share;
    if (open > 1) variance += (ended * share * (1 - share) * (open - ended)) / (open - 1);
    open -= left;
    openFirst -= leftFirst;
  }
  if (variance === 0) return null;
  const chiSquare = ((observed - expected) * (observed - expected)) / variance;
  return { observed, expected, chiSquare, p: 1 - incompleteGamma(0.5, chiSquare / 2) };
}
