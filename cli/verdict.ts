import type { RunRecord } from '../analysis/index.js';
import { exit, type ExitCode } from './exit.js';

/** How the open episode at the end of a run stands to its bound; null: none is late. */
export function lateBy(record: RunRecord): number | null {
  const last = record.episodes.at(-1);
  if (!last?.censored || last.bound_s === null || last.last_fault_s === null) return null;
  const late = record.summary.simulatedSeconds - last.last_fault_s - last.bound_s;
  return late > 0 ? late : null;
}

export function exitCodeOf(record: RunRecord): ExitCode {
  if (record.interrupted) return exit.interrupted;
  const broken = record.summary.invariants.broken.length > 0 || lateBy(record) !== null;
  return broken ? exit.broken : exit.ok;
}
