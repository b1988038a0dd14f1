import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { writeRunDirectory } from '../../analysis/index.js';
import { connect } from '../../analysis/query/duckdb.js';
import { parseCsv } from '../../analysis/tables/index.js';
import { makeSweep, manifest } from '../analysis/sweep/made.js';
import { syntheticRun } from '../analysis/synthetic.js';
import { simHere } from './in-process.js';
import { sim } from './sim.js';

const docs = fileURLToPath(new URL('../../../docs/tables.md', import.meta.url));
const missing = (await connect()) === null && 'DuckDB is not installed';

/** Of a documentation page, the pieces in one language. */
function blocks(language: string): readonly string[] {
  const text = fs.readFileSync(docs, 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block]) => block);
}

/** A sweep in `s*`, a name that looks like a pattern, and a run in `run`. */
async function directoryOf(t: { testdir(): string }): Promise<string> {
  const directory = t.testdir();
  await makeSweep(join(directory, 's*'));
  const record = syntheticRun({ durationSeconds: 600, episodes: 3, resourceFaults: 2, samples: 5 });
  writeRunDirectory(join(directory, 'run'), record, { scenarioYaml: 'x\n', manifest });
  return directory;
}

t.test('each documented query runs, and says something', { skip: missing }, async (t) => {
  const directory = await directoryOf(t);
  const queries = blocks('sql');
  t.ok(queries.length >= 10);
  for (const sql of queries) {
    const { status, stdout, stderr } = await simHere(directory, 'query', 's*', sql, '--json');
    t.equal(status, 0, `${sql}${stderr}`);
    t.ok((JSON.parse(stdout) as object[]).length > 0, sql);
  }
});

t.test('runs and sweeps together, as a table, CSV or JSON', { skip: missing }, async (t) => {
  const directory = await directoryOf(t);
  const sql = 'SELECT directory, count(*) AS n, sum(faults) / 2 AS half, ' +
    '[1, 2] AS list, count("vary.faults") AS axis FROM episodes GROUP BY ALL ORDER BY n';
  const ask = (...how: string[]): Promise<{ stdout: string; stderr: string }> =>
    simHere(directory, 'query', 'run', 's*', sql, ...how);
  const json = JSON.parse((await ask('--json')).stdout) as Record<string, unknown>[];
  t.match(json, [
    { directory: 'run', n: 3, half: 1.5, list: [1, 2], axis: 0 },
    { directory: 's*', n: 23, half: 11.5, list: [1, 2], axis: 23 },
  ]);
  const { stdout } = await ask('--csv');
  t.same(parseCsv(stdout).map(({ n, half, list }) => [n, half, list]),
    [['3', '1.5', '[1,2]'], ['23', '11.5', '[1,2]']]);
  t.match((await ask()).stdout, /^directory +n +half +list +axis\nrun +3 +1\.5 +\[1,2\] +0\n/);
  const count = 'SELECT count(*) AS n FROM ';
  const number = async (where: string, from: string): Promise<unknown> => {
    const said = await simHere(directory, 'query', where, count + from, '--json');
    return (JSON.parse(said.stdout) as { n: number }[])[0].n;
  };
  for (const table of ['episodes', 'messages', 'timeseries', 'faults']) {
    const file = table === 'faults' ? 'fault-targets' : table;
    const text = fs.readFileSync(join(directory, 'run', `${file}.csv`), 'utf8');
    t.equal(await number('run', table), parseCsv(text).length, table);
  }
  t.equal(await number('run', 'runs WHERE "final.healthy" AND seed = 42'), 1);
});

t.test('bad SQL is one line and exit code 2', { skip: missing }, async (t) => {
  const directory = await directoryOf(t);
  const bad: readonly [string, RegExp][] = [
    ['SELEC 1', /syntax error at or near "SELEC"/],
    ['SELECT nope FROM runs', /"nope" not found.*'DESCRIBE runs' lists columns/],
    ['SELECT * FROM nope', /nope does not exist/],
    ['', /no name|no SQL/],
    [' ', /there is no SQL, write one SELECT/],
    ['SELECT 1; SELECT 2', /these are 2 statements/],
    ['CREATE TABLE x (a INT)', /this is no query, write one SELECT/],
    ['SET threads = 4', /no query|locked/],
    ["COPY (SELECT 1) TO 'out.csv'", /./],
    ["COPY (SELECT 1) TO 's*/runs.parquet'", /./],
    ["ATTACH 'x.db'", /./],
    ["EXPORT DATABASE 'x'", /./],
    ["SELECT * FROM read_csv('/etc/passwd')", /file system operations are disabled/],
    ["SELECT * FROM read_text('run/manifest.json')", /file system operations are disabled/],
    ["SELECT * FROM glob('*')", /file system operations are disabled/],
    ['INSTALL httpfs', /./],
  ];
  const listed = (): string[] => fs.readdirSync(directory, { recursive: true }) as string[];
  const before = listed();
  for (const [sql, message] of bad) {
    const { status, stdout, stderr } = await simHere(directory, 'query', 's*', sql);
    t.equal(status, 2, sql);
    t.equal(stdout, '');
    t.match(stderr, message);
    t.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
  t.same(listed(), before, 'nothing was written');
});

t.test('what is no directory to ask of, is cut off or not over', async (t) => {
  const directory = await directoryOf(t);
  const refuse = async (words: string[], message: RegExp): Promise<void> => {
    const { status, stderr } = await simHere(directory, 'query', ...words);
    t.equal(status, 2);
    t.match(stderr, message);
  };
  await refuse(['SELECT 1'], /name a directory and then SQL/);
  await refuse(['nowhere', 'SELECT 1'], /nowhere: not a run/);
  await refuse(['s*', 'FROM runs', '--csv', '--json'], /choose one of them/);
  fs.truncateSync(join(directory, 's*', 'episodes.parquet'), 100);
  await refuse(['s*', 'FROM runs'], /episodes\.parquet: is not as it was written.*--resume/);
  const told = join(directory, 's*', 'manifest.json');
  const manifestText = fs.readFileSync(told, 'utf8');
  fs.writeFileSync(told, manifestText.replace('"complete": true', '"complete": false'));
  await refuse(['s*', 'FROM runs'], /the sweep is not over; sim sweep --resume/);
});

t.test('without DuckDB, what to do is said', async (t) => {
  const directory = await directoryOf(t);
  const hook = 'export const resolve = async (name, context, next) => {' +
    " if (name.startsWith('@duckdb')) throw new Error('none'); return next(name, context); }";
  const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
  const register =
    `import { register } from 'node:module'; register(${JSON.stringify(url(hook))});`;
  const { NODE_OPTIONS: before } = process.env;
  process.env['NODE_OPTIONS'] = `--import=${url(register)}`;
  t.teardown(() => {
    if (before === undefined) delete process.env['NODE_OPTIONS'];
    else process.env['NODE_OPTIONS'] = before;
  });
  t.match(sim(directory, 'query', 'run', 'FROM runs'), {
    status: 2, stdout: '',
    stderr: /^sim query: DuckDB is not installed, npm install @duckdb\/node-api adds it\n$/,
  });
});

/** False: the language, or what the snippet needs of it, is not here. */
function speaks(command: string, ...words: string[]): boolean {
  return spawnSync(command, words, { stdio: 'ignore' }).status === 0;
}

const languages = [
  {
    block: 'python', command: process.env['PYTHON'] ?? 'python3', from: '-c',
    check: 'import pandas, pyarrow',
  },
  { block: 'r', command: 'Rscript', from: '-e', check: '1' },
];
for (const { block, command, from, check } of languages) {
  const skip = !speaks(command, from, check) && `no ${command} here that can: ${check}`;
  t.test(`the snippet in ${block} runs`, { skip }, async (t) => {
    const { path } = await makeSweep(join(t.testdir(), 'sweep'));
    const snippets = blocks(block);
    t.equal(snippets.length, 1);
    const script = join(t.testdirName, `snippet.${block}`);
    fs.writeFileSync(script, snippets[0]);
    const ended = spawnSync(command, [script, path], { encoding: 'utf8' });
    t.equal(ended.status, 0, ended.stderr);
    t.match(ended.stdout, 'crash', 'kinds of faults');
    t.match(ended.stdout, '60', 'the period in seconds');
  });
}
