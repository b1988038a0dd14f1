/** What goes wrong around a sweep by way of a Redis: whose fault it is, and who must not suffer. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { queueAddress } from '../../campaign/executors/queue/address.js';
import { Board } from '../../campaign/executors/queue/board.js';
import { connect } from '../../campaign/executors/queue/link.js';
import { noRedis, TestRedis } from './redis.js';

const program = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
const good = `
name: s
base: { duration: 1m, system: { managers: 2 } }
vary: {}
replications: 4
`;

/** Stands still, outside the simulation, for longer than its locks are let live. */
const slow = `
const pause = new Int32Array(new SharedArrayBuffer(4));
let first = true;
export default { latencies: { slow: {
  longestUs: () => 1000,
  create: () => ({ delayUs: () => {
    if (first) Atomics.wait(pause, 0, 0, 14000);
    first = false;
    return 1000;
  } }),
} } };`;

/** A process of `sim` that is looked at while it goes on. */
class Sim {
  readonly child: ChildProcess;
  stderr = '';
  stdout = '';
  readonly status: Promise<number | null>;

  constructor(directory: string, words: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [program, ...words], {
      cwd: directory, env: { ...process.env, ...env },
    });
    this.child.stdout?.on('data', (text: Buffer) => (this.stdout += text.toString()));
    this.child.stderr?.on('data', (text: Buffer) => (this.stderr += text.toString()));
    this.status = once(this.child, 'close').then(() => this.child.exitCode);
  }

  async says(what: RegExp): Promise<void> {
    while (!what.test(this.stderr) && this.child.exitCode === null) await sleep(20);
  }
}

interface Place {
  readonly directory: string;
  readonly redis: TestRedis;
  readonly queue: readonly string[];
  readonly sim: (words: readonly string[], env?: NodeJS.ProcessEnv) => Sim;
  /** Until so many runs wait in the queue, or are being made. */
  readonly queued: (count: number) => Promise<void>;
}

async function placeOf(t: Test, files: Readonly<Record<string, string>>): Promise<Place> {
  const directory = t.testdir({ ...files, redis: {} });
  const redis = await TestRedis.start(join(directory, 'redis'));
  const queue = ['--queue', redis.url];
  const all: Sim[] = [];
  t.teardown(async () => {
    for (const { child } of all) child.kill('SIGKILL');
    await redis.kill();
  });
  return {
    directory, redis, queue,
    sim: (words, env) => {
      const started = new Sim(directory, [...words, ...queue], env);
      all.push(started);
      return started;
    },
    queued: async (count) => {
      const jobs = (): number =>
        redis.ask('keys', 'howdah:runs-*').split('\n').filter((key) => /-\w{12}$/.test(key)).length;
      while (jobs() < count) await sleep(100);
    },
  };
}

const skip = noRedis;

t.test('a runner that is refused, or gives up waiting, harms nobody', { skip }, async (t) => {
  const { directory, sim, queued } = await placeOf(t, { 's.yaml': good });
  const first = sim(['sweep', 's.yaml', '--out', 'first', '--json']);
  await queued(4);
  const third = sim(['sweep', 's.yaml', '--out', 'third', '--quiet']);
  const second = sim(['sweep', 's.yaml', '--out', 'second', '--quiet']);
  while (!existsSync(join(directory, 'third/sweep.yaml'))) await sleep(20);
  third.child.kill('SIGINT');
  t.equal(await third.status, 130);
  t.equal(await second.status, 4);
  t.match(second.stderr, /\(process \d+\) conducts campaign \w+, wait for it, or look on with --a/);
  await queued(4);
  sim(['worker', '--jobs', '1']);
  t.equal(await first.status, 0, first.stderr);
  t.match(JSON.parse(first.stdout), { ok: 4 });
});

t.test('a worker whose folder is gone gives back what it has', { skip }, async (t) => {
  const { directory, sim } = await placeOf(t, { 's.yaml': good });
  const folder = join(directory, 'folder');
  mkdirSync(folder);
  const bad = sim(['worker', '--jobs', '2'], { TMPDIR: folder });
  await bad.says(/at work/);
  await sleep(300);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  const sweep = sim(['sweep', 's.yaml', '--out', 'out', '--json']);
  t.equal(await bad.status, 4);
  t.match(bad.stderr, /\S+folder\S+: [^\n]+, [^\n]+\n$/, 'place and remedy');
  sim(['worker', '--jobs', '1']);
  t.equal(await sweep.status, 0, sweep.stderr);
  t.match(JSON.parse(sweep.stdout), { ok: 4, crashed: 0 });
});

t.test('who is told to end while Redis is gone ends, with what there is', { skip }, async (t) => {
  const { directory, redis, sim, queued } = await placeOf(t, {
    's.yaml': good, 'slow.mjs': slow,
  });
  const sweep = sim(['sweep', 's.yaml', '--out', 'out']);
  await queued(4);
  // It is told of once it was looked at.
  while (redis.ask('exists', 'howdah:campaigns') !== '1') await sleep(100);
  const connections = (): number => redis.ask('client', 'list').split('name=howdah@').length;
  const before = connections();
  const attached = sim(['sweep', '--attach']);
  while (connections() === before && attached.child.exitCode === null) await sleep(100);
  const worker = sim(['worker', '--plugin', './slow.mjs']);
  const all = [[sweep, 'SIGINT', 130], [attached, 'SIGINT', 130], [worker, 'SIGTERM', 0]] as const;
  // Of a campaign that it cannot help: no fault of its own.
  await worker.says(/was begun by another build or with other plugins/);
  await redis.kill();
  await Promise.all(all.map(([one]) => one.says(/ is gone \(/)));
  for (const [{ child }, signal] of all) child.kill(signal);
  for (const [{ status, stderr }, , wanted] of all) t.equal(await status, wanted, stderr);
  t.ok(existsSync(join(directory, 'out/runs.csv')));
});

t.test('a lock that is lost, again and again, is no death', { skip }, async (t) => {
  const { redis, sim, queued } = await placeOf(t, {
    's.yaml': good.replace('managers: 2 }', 'managers: 2 }, network: { latency: { slow: {} } }')
      .replace('4', '1'),
    'slow.mjs': slow,
  });
  const plugin = ['--plugin', './slow.mjs'];
  const sweep = sim(['sweep', 's.yaml', '--out', 'out', '--json', ...plugin]);
  for (let worker = 0; worker < 3; worker += 1) sim(['worker', '--jobs', '1', ...plugin]);
  await queued(1);
  const [name = ''] = redis.ask('keys', 'howdah:runs-*').split('\n').filter((key) =>
    /-\w{12}$/.test(key));
  for (let lost = 0; lost < 2; ) {
    if (redis.ask('del', `${name}:lock`) === '1') lost += 1;
    const started = (): number => Number(redis.ask('hget', name, 'ats'));
    while (started() < lost + 1) await sleep(100);
  }
  t.equal(await sweep.status, 0, sweep.stderr);
  t.match(JSON.parse(sweep.stdout), { ok: 1, crashed: 0 });
});

t.test('deaths are what was seen, and silence', { skip }, async (t) => {
  const { redis } = await placeOf(t, {});
  const link = await connect(queueAddress(redis.url), { gone: () => undefined });
  t.teardown(() => link.close());
  const board = new Board(link);
  const attempt = (worker: string) => ({ campaign: 'c', runId: 'r', name: `${worker} 1` });
  await board.announce({ id: 'alive', host: 'h', process: 1, code: 'x', jobs: 1 });
  for (const worker of ['alive', 'dead', 'killed', 'done']) await board.begin(attempt(worker));
  t.same(await board.deaths(attempt('me')), { seen: 0, unheard: 3 });
  await board.died(attempt('killed'));
  await board.ended(attempt('done'));
  t.same(await board.deaths(attempt('me')), { seen: 1, unheard: 1 });
  await board.collected('c', 'r');
  t.same(await board.deaths(attempt('me')), { seen: 0, unheard: 0 });
  t.equal(await board.workers('x'), 1);
  t.equal(redis.ask('keys', '*:attempts:*'), '', 'nothing is left');
});
