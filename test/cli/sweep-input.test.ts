import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { RunStatus } from '../../analysis/sweep/index.js';
import { exitCodeOf } from '../../cli/sweep/print-sweep.js';
import { simHere as sim } from './in-process.js';

const base = 'duration: 1m\nsystem: { managers: 1 }\nmeasure: { samples: 5 }\n';
const good = 'base: base.yaml\nvary: { network.loss: [0, 1%] }\n';

t.test('wrong sweeps exit with 2, one message, and leave nothing behind', async (t) => {
  const cases: readonly [string, readonly string[], RegExp][] = [
    ['base: base.yaml\nvray: {}\n', [], /^s\.yaml:2:1: unknown key vray, did you mean vary\?\n$/],
    ['base: base.yaml\nvary: { network.loss: [2] }\n', [], /^s\.yaml:2:24: loss: 2 is more than /],
    ['base: b.yaml\nvary: {}\n', [], /^s\.yaml:1:7: cannot read the base scenario b\.yaml: /],
    [good, ['--jobs', '0'], /^--jobs: 0 is not a whole number/],
    [good, ['--jobs', 'many'], /^--jobs: many is not a whole number/],
    [good, ['--queue', 'redis://h', '--shard', '1/2'], /^--shard: a queue deals out the whole/],
    [good, ['--queue', 'redis://h', '--jobs', '2'], /^--jobs: the workers of a queue make its/],
    [good, ['--shard', '3/2'], /^--shard 3\/2: write i\/n with i from 1 to n/],
    [good, ['--set', 'network.loss=3%'], /^--set network\.loss: the sweep varies network\.loss/],
    [good, ['--set', 'system.managers=x'], /^--set system\.managers: managers: "x" is not a/],
  ];
  for (const [text, words, message] of cases) {
    const directory = t.testdir({ 's.yaml': text, 'base.yaml': base });
    const { status, stdout, stderr } = await sim(directory, 'sweep', 's.yaml', ...words);
    t.equal(status, 2, text);
    t.match(stderr, message);
    t.equal(stdout, '');
    t.notOk(existsSync(join(directory, 'results')));
  }
  t.match(await sim(t.testdir(), 'sweep', 'no.yaml'), { status: 2, stderr: /^no\.yaml:1:1: / });
});

/** A worker is a process that loads the program. */
const alone = ['--jobs', '1'];

t.test('neither a directory of the user nor another sweep is written into', async (t) => {
  const directory = t.testdir({ 's.yaml': good, 'base.yaml': base });
  mkdirSync(join(directory, 'mine'));
  writeFileSync(join(directory, 'mine', 'precious'), 'text');
  const into = (...words: string[]) =>
    sim(directory, 'sweep', 's.yaml', '--quiet', ...alone, ...words);
  t.match(await into('--out', 'mine'), { status: 2, stderr: /^mine: exists and is not a sweep/ });
  t.same(readdirSync(join(directory, 'mine')), ['precious']);
  t.equal((await into('--out', 'sweep')).status, 0);
  const before = readFileSync(join(directory, 'sweep', 'runs.csv'), 'utf8');
  t.equal((await into('--out', 'sweep')).status, 0, 'the same sweep may be made again');
  for (const words of [['--seed', '2'], ['--shard', '1/2']]) {
    const refused = { status: 2, stderr: /^sweep: holds another s/ };
    t.match(await into('--out', 'sweep', ...words), refused);
  }
  t.equal(readFileSync(join(directory, 'sweep', 'runs.csv'), 'utf8'), before);
});

t.test('a dry run makes nothing and tells what would be made', async (t) => {
  const many = `${good}replications: { measures: { messages.sent: 5% }, max: 5001 }\n`;
  const directory = t.testdir({ 's.yaml': many, 'good.yaml': good, 'base.yaml': base });
  const { status, stdout } = await sim(directory, 'sweep', 's.yaml', '--dry-run', '--jobs', '2');
  t.equal(status, 0);
  t.match(stdout, /^s\ncells +2\nruns +20 at least, 10002 at most\nprocessor time +about /m);
  t.match(stdout, /^will take +about .* 2 jobs, if each has a core of its own$/m);
  const told = await sim(directory, 'sweep', 'good.yaml', '--dry-run', '--json', '--jobs', '3');
  t.match(JSON.parse(told.stdout), { name: 'good', cells: 2, runs: 2, mostRuns: 2, jobs: 3 });
  const shard = async (file: string): Promise<unknown> => JSON.parse((await sim(
    directory, 'sweep', file, '--shard', '2/2', '--dry-run', '--json')).stdout);
  t.match(await shard('good.yaml'), { cells: 1, runs: 1, mostRuns: 1 }, 'of the shard alone');
  t.match(await shard('s.yaml'), { cells: 1, runs: 10, mostRuns: 5001 });
  const refused = await sim(directory, 'sweep', 's.yaml');
  t.match(refused, {
    status: 2, stderr: /^s\.yaml: 2 cells make 10,002 runs, --dry-run tells .*, --yes makes/,
  });
  t.same(readdirSync(directory).sort(), ['base.yaml', 'good.yaml', 's.yaml']);
});

t.test('a finished sweep is extended: only what it lacks is run', async (t) => {
  const directory = t.testdir({ 's.yaml': good, 'base.yaml': base });
  const run = async (...words: string[]): Promise<{ runs: number; kept: number }> => {
    const always = ['s.yaml', '--json', ...alone];
    const { stdout, stderr } = await sim(directory, 'sweep', ...always, ...words);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as { runs: number; kept: number };
  };
  t.match(await run('--out', 'small'), { runs: 2, kept: 0 });
  writeFileSync(join(directory, 's.yaml'), [
    'base: base.yaml',
    'replications: 2',
    'vary: { network.loss: [0, 2%], system.zones: [1, 2] }',
  ].join('\n'));
  t.match(await run('--out', 'large', '--extend', 'small'), { runs: 8, kept: 1 });
  t.match(await run('--out', 'whole'), { runs: 8, kept: 0 });
  const table = (where: string): string => readFileSync(join(directory, where, 'runs.csv'), 'utf8');
  t.equal(table('large'), table('whole'), 'more values, axes and replications');
  const manifest = join(directory, 'small', 'manifest.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"code": "../, '"code": "zz'));
  const refused = await sim(directory, 'sweep', 's.yaml', '--out', 'x', '--extend', 'small');
  t.match(refused, { status: 2, stderr: /^small: was made by other code or plug-ins, make/ });
  const nowhere = await sim(directory, 'sweep', 's.yaml', '--extend', 'nowhere');
  t.match(nowhere, { status: 2, stderr: /^nowhere: not a sweep/ });
});

t.test('the exit code is that of the worst row', (t) => {
  const code = (...statuses: RunStatus[]): number =>
    exitCodeOf({ rows: statuses.map((status) => ({ status })), interrupted: false });
  t.equal(code(), 0);
  t.equal(code('ok', 'ok'), 0);
  t.equal(code('ok', 'broken'), 1);
  t.equal(code('crashed', 'ok', 'broken'), 3);
  t.equal(exitCodeOf({ rows: [{ status: 'crashed' }], interrupted: true }), 130);
  t.end();
});
