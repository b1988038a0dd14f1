import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { tableFiles } from '../../analysis/sweep/index.js';
import { parseCsv } from '../../analysis/tables/index.js';
import { simHere } from './in-process.js';
import { sim, startSim } from './sim.js';

const base = `
duration: 5m
warmUp: 30s
system: { managers: 3, resources: [{ kind: service, count: 8 }] }
measure: { samples: 10 }
faults:
  - random: { lifetime: { exponential: 3m } }
    crash: { each: hosts }
    repairAfter: 20s
`;
const sweep = `
name: tiny
base: base.yaml
replications: 2
seed: 7
vary:
  coordination.resources.heartbeatPeriod: [5s, 10s]
  faults[0].random.lifetime.exponential:
    - { value: 20m, with: { duration: 8m } }
    - 1m
`;

/** A directory with `tiny.yaml` and its base, changed as told. */
function directoryOf(t: Test, change: (text: string) => string = (text) => text): string {
  const directory = t.testdir();
  writeFileSync(join(directory, 'base.yaml'), change(base));
  writeFileSync(join(directory, 'tiny.yaml'), change(sweep));
  return directory;
}

/** Runs of some tenths of a second, so that there is time to disturb them. */
const slow = (text: string): string => text
  .replace('duration: 5m', 'duration: 40m').replace('duration: 8m', 'duration: 50m');

/** Where nothing depends on more: each worker is a process that loads the program. */
const alone = ['--jobs', '1'] as const;

function table(directory: string, where: string): string {
  return readFileSync(join(directory, where, 'runs.csv'), 'utf8');
}

/** Whether the tables of all runs together are the same, byte for byte. */
function sameTables(directory: string, one: string, other: string): boolean {
  const read = (where: string, name: string): Buffer => readFileSync(join(directory, where, name));
  return tableFiles.every((name) => read(one, name).equals(read(other, name)));
}

function runsIn(directory: string): string[] {
  const runs = join(directory, 'out', 'runs');
  return existsSync(runs) ? readdirSync(runs) : [];
}
const isHidden = (name: string): boolean => name.startsWith('.');
const finishedRuns = (directory: string): string[] =>
  runsIn(directory).filter((name) => !isHidden(name));
const runsUnderWay = (directory: string): number => runsIn(directory).filter(isHidden).length;

/** The worker processes of a sweep, by the operating system's word. */
function workersOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

t.test('a row per run in design order, whatever the jobs, and by shards', async (t) => {
  const directory = directoryOf(t);
  const { status, stdout, stderr } = sim(directory, 'sweep', 'tiny.yaml');
  t.equal(status, 0, stderr);
  t.equal(stderr, '', 'no progress where nobody watches');
  t.match(stdout, /^tiny: 8 runs, in /);
  const id = readlinkSync(join(directory, 'results', 'tiny', 'latest'));
  const one = await simHere(directory, 'sweep', 'tiny.yaml', ...alone, '--out', 'one', '--json');
  t.match(JSON.parse(one.stdout), { runs: 8, ok: 8, broken: 0, crashed: 0, directory: 'one' });
  const text = table(directory, `results/tiny/${id}`);
  t.ok(text === table(directory, 'one'), 'byte for byte');
  t.ok(sameTables(directory, `results/tiny/${id}`, 'one'), 'so are all tables');
  const rows = parseCsv(text);
  const [period, lifetime] = [
    'coordination.resources.heartbeatPeriod',
    'faults[0].random.lifetime.exponential',
  ];
  t.same(Object.keys(rows[0]).slice(0, 6), [
    'run_id', 'status', 'seed', 'replication', period, lifetime,
  ]);
  t.same(
    rows.map((row) => [row[period], row[lifetime], row['replication']].join()),
    ['5s', '10s'].flatMap((p) =>
      ['20m', '1m'].flatMap((l) => ['1', '2'].map((r) => `${p},${l},${r}`)),
    ),
  );
  t.equal(new Set(rows.map((row) => row['run_id'])).size, 8);
  for (const replication of ['1', '2']) {
    const seeds = rows.filter((row) => row['replication'] === replication).map((r) => r['seed']);
    t.equal(new Set(seeds).size, 1, 'common random numbers');
  }
  t.equal(new Set(rows.map((row) => row['seed'])).size, 2);
  t.same(
    new Set(rows.map((row) => `${row[lifetime]} ${row['simulatedSeconds']}`)),
    new Set(['20m 480', '1m 300']),
    'the linked duration goes along',
  );
  const [{ run_id: runId, digest }] = rows;
  const again = await simHere(directory, 'run', `one/runs/${runId}/scenario.yaml`, '--json');
  t.match(JSON.parse(again.stdout), { digest, directory: `results/base/${runId}` });
  await byShards(t, directory);
});

/** Of the sweep in `directory`, of which `one` is the whole. */
async function byShards(t: Test, directory: string): Promise<void> {
  const shards: string[] = [];
  for (const [index, runs] of [3, 3, 2].entries()) {
    // Made from the sweep's own copy, which is the same sweep.
    const words = ['one/sweep.yaml', '--shard', `${index + 1}/3`, '--json', ...alone];
    const { stdout } = await simHere(directory, 'sweep', ...words);
    const printed = JSON.parse(stdout) as { directory: string; runs: number };
    t.equal(printed.runs, runs);
    shards.push(printed.directory);
  }
  const turned = [...shards].reverse();
  const { status, stdout, stderr } = await simHere(directory, 'merge', ...turned, '--json');
  t.equal(status, 0, stderr);
  const merged = JSON.parse(stdout) as { directory: string };
  t.ok(table(directory, merged.directory) === table(directory, 'one'), 'byte for byte');
  t.ok(sameTables(directory, merged.directory, 'one'), 'so are all tables');
  const listed = (where: string): string[] => readdirSync(join(directory, where, 'runs')).sort();
  t.same(listed(merged.directory), listed('one'));
  const refusals: readonly [readonly string[], RegExp][] = [
    [shards.slice(1), /shard 1 of 3 is missing, make it by sim sweep --shard 1\/3/],
    [[...shards, shards[0]], /is shard 1 as .* is, name each shard once/],
    [['one'], /^one: is a whole sweep already, name shards/],
    [['.'], /^\.: not a sweep/],
  ];
  for (const [names, message] of refusals) {
    const refused = await simHere(directory, 'merge', ...names, '--out', 'never');
    t.match(refused, { status: 2, stderr: message, stdout: '' });
    t.notOk(existsSync(join(directory, 'never')));
  }
}

t.test('killed, interrupted, bereft of a worker, resumed: the same table', async (t) => {
  const directory = directoryOf(t, slow);
  const out = ['--out', 'out', '--jobs', '2', '--json'];
  /** Goes on until so many runs are finished. */
  const begin = async (finished: number, ...words: string[]) => {
    const child = startSim(directory, 'sweep', 'tiny.yaml', ...out, ...words);
    const ended = { stdout: '' };
    child.stdout?.on('data', (text: Buffer) => (ended.stdout += text.toString()));
    while (finishedRuns(directory).length < finished && child.exitCode === null) await sleep(5);
    return { child, ended, closed: once(child, 'close') };
  };

  const killed = await begin(1);
  const workers = workersOf(killed.child.pid!);
  t.equal(workers.length, 2, 'a process per job');
  killed.child.kill('SIGKILL');
  await killed.closed;
  for (let tries = 0; workers.some(isAlive) && tries < 200; tries += 1) await sleep(25);
  t.notOk(workers.some(isAlive), 'workers do not outlive their sweep');
  t.notOk(existsSync(join(directory, 'out', 'runs.csv')), 'no table of a part');
  const first = finishedRuns(directory);
  t.ok(first.length < 8, 'it was not over');

  const interrupted = await begin(first.length + 1, '--resume');
  const begun = performance.now();
  interrupted.child.kill('SIGINT');
  await interrupted.closed;
  t.equal(interrupted.child.exitCode, 130);
  t.ok(performance.now() - begun < 3000, 'soon');
  const part = parseCsv(table(directory, 'out')).map((row) => row['run_id']).sort();
  t.ok(part.length > first.length && part.length < 8);
  t.same(part, finishedRuns(directory).sort(), 'a row per finished run, nothing half done');

  const bereft = await begin(part.length, '--resume');
  // Only a run under way crashes.
  while (runsUnderWay(directory) < 2 && bereft.child.exitCode === null) await sleep(5);
  process.kill(workersOf(bereft.child.pid!)[0], 'SIGKILL');
  await bereft.closed;
  t.equal(bereft.child.exitCode, 3);
  t.match(JSON.parse(bereft.ended.stdout), { runs: 8, kept: part.length, crashed: 1, ok: 7 });
  const [crashed] = parseCsv(table(directory, 'out'))
    .filter(({ status }) => status === 'crashed');
  t.match(crashed, { digest: '', events: '' }, 'no results');
  const why = readFileSync(join(directory, 'out/crashes', `${crashed['run_id']}.txt`), 'utf8');
  t.match(why, /SIGKILL/);

  const made = async (...words: string[]): Promise<object> => JSON.parse(
    (await simHere(directory, 'sweep', 'tiny.yaml', '--json', ...alone, ...words)).stdout,
  ) as object;
  const resumed = await made('--out', 'out', '--resume');
  t.match(resumed, { runs: 8, kept: 7, ok: 8, crashed: 0 }, 'a crash is tried again');
  t.notOk(existsSync(join(directory, 'out', 'crashes')));
  t.match(await made('--out', 'whole'), { runs: 8, kept: 0 });
  t.ok(table(directory, 'out') === table(directory, 'whole'), 'byte for byte');
  t.ok(sameTables(directory, 'out', 'whole'), 'so are all tables');
  t.same(readdirSync(join(directory, 'out')), readdirSync(join(directory, 'whole')));
  t.same(readdirSync(join(directory, 'out', 'runs')), readdirSync(join(directory, 'whole/runs')));
});
