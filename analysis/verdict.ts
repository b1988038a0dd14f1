/** Whether a run kept what was promised. */
import type { RunRecord } from './record.js';

/** What there must be of a run to judge it. */
export type Judged = Pick<RunRecord, 'summary' | 'episodes'>;

/** How the open episode at the end of a run stands to its bound; null: none is late. */
export function lateBy(record: Judged): number | null {
  const last = record.episodes.at(-1);
  if (!last?.censored || last.bound_s === null || last.last_fault_s === null) return null;
  const { simulatedSeconds, live } = record.summary;
  if (isVoid(record)) return null;
  const stalled = live?.lag.stalls.seconds ?? 0;
  const late = simulatedSeconds - last.last_fault_s - last.bound_s - stalled;
  return late > 0 ? late : null;
}

/** A live run in which times and health cannot be judged. */
export function isVoid({ summary }: Pick<RunRecord, 'summary'>): boolean {
  return (summary.live?.void ?? null) !== null;
}

/** An invariant broke, or the system was still unhealthy past its bound. */
export function isBroken(record: Judged): boolean {
  return record.summary.invariants.broken.length > 0 || lateBy(record) !== null;
}
