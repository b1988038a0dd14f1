/** The tables of all runs of a sweep together: tidy, with the axes beside what was measured. */
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Axis } from '../../experiment/sweep/index.js';
import { guard } from '../directory-error.js';
import type { Seal, Seals } from '../stored-files.js';
import {
  csvLines, csvw, dictionary, episodes, faults, faultTargets, messages, parseRows,
  timeseries, valueOf, type Cell, type Column, type Described,
} from '../tables/index.js';
import { ParquetFile } from '../tables/parquet.js';
import { AxisColumns } from './axis-columns.js';
import { cellColumn, replicationColumn, runColumn, RunsTable, type SweepRow } from './table.js';

/** Reads a table of a run: its text, checked. Throws RunDirectoryError. */
export type ReadTable = (file: string) => string;

/** Of one run, the rows of a table as texts. */
type Rows = (read: ReadTable) => readonly (readonly string[])[];

interface Source {
  readonly name: string;
  readonly about: string;
  readonly columns: readonly Column[];
  readonly rows: Rows;
}

const own = [episodes, messages, timeseries].map((table): Source => ({
  ...table, rows: (read) => rowsOf(read, table.name, table.columns),
}));

const isTarget = ({ name }: Column): boolean => name === 'target';
const targetColumns = faultTargets.columns.filter(({ name }) => name !== 'fault');
const faultColumns = faults.columns.flatMap((column) => isTarget(column) ? targetColumns : column);

/** A fault that hit several stands in as many rows. */
const faultsByTarget: Source = {
  name: faults.name,
  about: 'a target of an injected fault',
  columns: faultColumns,
  rows: (read) => {
    const place = faults.columns.findIndex(isTarget);
    const whole = new Map(rowsOf(read, faults.name, faults.columns).map((row) => [row[0], row]));
    return rowsOf(read, faultTargets.name, faultTargets.columns).map(([fault, ...target]) =>
      whole.get(fault)!.flatMap((cell, index) => index === place ? target : cell));
  },
};

const [episodesOf, ...others] = own;
const sources: readonly Source[] = [episodesOf, faultsByTarget, ...others];

const DICTIONARY = 'dictionary.json';
const CSVW = 'csv-metadata.json';

/** Files in the directory of a sweep that hold its tables and tell of them. */
export const tableFiles: readonly string[] = [
  'runs.parquet',
  ...sources.flatMap(({ name }) => [`${name}.csv`, `${name}.parquet`]),
  DICTIONARY,
  CSVW,
];

export interface SweepTables {
  readonly axes: readonly Axis[];
  /** In design order. */
  readonly rows: readonly SweepRow[];
  readonly open: (runId: string) => ReadTable;
  /** Looked at now and then. */
  readonly interrupted: () => boolean;
}

/**
 * Writes all tables but runs.csv, run by run, each whole by rename; null: it was interrupted, and
 * nothing was written. Memory does not grow with the number of runs. Throws RunDirectoryError.
 */
export async function writeTables(directory: string, given: SweepTables): Promise<Seals | null> {
  const { axes, rows, open, interrupted } = given;
  const runs = new RunsTable(axes, rows);
  const tables = sources.map((source) => new WholeTable(source, axes));
  const files = new Pending(directory);
  const guarded = <Result>(work: () => Result): Result =>
    guard(directory, () => files.naming(work));
  try {
    const sinks = guarded(() => ({
      runs: new ParquetFile(files.path('runs.parquet'), runs.columns),
      tables: tables.map((table) => new Sink(files, table.described)),
    }));
    for (const cells of runs.rows()) guarded(() => sinks.runs.add(cells));
    for (const row of rows) {
      if (row.status === 'crashed') continue;
      guarded(() => {
        const read = open(row.runId);
        for (const [index, table] of tables.entries()) table.copy(row, read, sinks.tables[index]);
      });
      await setImmediate();
      if (interrupted()) return null;
    }
    return guarded(() => {
      sinks.runs.close();
      for (const sink of sinks.tables) sink.close();
      const described = [describedRuns(runs), ...tables.map((table) => table.described)];
      files.write(DICTIONARY, dictionary(described));
      files.write(CSVW, csvw(described));
      return files.commit();
    });
  } finally {
    files.discard();
  }
}

function describedRuns({ columns }: RunsTable): Described {
  const key = [cellColumn.name, replicationColumn.name];
  return { name: 'runs', about: 'a run, in design order', key, columns };
}

/** One of the tables, for all runs. */
class WholeTable {
  readonly described: Described;
  private readonly source: Source;
  private readonly axes: AxisColumns;

  constructor(source: Source, axes: readonly Axis[]) {
    const { name, about, columns } = source;
    this.source = source;
    this.axes = new AxisColumns(axes, new Set(columns.map((column) => column.name)));
    const lead = [runColumn, cellColumn, replicationColumn, ...this.axes.columns];
    this.described = { name, about, key: null, columns: [...lead, ...columns] };
  }

  /** The rows of one run. */
  copy({ runId, cell, replication, values }: SweepRow, read: ReadTable, to: Sink): void {
    const lead = [runId, cell, replication, ...this.axes.cells(values)];
    const { columns } = this.source;
    const lines: Cell[][] = [];
    for (const texts of this.source.rows(read)) {
      const cells = columns.map(({ type, name }, index) => valueOf(type, texts[index], name));
      to.parquet.add([...lead, ...cells]);
      lines.push([...lead, ...texts]);
    }
    to.write(lines);
  }
}

function rowsOf(
  read: ReadTable, name: string, columns: readonly Column[],
): readonly (readonly string[])[] {
  let places: readonly number[] | undefined;
  return parseRows(read(`${name}.csv`), (cells, header) => {
    places ??= columns.map((column) => header.indexOf(column.name));
    return places.map((place) => cells[place] ?? '');
  });
}

const PIECE = 1 << 16;

/** A table as CSV and as Parquet. */
class Sink {
  private readonly csv: number;
  readonly parquet: ParquetFile;
  private text: string;

  constructor(files: Pending, { name, columns }: Described) {
    this.csv = files.open(`${name}.csv`);
    this.parquet = new ParquetFile(files.path(`${name}.parquet`), columns);
    this.text = csvLines([columns.map((column) => column.name)]);
  }

  write(lines: readonly (readonly Cell[])[]): void {
    this.text += csvLines(lines);
    if (this.text.length > PIECE) this.flush();
  }

  close(): void {
    this.flush();
    this.parquet.close();
  }

  private flush(): void {
    fs.writeFileSync(this.csv, this.text);
    this.text = '';
  }
}

/** Files in the making, under names of their own until all are whole. */
class Pending {
  private readonly directory: string;
  private readonly ending = randomBytes(4).toString('hex');
  private readonly names: string[] = [];
  private readonly opened: number[] = [];

  constructor(directory: string) {
    this.directory = directory;
  }

  path(name: string): string {
    this.names.push(name);
    return this.temporary(name);
  }

  open(name: string): number {
    const file = fs.openSync(this.path(name), 'w');
    this.opened.push(file);
    return file;
  }

  write(name: string, content: object): void {
    fs.writeFileSync(this.path(name), `${JSON.stringify(content, null, 2)}\n`);
  }

  /** What goes wrong names a file as the user knows it. */
  naming<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const { path } = error as NodeJS.ErrnoException;
      if (path?.endsWith(`.${this.ending}`) === true) {
        Object.assign(error as Error, { path: path.slice(0, -this.ending.length - 1) });
      }
      throw error;
    }
  }

  commit(): Seals {
    for (const file of this.opened.splice(0)) fs.closeSync(file);
    const seals = this.names.map((name) => [name, sealOf(this.temporary(name))] as const);
    for (let [name] = this.names; name !== undefined; [name] = this.names) {
      fs.renameSync(this.temporary(name), join(this.directory, name));
      this.names.shift();
    }
    return Object.fromEntries(seals);
  }

  /** Harmless after {@link commit}. */
  discard(): void {
    for (const file of this.opened.splice(0)) fs.closeSync(file);
    for (const name of this.names.splice(0)) fs.rmSync(this.temporary(name), { force: true });
  }

  private temporary(name: string): string {
    return join(this.directory, `${basename(name)}.${this.ending}`);
  }
}

function sealOf(path: string): Seal {
  const hash = createHash('sha256');
  const file = fs.openSync(path, 'r');
  const piece = new Uint8Array(PIECE);
  let bytes = 0;
  try {
    for (let read = 1; read > 0; bytes += read) {
      read = fs.readSync(file, piece);
      hash.update(piece.subarray(0, read));
    }
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
  return { bytes, sha256: hash.digest('hex') };
}
