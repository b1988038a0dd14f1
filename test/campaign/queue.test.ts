/** Sweeps by way of a real Redis, disturbed in every way: the same table, byte for byte. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { simHere } from '../cli/in-process.js';
import { startSim, type Ended } from '../cli/sim.js';
import { noRedis, TestRedis } from './redis.js';

const sweep = (minutes: number): string => `
name: tiny
base:
  duration: ${minutes}m
  warmUp: 30s
  system: { managers: 3, resources: [{ kind: service, count: 6 }] }
  measure: { samples: 5 }
  faults: [{ random: { lifetime: { exponential: 3m } }, crash: { each: hosts }, repairAfter: 20s }]
replications: 4
vary: { network.loss: [0, 1%] }
`;

const runs = (directory: string, out: string): number => {
  const folder = join(directory, out, 'runs');
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).filter((name) => !name.startsWith('.')).length;
};
const table = (directory: string, out: string): string =>
  readFileSync(join(directory, out, 'runs.csv'), 'utf8');

interface Listened {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly says: (what: RegExp) => Promise<void>;
}

function listening(child: ChildProcess): Listened {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = once(child, 'close').then(() => ({ status: child.exitCode, stdout, stderr }));
  const says = async (what: RegExp): Promise<void> => {
    while (!what.test(stderr) && child.exitCode === null) await sleep(20);
  };
  return { child, ended, says };
}

t.test('two workers on a Redis that is killed: the plain table', {
  skip: noRedis,
}, async (t) => {
  const directory = t.testdir({ 's.yaml': sweep(40), redis: {} });
  const plain = ['s.yaml', '--out', 'plain', '--quiet', '--jobs', '1'];
  t.equal((await simHere(directory, 'sweep', ...plain)).status, 0);
  const redis = await TestRedis.start(join(directory, 'redis'));
  t.teardown(() => redis.kill());
  const queue = ['--queue', redis.url];
  const worker = () => listening(startSim(directory, 'worker', ...queue, '--jobs', '1'));
  const workers = [worker(), worker()];
  t.teardown(() => workers.forEach(({ child }) => child.kill('SIGKILL')));
  const runner = listening(
    startSim(directory, 'sweep', 's.yaml', ...queue, '--out', 'queued', '--json'));
  const until = async (count: number): Promise<void> => {
    while (runs(directory, 'queued') < count && runner.child.exitCode === null) await sleep(5);
  };
  await until(2);
  const seen = await simHere(directory, 'sweep', 'tiny', '--attach', ...queue, '--json');
  t.match(JSON.parse(seen.stdout), { campaigns: [{ name: 'tiny', state: 'running' }] });
  workers[0].child.kill('SIGKILL');
  workers.push(worker());
  await until(4);
  await redis.kill();
  t.ok(runs(directory, 'queued') < 8, 'it was not over');
  await redis.start();
  t.match(await runner.ended, { status: 0, stdout: /"runs": 8,.*"ok": 8,/s });
  t.ok(table(directory, 'queued') === table(directory, 'plain'), 'byte for byte');
  const names = readdirSync(join(directory, 'plain')).filter((name) => name !== 'manifest.json');
  const read = (out: string, name: string): Buffer => readFileSync(join(directory, out, name));
  const differ = names.filter((name) =>
    /\.\w+$/.test(name) && !read('queued', name).equals(read('plain', name)));
  t.ok(names.includes('episodes.csv'), 'all tables');
  t.same(differ, [], 'each of them, byte for byte');
  t.same(readdirSync(join(directory, 'queued/runs')), readdirSync(join(directory, 'plain/runs')));
  t.notMatch(redis.ask('keys', '*'), /results|ready|:\d+$|-[0-9a-f]{12}$/, 'nothing is left');
  for (const { child, ended, says } of workers.slice(1)) {
    // Before that a signal ends it as it ends any program.
    await says(/at work/);
    child.kill('SIGTERM');
    t.match(await ended, { status: 0 }, 'it drains');
  }
  const after = await simHere(directory, 'sweep', '--attach', ...queue);
  t.match(after, { status: 0, stdout: /^tiny \(\w+\), on .*: 8 of 8 runs; finished/ });
});

t.test('Redis is gone for a while, and the runner is killed: both go on', {
  skip: noRedis,
}, async (t) => {
  const directory = t.testdir({ 's.yaml': sweep(300), redis: {} });
  // What it has written before it goes, it has when it is there again.
  const redis = await TestRedis.start(join(directory, 'redis'), '--appendonly', 'yes');
  t.teardown(() => redis.kill());
  const queue = ['--queue', redis.url];
  const begin = (...words: string[]) =>
    listening(startSim(directory, 'sweep', 's.yaml', ...queue, '--out', 'out', '--json', ...words));
  const first = begin();
  const worker = listening(startSim(directory, 'worker', ...queue, '--jobs', '1'));
  t.teardown(() => worker.child.kill('SIGKILL'));
  while (runs(directory, 'out') < 2 && first.child.exitCode === null) await sleep(5);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = begin('--resume');
  while (runs(directory, 'out') < 4 && second.child.exitCode === null) await sleep(5);
  await redis.kill('SIGTERM');
  await sleep(3000);
  await redis.start();
  const { status, stdout, stderr } = await second.ended;
  t.equal(status, 0, stderr);
  t.match(JSON.parse(stdout), { runs: 8, ok: 8 });
  t.match(stderr, /^sim: Redis at \S+ is gone \(.*\), waiting for it\nsim: .* is there again\n/);
  worker.child.kill('SIGTERM');
  t.match(await worker.ended, { status: 0, stderr: /made \d+ runs/ });
});
