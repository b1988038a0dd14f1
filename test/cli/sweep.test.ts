import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
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
replications: 3
seed: 7
vary:
  coordination.resources.heartbeatPeriod: [5s, 10s]
  faults[0].random.lifetime.exponential:
    - { value: 20m, with: { duration: 8m } }
    - 1m
`;

/** A directory with `tiny.yaml` and its base, changed as told. */
function directoryOf(t: Tap, change: (text: string) => string = (text) => text): string {
  const directory = t.testdir();
  writeFileSync(join(directory, 'base.yaml'), change(base));
  writeFileSync(join(directory, 'tiny.yaml'), change(sweep));
  return directory;
}
type Tap = { testdir(): string };

/** Eight runs of some tenths of a second, so that there is time to disturb them. */
const slow = (text: string): string => text
  .replace('duration: 5m', 'duration: 80m').replace('duration: 8m', 'duration: 100m')
  .replace('replications: 3', 'replications: 2');

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

function finishedRuns(directory: string): string[] {
  const runs = join(directory, 'out', 'runs');
  return existsSync(runs) ? readdirSync(runs).filter((name) => !name.startsWith('.')) : [];
}

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

t.test('a row per run in design order, whatever the number of jobs', async (t) => {
  const directory = directoryOf(t);
  const { status, stdout, stderr } = sim(directory, 'sweep', 'tiny.yaml');
  t.equal(status, 0, stderr);
  t.equal(stderr, '', 'no progress where nobody watches');
  t.match(stdout, /^tiny: 12 runs, in /);
  const id = readlinkSync(join(directory, 'results', 'tiny', 'latest'));
  const one = await simHere(directory, 'sweep', 'tiny.yaml', ...alone, '--out', 'one', '--json');
  t.match(JSON.parse(one.stdout), { runs: 12, ok: 12, broken: 0, crashed: 0, directory: 'one' });
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
      ['20m', '1m'].flatMap((l) => ['1', '2', '3'].map((r) => `${p},${l},${r}`)),
    ),
  );
  t.equal(new Set(rows.map((row) => row['run_id'])).size, 12);
  for (const replication of ['1', '2', '3']) {
    const seeds = rows.filter((row) => row['replication'] === replication).map((r) => r['seed']);
    t.equal(new Set(seeds).size, 1, 'common random numbers');
  }
  t.equal(new Set(rows.map((row) => row['seed'])).size, 3);
  t.same(
    new Set(rows.map((row) => `${row[lifetime]} ${row['simulatedSeconds']}`)),
    new Set(['20m 480', '1m 300']),
    'the linked duration goes along',
  );
  const [{ run_id: runId, digest }] = rows;
  const again = await simHere(directory, 'run', `one/runs/${runId}/scenario.yaml`, '--json');
  t.match(JSON.parse(again.stdout), { digest, directory: `results/base/${runId}` });
  await simHere(directory, 'sweep', 'one/sweep.yaml', '--out', 'again', '--quiet', ...alone);
  t.ok(text === table(directory, 'again'), 'sweep.yaml is the same sweep');
});

t.test('killed with -9 and resumed: the same table, and nothing is made twice', async (t) => {
  const directory = directoryOf(t, slow);
  const child = startSim(directory, 'sweep', 'tiny.yaml', '--out', 'out', '--jobs', '2');
  while (finishedRuns(directory).length < 3 && child.exitCode === null) await sleep(5);
  const workers = workersOf(child.pid!);
  t.equal(workers.length, 2, 'a process per job');
  child.kill('SIGKILL');
  await once(child, 'exit');
  for (let tries = 0; workers.some(isAlive) && tries < 200; tries += 1) await sleep(25);
  t.notOk(workers.some(isAlive), 'workers do not outlive their sweep');
  const before = finishedRuns(directory).length;
  t.ok(before < 8, 'it was not over');
  t.notOk(existsSync(join(directory, 'out', 'runs.csv')), 'no table of a part');
  const made = async (...words: string[]): Promise<object> => JSON.parse(
    (await simHere(directory, 'sweep', 'tiny.yaml', '--json', ...alone, ...words)).stdout,
  ) as object;
  t.match(await made('--out', 'out', '--resume'), { runs: 8, kept: before, ok: 8 });
  t.match(await made('--out', 'whole'), { runs: 8, kept: 0 });
  t.ok(table(directory, 'out') === table(directory, 'whole'), 'byte for byte');
  t.ok(sameTables(directory, 'out', 'whole'), 'so are all tables');
  t.same(readdirSync(join(directory, 'out')), readdirSync(join(directory, 'whole')));
  t.same(readdirSync(join(directory, 'out', 'runs')), readdirSync(join(directory, 'whole/runs')));
});

t.test('a killed worker is a crashed row, and the sweep goes on', async (t) => {
  const directory = directoryOf(t, slow);
  const child = startSim(directory, 'sweep', 'tiny.yaml', '--out', 'out', '--jobs', '2', '--json');
  let printed = '';
  child.stdout?.on('data', (text: Buffer) => (printed += text.toString()));
  while (finishedRuns(directory).length < 2 && child.exitCode === null) await sleep(5);
  // Whose run has just been finished is about to be given the next: only a run under way crashes.
  await sleep(100);
  process.kill(workersOf(child.pid!)[0], 'SIGKILL');
  await once(child, 'close');
  t.equal(child.exitCode, 3);
  t.match(JSON.parse(printed), { runs: 8, crashed: 1, ok: 7 });
  const rows = parseCsv(table(directory, 'out'));
  t.equal(rows.length, 8);
  const [crashed] = rows.filter(({ status }) => status === 'crashed');
  t.match(crashed, { digest: '', events: '' }, 'no results');
  const why = readFileSync(join(directory, 'out/crashes', `${crashed['run_id']}.txt`), 'utf8');
  t.match(why, /SIGKILL/);
  const resume = ['--out', 'out', '--resume', '--json'];
  const resumed = await simHere(directory, 'sweep', 'tiny.yaml', ...resume);
  t.equal(resumed.status, 0, 'a crash is tried again');
  t.match(JSON.parse(resumed.stdout), { kept: 7, ok: 8, crashed: 0 });
  t.notOk(existsSync(join(directory, 'out', 'crashes')));
});

t.test('Ctrl-C keeps what is done and exits with 130', async (t) => {
  const directory = directoryOf(t, slow);
  const child = startSim(directory, 'sweep', 'tiny.yaml', '--out', 'out');
  while (finishedRuns(directory).length < 2 && child.exitCode === null) await sleep(5);
  const begun = performance.now();
  child.kill('SIGINT');
  await once(child, 'exit');
  t.equal(child.exitCode, 130);
  t.ok(performance.now() - begun < 3000, 'soon');
  const rows = parseCsv(table(directory, 'out'));
  t.ok(rows.length >= 2 && rows.length < 8);
  t.same(
    rows.map((row) => row['run_id']).sort(),
    readdirSync(join(directory, 'out', 'runs')).sort(),
    'a row per finished run, nothing half done',
  );
});

t.test('shards are put together to the whole', async (t) => {
  const directory = directoryOf(t);
  await simHere(directory, 'sweep', 'tiny.yaml', '--out', 'whole', '--quiet', ...alone);
  const shards: string[] = [];
  for (const index of ['1', '2', '3']) {
    const words = ['tiny.yaml', '--shard', `${index}/3`, '--json', ...alone];
    const { stdout } = await simHere(directory, 'sweep', ...words);
    const printed = JSON.parse(stdout) as { directory: string; runs: number };
    t.equal(printed.runs, 4);
    shards.push(printed.directory);
  }
  const turned = [...shards].reverse();
  const { status, stdout, stderr } = await simHere(directory, 'merge', ...turned, '--json');
  t.equal(status, 0, stderr);
  const merged = JSON.parse(stdout) as { directory: string };
  t.ok(table(directory, merged.directory) === table(directory, 'whole'), 'byte for byte');
  t.ok(sameTables(directory, merged.directory, 'whole'), 'so are all tables');
  const listed = (where: string): string[] => readdirSync(join(directory, where, 'runs')).sort();
  t.same(listed(merged.directory), listed('whole'));
  const refusals: readonly [readonly string[], RegExp][] = [
    [shards.slice(1), /shard 1 of 3 is missing, make it by sim sweep --shard 1\/3/],
    [[...shards, shards[0]], /is shard 1 as .* is, name each shard once/],
    [['whole'], /^whole: is a whole sweep already, name shards/],
    [['.'], /^\.: not a sweep/],
  ];
  for (const [names, message] of refusals) {
    const refused = await simHere(directory, 'merge', ...names, '--out', 'never');
    t.match(refused, { status: 2, stderr: message, stdout: '' });
    t.notOk(existsSync(join(directory, 'never')));
  }
});
