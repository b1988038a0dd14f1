/** How often something is reached by each of many seeds, and whether that has changed. */

export interface Spread {
  /** How many there were. */
  readonly of: number;
  /** How many came to it at all. */
  readonly seeds: number;
  /** Of the times that a seed came to it. */
  readonly mean: number;
  readonly deviation: number;
}

export function spreadOf(times: readonly number[]): Spread {
  const mean = times.reduce((sum, one) => sum + one, 0) / times.length;
  const squares = times.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, times.length - 1));
  const short = (value: number): number => Number(value.toPrecision(4));
  return {
    of: times.length,
    seeds: times.filter((one) => one > 0).length,
    mean: short(mean),
    deviation: short(deviation),
  };
}

/**
 * What is significantly different now, in words; null: nothing. The mean is compared by Welch's
 * test, the share of seeds by that of two proportions; both differences count in units of their
 * standard error.
 */
export function moved(before: Spread, now: Spread, significant: number): string | null {
  const mean = inErrors(
    now.mean - before.mean, before.deviation ** 2 / before.of + now.deviation ** 2 / now.of,
  );
  const shared = (before.seeds + now.seeds) / (before.of + now.of);
  const share = inErrors(
    now.seeds / now.of - before.seeds / before.of,
    shared * (1 - shared) * (1 / before.of + 1 / now.of),
  );
  const parts = [
    ...(Math.abs(share) > significant ? [`${share < 0 ? 'fewer' : 'more'} seeds`] : []),
    ...(Math.abs(mean) > significant ? [`${mean < 0 ? 'seldomer' : 'more often'}`] : []),
  ];
  return parts.length === 0 ? null : parts.join(' and ');
}

function inErrors(difference: number, variance: number): number {
  if (difference === 0) return 0;
  return variance === 0 ? difference * Infinity : difference / Math.sqrt(variance);
}
