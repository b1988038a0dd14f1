/** How long recoveries took, run by run, with those that were still open at the end. */
import type { Duration } from '../../statistics/kaplan-meier.js';
import type { SweepDirectory, SweepRow } from '../../sweep/index.js';

export interface RecoveryTimes {
  /** From the first instant not healthy to the first that is again. */
  readonly episodes: readonly Duration[];
  /**
   * From a fault of managers or links to the first instant at which all that it took away is
   * managed again. What a fault of a resource took away must be repaired first.
   */
  readonly faults: readonly Duration[];
}

/** In seconds, after the warm-up, of all the runs together. */
export function recoveryTimes(
  directory: SweepDirectory,
  rows: readonly SweepRow[],
): RecoveryTimes {
  const episodes: Duration[] = [];
  const faults: Duration[] = [];
  for (const { runId, scalars, status } of rows) {
    if (status === 'crashed') continue;
    const run = directory.tables(runId);
    const end = Number(scalars['simulatedSeconds']);
    const warmUp = Number(scalars['warmUpSeconds']);
    for (const { start_s: start, end_s: over, censored } of run.episodes) {
      const time = (over ?? end) - Math.max(start, warmUp);
      if (time >= 0) episodes.push({ time, censored });
    }
    for (const row of run.faults) {
      const none = row.recovered_s === null && !row.censored;
      if (none || row.time_s < warmUp || row.scope !== 'management') continue;
      faults.push({ time: (row.recovered_s ?? end) - row.time_s, censored: row.censored });
    }
  }
  return { episodes, faults };
}
