/** The tables of runs and sweeps as views of a database: one for all directories together. */
import { basename, join, resolve } from 'node:path';
import * as fs from 'node:fs';
import { openRunFiles } from '../run-directory.js';
import { aboutScalar } from '../measures/index.js';
import { isSweepDirectory, scalarsOf, SweepDirectory } from '../sweep/index.js';
import {
  episodes, faults, faultTargets, messages, timeseries, type Cell, type Column,
} from '../tables/index.js';

export interface Views {
  /** SQL, by the name of the view. */
  readonly queries: ReadonlyMap<string, string>;
  /** Files that the views read. */
  readonly files: readonly string[];
}

const names = ['runs', 'episodes', 'faults', 'messages', 'timeseries'] as const;
type Name = (typeof names)[number];

interface Source {
  readonly queries: Readonly<Record<Name, string>>;
  readonly files: readonly string[];
}

/** @throws RunDirectoryError where a directory is neither a run nor a finished sweep, and whole */
export function viewsOf(directories: readonly string[]): Views {
  const sources = directories.map((directory) => ({
    directory, ...(isSweepDirectory(resolve(directory)) ? ofSweep(directory) : ofRun(directory)),
  }));
  const queries = names.map((name) => {
    const parts = sources.map(({ directory, queries: own }) =>
      `SELECT ${literal(directory)} AS directory, * FROM (${own[name]})`);
    return [name, parts.join(' UNION ALL BY NAME ')] as const;
  });
  // DuckDB asks for leave by the pattern too, not only by the file that it means.
  const files = sources.flatMap(({ files: own }) => [...own, ...own.map(pattern)]);
  return { queries: new Map(queries), files };
}

function ofSweep(directory: string): Source {
  const { path } = SweepDirectory.withTables(directory);
  const files = names.map((name) => join(path, `${name}.parquet`));
  const queries = names.map((name, index) =>
    [name, `SELECT * FROM read_parquet(${literal(pattern(files[index]))})`]);
  return { queries: Object.fromEntries(queries) as Record<Name, string>, files };
}

const tables = { episodes, faults, 'fault-targets': faultTargets, messages, timeseries };

function ofRun(directory: string): Source {
  const { path, summary } = openRunFiles(directory);
  const id = `${literal(basename(fs.realpathSync(path)))} AS run_id`;
  const file = (name: keyof typeof tables): string => join(path, `${name}.csv`);
  const read = (name: keyof typeof tables): string => csvQuery(file(name), tables[name].columns);
  const whole = (name: keyof typeof tables): string => `SELECT ${id}, * FROM (${read(name)})`;
  const scalars = Object.entries(scalarsOf(summary)).map(([name, value]) => {
    const type = types[aboutScalar(name)?.type ?? (typeof value === 'number' ? 'number' : 'text')];
    return `CAST(${literal(value)} AS ${type}) AS ${quoted(name)}`;
  });
  const { target: _, ...others } = Object.fromEntries(faults.columns.map((c) => [c.name, c]));
  const faultColumns = Object.keys(others).map((name) => `f.${quoted(name)}`).join(', ');
  return {
    queries: {
      runs: `SELECT ${id}, CAST(${summary.seed} AS BIGINT) AS seed, ${scalars.join(', ')}`,
      episodes: whole('episodes'),
      faults: `SELECT ${id}, ${faultColumns}, t.target, t.target_kind ` +
        `FROM (${read('faults')}) f JOIN (${read('fault-targets')}) t USING (fault)`,
      messages: whole('messages'),
      timeseries: whole('timeseries'),
    },
    files: (Object.keys(tables) as (keyof typeof tables)[]).map(file),
  };
}

const types = { text: 'VARCHAR', integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN' } as const;

function csvQuery(file: string, columns: readonly Column[]): string {
  const declared = columns.map(({ name, type }) => `${literal(name)}: ${literal(types[type])}`);
  const how = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"'";
  const all = `${how}, columns = {${declared.join(', ')}}`;
  return `SELECT * FROM read_csv(${literal(pattern(file))}, ${all})`;
}

/** What means a file of this very name. */
function pattern(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}

export function literal(value: Cell): string {
  if (value === null) return 'NULL';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
