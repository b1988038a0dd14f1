/** runs.csv: a row per run of a sweep, in design order. */
import { csv, parseCsv } from '../tables.js';
import { columnsOf, type Scalars } from './scalars.js';

/** `broken`: an invariant broke, or the system was unhealthy past its bound. */
export type RunStatus = 'ok' | 'broken' | 'crashed';

export interface SweepRow {
  readonly runId: string;
  readonly status: RunStatus;
  readonly seed: number;
  /** Counted from 1. */
  readonly replication: number;
  /** The value of each axis. */
  readonly values: readonly string[];
  /** Empty for a run that crashed. */
  readonly scalars: Scalars;
}

const leading = ['run_id', 'status', 'seed', 'replication'] as const;

/** @param axes - scenario paths, one column each */
export function runsCsv(axes: readonly string[], rows: readonly SweepRow[]): string {
  const names = columnsOf(rows.map(({ scalars }) => scalars));
  const lines = rows.map(({ runId, status, seed, replication, values, scalars }) => [
    runId,
    status,
    seed,
    replication,
    ...values,
    ...names.map((name) => scalars[name] ?? null),
  ]);
  return [...csv([...leading, ...axes, ...names], lines)].join('');
}

/** What {@link runsCsv} wrote; numbers are numbers again, empty cells null. */
export function readRuns(text: string, axes: readonly string[]): SweepRow[] {
  return parseCsv(text).map((row) => {
    const { run_id: runId = '', status = '', seed, replication, ...rest } = row;
    const scalars = Object.entries(rest).filter(([name]) => !axes.includes(name));
    return {
      runId,
      status: status as RunStatus,
      seed: Number(seed),
      replication: Number(replication),
      values: axes.map((axis) => row[axis] ?? ''),
      scalars: Object.fromEntries(scalars.map(([name, cell]) => [name, scalar(cell)])),
    };
  });
}

function scalar(cell: string): Scalars[string] {
  if (cell === '') return null;
  if (cell === 'true' || cell === 'false') return cell === 'true';
  // A digest may look like a number.
  const number = Number(cell);
  return String(number) === cell ? number : cell;
}
