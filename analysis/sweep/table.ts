/** runs.csv: a row per run of a sweep, in design order. */
import type { Axis } from '../../experiment/sweep/index.js';
import { csv, parseCsv, type Cell, type Column } from '../tables/index.js';
import { AxisColumns, numberName } from './axis-columns.js';
import { aboutScalar } from '../measures/index.js';
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
  /** Of the design, counted from 1; two cells may hold the same run. */
  readonly cell: number;
  /** Empty for a run that crashed. */
  readonly scalars: Scalars;
}

const CRASHED = 'the run crashed';

/** Names of a run, in every table of a sweep. */
export const runColumn: Column = {
  name: 'run_id', type: 'text', unit: null,
  meaning: 'of the run, and of its directory in runs/', whenNull: null,
};
export const replicationColumn: Column = {
  name: 'replication', type: 'integer', unit: '1',
  meaning: 'number of the run in its cell, from 1', whenNull: null,
};
export const cellColumn: Column = {
  name: 'cell', type: 'integer', unit: '1',
  meaning: 'number of the combination of values, from 1, in design order', whenNull: null,
};

const leading: readonly Column[] = [
  runColumn,
  {
    name: 'status', type: 'text', unit: null, whenNull: null,
    meaning: 'ok; broken: an invariant or the bound was; crashed: there are no results',
  },
  {
    name: 'seed', type: 'integer', unit: '1', whenNull: null,
    meaning: 'of the run; the same in every cell for one replication',
  },
  replicationColumn,
];

/** The table of runs, as columns and rows. */
export class RunsTable {
  readonly columns: readonly Column[];
  private readonly axes: AxisColumns;
  private readonly names: readonly string[];
  private readonly given: readonly SweepRow[];

  constructor(axes: readonly Axis[], rows: readonly SweepRow[]) {
    this.given = rows;
    this.names = columnsOf(rows.map(({ scalars }) => scalars));
    this.axes = new AxisColumns(axes);
    this.columns = [
      ...leading, ...this.axes.columns, cellColumn,
      ...this.names.map((name) => scalarColumn(name, rows)),
    ];
  }

  *rows(): Generator<Cell[]> {
    for (const { runId, status, seed, replication, values, cell, scalars } of this.given) {
      yield [
        runId, status, seed, replication, ...this.axes.cells(values), cell,
        ...this.names.map((name) => scalars[name] ?? null),
      ];
    }
  }

  /** In pieces. */
  csv(): Iterable<string> {
    return csv(this.columns.map(({ name }) => name), this.rows());
  }
}

function scalarColumn(name: string, rows: readonly SweepRow[]): Column {
  const said = aboutScalar(name);
  if (said !== undefined) {
    const { type, unit, meaning, whenNull } = said;
    const missing = whenNull === null ? CRASHED : `${whenNull}, or ${CRASHED}`;
    return { name, type, unit, meaning, whenNull: missing };
  }
  const numeric = rows.every(({ scalars }) => typeof (scalars[name] ?? 0) === 'number');
  const type = numeric ? 'number' : 'text';
  return { name, type, unit: null, meaning: 'of summary.json', whenNull: `none, or ${CRASHED}` };
}

/** What {@link RunsTable} wrote; numbers are numbers again, empty cells null. */
export function readRuns(text: string, axes: readonly string[]): SweepRow[] {
  const others = new Set([...axes, ...axes.map(numberName)]);
  return parseCsv(text).map((row) => {
    const { run_id: runId = '', status = '', seed, replication, cell, ...rest } = row;
    const scalars = Object.entries(rest).filter(([name]) => !others.has(name));
    return {
      runId,
      status: status as RunStatus,
      seed: Number(seed),
      replication: Number(replication),
      values: axes.map((axis) => row[axis] ?? ''),
      cell: Number(cell ?? 0),
      scalars: Object.fromEntries(scalars.map(([name, text]) => [name, scalar(text)])),
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
