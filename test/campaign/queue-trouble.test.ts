/** What goes wrong around a sweep by way of a Redis: whose fault it is, and who must not suffer. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { queueAddress } from '../../campaign/queue/address.js';
import { Board } from '../../campaign/queue/board.js';
import { connect } from '../../campaign/queue/link.js';
import { noRedis, TestRedis } from './redis.js';

const program = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
const good = `
name: s
base: { duration: 1m, measure: { samples: 5 }, system: { managers: 2 } }
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

const wait = { skip: noRedis, buffered: true };
t.jobs = 4;

t.test('a runner that is refused, or gives up waiting, harms nobody', wait, async (t) => {
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

t.test('a worker whose folder is gone gives back what it has', wait, async (t) => {
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

t.test('who is told to end while Redis is gone ends, with what there is', wait, async (t) => {
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

t.test('a lock that is lost, again and again, is no death', wait, async (t) => {
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

t.test('what a worker has that is gone is given to another in time', wait, async (t) => {
  const { redis, sim, queued } = await placeOf(t, {
    's.yaml': good.replace('managers: 2 }', 'managers: 2 }, network: { latency: { slow: {} } }')
      .replace('4', '1'),
    'slow.mjs': slow,
  });
  const plugin = ['--plugin', './slow.mjs'];
  sim(['sweep', 's.yaml', '--out', 'out', '--json', ...plugin]);
  await queued(1);
  const [name = ''] = redis.ask('keys', 'howdah:runs-*').split('\n').filter((key) =>
    /-\w{12}$/.test(key));
  const begun = async (times: number): Promise<void> => {
    while (Number(redis.ask('hget', name, 'ats')) < times) await sleep(100);
  };
  const first = sim(['worker', '--jobs', '1', ...plugin]);
  await begun(1);
  const second = sim(['worker', '--jobs', '1', ...plugin]);
  await second.says(/at work/);
  // Told once it would end what it has begun; told twice it goes, as if it were killed.
  first.child.kill('SIGTERM');
  await first.says(/ends what it has begun; once more ends it at once/);
  first.child.kill('SIGTERM');
  t.equal(await first.status, 143);
  const gone = performance.now();
  await begun(2);
  const seconds = (performance.now() - gone) / 1000;
  t.ok(seconds < 15, `${seconds} s`);
});

t.test('campaigns share a Redis, in bounded memory, and prefixes keep apart', wait, async (t) => {
  const { directory, redis, sim } = await placeOf(t, {
    's.yaml': good, 'other.yaml': good.replace('name: s', 'name: other\nseed: 2'),
    'many.yaml': good.replace('4', '3000'),
  });
  const many = new Sim(directory, [
    'sweep', 'many.yaml', '--out', 'many', '--quiet', '--queue', `${redis.url}?prefix=ours`,
  ]);
  t.teardown(() => many.child.kill('SIGKILL'));
  sim(['worker', '--jobs', '1']);
  const both = ['s', 'other'].map((name) =>
    sim(['sweep', `${name}.yaml`, '--out', name, '--json']));
  for (const { status } of both) t.equal(await status, 0);
  for (const { stdout } of both) t.match(JSON.parse(stdout), { ok: 4, runs: 4 });
  const list = (): string => redis.ask('keys', 'ours:runs-*:wait');
  while (list() === '' || Number(redis.ask('llen', list())) < 1000) await sleep(200);
  // It looks for what is lacking every two seconds.
  await sleep(2500);
  t.equal(redis.ask('llen', list()), '1000', 'no more are out, and nobody takes them');
  const [, bytes = ''] = /used_memory:(\d+)/.exec(redis.ask('info', 'memory')) ?? [];
  t.ok(Number(bytes) > 0 && Number(bytes) < 30e6, `${bytes} bytes`);
});

t.test('without the packages it takes: one line', async (t) => {
  const hook = `
    export async function resolve(name, context, next) {
      if (name !== 'bullmq') return next(name, context);
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    }`;
  const register =
    `import { register } from 'node:module'; register('./hook.mjs', import.meta.url);`;
  const directory = t.testdir({ 'hook.mjs': hook, 'register.mjs': register });
  const env = { NODE_OPTIONS: '--import ./register.mjs' };
  const lacking = new Sim(directory, ['worker', '--queue', 'redis://127.0.0.1:1'], env);
  t.equal(await lacking.status, 2);
  t.match(lacking.stderr, /^--queue: it takes the packages [^\n]*npm install bullmq ioredis\n$/);
});

t.test('deaths are what was seen, and silence', wait, async (t) => {
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
