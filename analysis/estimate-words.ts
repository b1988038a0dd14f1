/** Means with their intervals, as people write them. */
import { FEWEST, FEWEST_SPREAD, type Estimate, type Warning } from './statistics/estimate.js';

/**
 * `14.3 s (13.1 s to 15.4 s)`, `0 (at most 0.3)`, `50 in all`; * where the interval is unsure.
 * Where some of the runs have no value, how many have: `14.3 s (13.1 s to 15.4 s) in 5 of 12`.
 */
export function estimateText(
  estimate: Estimate, told: (value: number) => string, runs = estimate.count,
): string {
  const { mean, interval, method, warning, count } = estimate;
  const some = count < runs ? ` in ${count} of ${runs}` : '';
  const star = `${warning === null ? '' : '*'}${some}`;
  if (interval === null) {
    return method === 'constant' ? `${told(mean)}${some === '' ? ' in all' : ''}${star}`
      : `${told(mean)}${some}`;
  }
  const { lower, upper } = interval;
  const ends = mean === lower ? `at most ${told(upper)}`
    : mean === upper ? `at least ${told(lower)}` : `${told(lower)} to ${told(upper)}`;
  return `${told(mean)} (${ends})${star}`;
}

const warned: Readonly<Record<Warning, string>> = {
  few: `fewer than ${FEWEST} runs show too little of how they scatter`,
  spread:
    `runs that differ by more than twofold need ${FEWEST_SPREAD} of them to tell a mean for sure`,
};

/** What the stars of these estimates stand for, as a sentence; none: nothing. */
export function warningsOf(estimates: readonly Estimate[]): string[] {
  const kinds = new Set(estimates.flatMap(({ warning }) => warning ?? []));
  if (kinds.size === 0) return [];
  return [`* Unsure: ${[...kinds].map((kind) => warned[kind]).join('; ')}.`];
}
