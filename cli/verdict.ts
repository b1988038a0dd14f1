import type { RunRecord } from '../analysis/index.js';
import { exit, type ExitCode } from './exit.js';
import { interruptedCode } from './interruption.js';

/** What there must be of a run to judge it. */
type Judged = Pick<RunRecord, 'summary' | 'episodes'>;

/** How the open episode at the end of a run stands to its bound; null: none is late. */
export function lateBy(record: Judged): number | null {
  const last = record.episodes.at(-1);
  if (!last?.censored || last.bound_s === null || last.last_fault_s === null) return null;
  const late = record.summary.simulatedSeconds - last.last_fault_s - last.bound_s;
  return late > 0 ? late : null;
}

/** An invariant broke, or the system was still unhealthy past its bound. */
export function isBroken(record: Judged): boolean {
  return record.summary.invariants.broken.length > 0 || lateBy(record) !== null;
}

export function exitCodeOf(record: RunRecord): ExitCode {
  if (record.interrupted) return interruptedCode();
  return isBroken(record) ? exit.broken : exit.ok;
}
