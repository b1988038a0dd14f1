import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import t from 'tap';
import { SweepDirectory, tableFiles, type SweepRow } from '../../../analysis/sweep/index.js';
import { parseCsv, type Described } from '../../../analysis/tables/index.js';
import { onDisk, type Disk } from '../../cli/failing-disk.js';
import { axes, makeSweep } from './made.js';

const tables = ['runs', 'episodes', 'faults', 'messages', 'timeseries'] as const;

function hashes(path: string, which?: ReadonlySet<string>): readonly string[] {
  return ['runs.csv', ...tableFiles].filter((name) => which?.has(name) ?? true).map((name) =>
    `${name} ${createHash('sha256').update(fs.readFileSync(join(path, name))).digest('hex')}`);
}

function described(path: string): readonly (Described & { files: string[] })[] {
  const text = fs.readFileSync(join(path, 'dictionary.json'), 'utf8');
  return (JSON.parse(text) as { tables: (Described & { files: string[] })[] }).tables;
}

type Value = string | number | bigint | boolean | null;

async function parquet(path: string, table: string): Promise<Record<string, Value>[]> {
  const file = await asyncBufferFromFile(join(path, `${table}.parquet`));
  return (await parquetReadObjects({ file })) as Record<string, Value>[];
}

function text(value: Value): string {
  return value === null ? '' : String(value);
}

t.test('the same bytes in whatever order runs finished', async (t) => {
  const parent = t.testdir();
  const one = await makeSweep(join(parent, 'one'));
  const two = await makeSweep(join(parent, 'two'), (ids) => ids.reverse());
  t.same(hashes(one.path), hashes(two.path));
  const left = fs.readdirSync(one.path).sort();
  t.same(left, ['manifest.json', 'runs', 'runs.csv', 'sweep.yaml', ...tableFiles].sort());
});

t.test('Parquet and CSV hold the same values, and the dictionary all columns', async (t) => {
  const { path, rows } = await makeSweep(join(t.testdir(), 'sweep'));
  const dictionary = described(path);
  t.same(dictionary.map(({ name }) => name), tables);
  const csvw = JSON.parse(fs.readFileSync(join(path, 'csv-metadata.json'), 'utf8')) as {
    tables: { url: string; tableSchema: { columns: { titles: string; name: string }[] } }[];
  };
  for (const [index, { name, files, columns }] of dictionary.entries()) {
    t.same(files, [`${name}.csv`, `${name}.parquet`]);
    const csv = parseCsv(fs.readFileSync(join(path, `${name}.csv`), 'utf8'));
    const typed = await parquet(path, name);
    const names = columns.map((column) => column.name);
    t.same(Object.keys(csv[0]), names, `${name}: every column is in the dictionary`);
    t.same(Object.keys(typed[0]), names);
    t.equal(new Set(names.map((column) => column.toLowerCase())).size, names.length, 'for SQL');
    t.equal(csv.length, typed.length);
    t.same(typed.map((row) => names.map((column) => text(row[column]))),
      csv.map((row) => names.map((column) => row[column])));
    const lacking = columns.filter(({ name: column, meaning, type, whenNull, unit }) =>
      meaning.length < 4 || meaning === 'of summary.json' ||
      (unit === null) === (type === 'number' || type === 'integer') ||
      (whenNull === null && type !== 'text' && csv.some((row) => row[column] === '')));
    t.same(lacking, [], 'each says its meaning, its unit and when it is empty');
    t.equal(csvw.tables[index].url, `${name}.csv`);
    const { columns: told } = csvw.tables[index].tableSchema;
    t.same(told.map(({ titles }) => titles), names);
    t.ok(told.every((column) => /^(?!_)(?:[A-Za-z0-9_.]|%[0-9A-F]{2})+$/.test(column.name)));
  }
  const [first] = await parquet(path, 'episodes');
  t.match(first, {
    run_id: 'run-0', cell: 1n, replication: 1n,
    'coordination.resources.heartbeatPeriod': '500ms',
    'coordination.resources.heartbeatPeriod_si': 0.5,
    'faults[0].kind, "quoted"': 'a "b", c', 'faults[0].kind, "quoted"_si': null,
    'vary.faults': 'none', faults: 1n,
  });
  const faults = await parquet(path, 'faults');
  const of = (fault: Value): Value[] => faults.flatMap((row) =>
    row['run_id'] === 'run-0' && row['fault'] === fault ? row['target'] : []);
  t.ok(faults.some(({ fault }) => of(fault).length === 3), 'one target a row');
  const runs = await parquet(path, 'runs');
  t.same(runs.map(({ run_id: id }) => id), rows.map(({ runId }) => runId));
  const here = (id: string): number =>
    faults.filter(({ run_id: run }) => run === id).length;
  t.equal(here('run-5'), 0, 'nothing of what crashed');
  t.equal(here('run-6'), 2 * here('run-4'), 'a run that stands twice in the design does here too');
});

t.test('tables of the same runs are not written again, others are', async (t) => {
  const { path, rows } = await makeSweep(join(t.testdir(), 'sweep'));
  const dictionary = join(path, 'dictionary.json');
  const again = async (of: readonly SweepRow[], interrupted = false): Promise<boolean> => {
    const directory = SweepDirectory.open(path, 'id', null);
    try {
      directory.writeRuns(axes, of);
      return await directory.writeTables(axes, of, () => interrupted);
    } finally {
      directory.writeManifest({ sweep: 'id', shard: null, complete: true });
      directory.close();
    }
  };
  const written = fs.statSync(dictionary).mtimeMs;
  const before = hashes(path);
  t.equal(await again(rows), true);
  t.equal(fs.statSync(dictionary).mtimeMs, written);
  fs.rmSync(join(path, 'episodes.csv'));
  await again(rows);
  t.same(hashes(path), before, 'what is missing is made again');
  t.equal(await again(rows.slice(1), true), false);
  t.notOk(fs.existsSync(dictionary), 'interrupted: none rather than those of other runs');
  t.equal(fs.readdirSync(path).filter((name) => /\.[0-9a-f]{8}$/.test(name)).length, 0);
  fs.truncateSync(join(path, 'runs', 'run-3', 'timeseries.csv'), 100);
  const { message } = await again(rows).then(() => ({ message: '' }), (error: Error) => error);
  t.match(message, /run-3.timeseries\.csv: is cut off, make it again: sim sweep --resume/);
  t.notOk(fs.existsSync(dictionary));
});

t.test('where the disk fails at any write, no table is half there and no run lost', async (t) => {
  const { path, rows } = await makeSweep(join(t.testdir(), 'sweep'));
  const before = hashes(path);
  const write = (disk: Disk) => onDisk(disk, async (): Promise<unknown> => {
    const directory = SweepDirectory.open(path, 'id', null);
    try {
      directory.outdated();
      directory.writeRuns(axes, rows);
      return await directory.writeTables(axes, rows, () => false);
    } catch (error) {
      return error;
    } finally {
      directory.close();
    }
  });
  const whole = await write({ code: 'ENOSPC' });
  t.equal(whole.result, true);
  t.same(hashes(path), before);
  const present = (): Set<string> => new Set(
    ['runs.csv', ...tableFiles].filter((name) => fs.existsSync(join(path, name))));
  for (let operations = 4; operations < whole.operations; operations += 5) {
    const { result, failed } = await write({ code: 'ENOSPC', operations });
    t.ok(failed);
    t.match(result, { name: 'RunDirectoryError', code: 'ENOSPC', isInput: false });
    t.notMatch((result as Error).message, /\.[0-9a-f]{8}:/);
    const left = fs.readdirSync(path).filter((name) => /\.[0-9a-f]{8}$/.test(name));
    t.same(left, [], `${operations}: nothing half done`);
    const there = present();
    t.same(hashes(path, there), before.filter((line) => there.has(line.split(' ')[0])));
  }
  t.equal(fs.readdirSync(join(path, 'runs')).length, 7, 'all that did not crash');
  t.equal((await write({ code: 'ENOSPC' })).result, true);
  t.same(hashes(path), before);
});
