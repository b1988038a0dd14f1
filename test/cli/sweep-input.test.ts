import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { RunStatus } from '../../analysis/sweep/index.js';
import { exitCodeOf } from '../../cli/sweep/print.js';
import { simHere as sim } from './in-process.js';

const base = 'duration: 1m\nsystem: { managers: 1 }\n';
const good = 'base: base.yaml\nvary: { network.loss: [0, 1%] }\n';

t.test('wrong sweeps exit with 2, one message, and leave nothing behind', async (t) => {
  const cases: readonly [string, readonly string[], RegExp][] = [
    ['base: base.yaml\nvray: {}\n', [], /^s\.yaml:2:1: unknown key vray, did you mean vary\?\n$/],
    ['base: base.yaml\nvary: { network.loss: [2] }\n', [], /^s\.yaml:2:24: loss: 2 is more than /],
    ['base: b.yaml\nvary: {}\n', [], /^s\.yaml:1:7: cannot read the base scenario b\.yaml: /],
    [good, ['--jobs', '0'], /^--jobs: 0 is not a whole number/],
    [good, ['--jobs', 'many'], /^--jobs: many is not a whole number/],
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

t.test('neither a directory of the user nor another sweep is written into', async (t) => {
  const directory = t.testdir({ 's.yaml': good, 'base.yaml': base });
  mkdirSync(join(directory, 'mine'));
  writeFileSync(join(directory, 'mine', 'precious'), 'text');
  const into = (...words: string[]) => sim(directory, 'sweep', 's.yaml', '--quiet', ...words);
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
