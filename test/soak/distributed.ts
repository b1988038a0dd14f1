/** Sweeps by way of a Redis in which something is killed or cut every few seconds. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { noRedis, TestRedis } from '../campaign/redis.js';
import { Place } from './campaign-place.js';
import type { Check, Finding } from './check.js';

/** Crashed rows, of runs whose workers happened to be killed twice, are tried again so often. */
const MOST_BEGUN = 5;

const sweepOf = (replications: number, minutes: number): string => `
name: short
base:
  duration: ${minutes}m
  system: { managers: 3, resources: [{ kind: service, count: 4 }] }
  measure: { samples: 5 }
  faults: [{ every: 2m, from: 1m, crash: coordinator, repairAfter: 20s }]
replications: ${replications}
vary: { network.loss: [0, 1%] }
`;

/** What is disturbed, and how often each was. */
class Disturbances {
  readonly counts: Record<string, number> = {};
  workers: ChildProcess[];
  runner: ChildProcess;
  private readonly place: Place;
  private readonly redis: TestRedis;
  private readonly begin: () => ChildProcess;
  private readonly work: () => ChildProcess;

  constructor(
    place: Place, redis: TestRedis, begin: () => ChildProcess, work: () => ChildProcess,
  ) {
    this.place = place;
    this.redis = redis;
    this.begin = begin;
    this.work = work;
    this.workers = [work(), work()];
    this.runner = begin();
  }

  async disturb(turn: number): Promise<void> {
    const kinds = {
      worker: () => this.replaceWorker(turn, 'SIGKILL'),
      connections: () => void this.redis.ask('client', 'kill', 'type', 'normal'),
      drain: () => this.replaceWorker(turn, 'SIGTERM'),
      runner: () => this.replaceRunner(),
      redis: () => this.emptyRedis(),
      // Longer than the locks last: what is being made comes again.
      stall: () => this.stallRedis(),
    };
    const names = Object.keys(kinds) as (keyof typeof kinds)[];
    const name = names[turn % names.length];
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    await kinds[name]();
  }

  private replaceWorker(turn: number, signal: NodeJS.Signals): void {
    const index = turn % this.workers.length;
    this.workers[index].kill(signal);
    this.workers[index] = this.work();
  }

  private async replaceRunner(): Promise<void> {
    if (this.runner.exitCode !== null) return;
    this.runner.kill('SIGKILL');
    if (this.runner.signalCode === null) await once(this.runner, 'exit');
    this.runner = this.begin();
  }

  private async emptyRedis(): Promise<void> {
    await this.redis.kill();
    await this.redis.start();
  }

  private async stallRedis(): Promise<void> {
    await this.redis.kill('SIGSTOP');
    await sleep(12_000);
    await this.redis.kill('SIGCONT');
  }

  /** Begins it again until it is whole; how it ended. */
  async whole(everyMs: number, progress: (what: string) => void): Promise<number | null> {
    for (let [turn, begun] = [0, 0]; begun < MOST_BEGUN; ) {
      await Promise.race([once(this.runner, 'exit'), sleep(everyMs)]);
      if (this.runner.exitCode === 0) break;
      if (this.runner.exitCode !== null) {
        begun += 1;
        this.runner = this.begin();
        continue;
      }
      await this.disturb(turn);
      turn += 1;
      progress(`${turn} disturbances, ${finished(this.place.directory)} runs`);
    }
    return this.runner.exitCode;
  }
}

function finished(directory: string): number {
  const folder = join(directory, 'disturbed/runs');
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).filter((name) => !name.startsWith('.')).length;
}

/** `--replications N`: of each of the two cells, instead of a thousand. */
export const distributed: Check = async (scale, progress, words = []) => {
  if (noRedis !== false) {
    const what = 'sweeps by way of a Redis';
    return [{ what, measured: noRedis, wanted: 'one', ok: true, skipped: true }];
  }
  const long = scale === 'long';
  const place = new Place();
  const folder = join(place.directory, 'redis');
  mkdirSync(folder);
  const redis = await TestRedis.start(folder);
  try {
    const asked = words.indexOf('--replications');
    const replications = asked < 0 ? (long ? 1000 : 20) : Number(words[asked + 1]);
    writeFileSync(join(place.directory, 's.yaml'), sweepOf(replications, 30));
    progress('the sweep, undisturbed');
    await place.run('sweep', 's.yaml', '--jobs', '2', '--out', 'plain', '--quiet');
    const queue = ['--queue', redis.url, '--quiet'];
    const chaos = new Disturbances(
      place, redis,
      () => place.start('sweep', 's.yaml', ...queue, '--out', 'disturbed', '--resume'),
      () => place.start('worker', ...queue, '--jobs', '1'),
    );
    const begun = performance.now();
    const exit = await chaos.whole(long ? 4000 : 2500, progress);
    const seconds = Math.round((performance.now() - begun) / 1000);
    return [
      compared(place, { exit, seconds, runs: 2 * replications, counts: chaos.counts }),
      await deadly(place, queue),
    ];
  } finally {
    place.end();
    await redis.kill('SIGCONT');
    await redis.kill();
  }
};

/** A run that takes its whole worker along, as memory that ran out would. */
const killer = `export default { latencies: { killer: {
  longestUs: () => 1000,
  create: () => ({ delayUs: () => process.kill(process.ppid, 'SIGKILL') && 1000 }),
} } };`;

async function deadly(place: Place, queue: readonly string[]): Promise<Finding> {
  writeFileSync(join(place.directory, 'killer.mjs'), killer);
  writeFileSync(join(place.directory, 'deadly.yaml'), `
name: deadly
base: { duration: 1m, system: { managers: 2 }, network: { latency: { killer: {} } } }
replications: 1
vary: {}
`);
  const options = [...queue, '--plugin', './killer.mjs'];
  const workers = [1, 2, 3, 4].map(() => place.start('worker', ...options, '--jobs', '1'));
  const exit = await place.run('sweep', 'deadly.yaml', ...options, '--out', 'deadly');
  const dead = workers.filter(({ signalCode }) => signalCode === 'SIGKILL').length;
  return {
    what: 'a run that kills its worker, of which there are four',
    measured: `${dead} dead, exit ${exit}`,
    wanted: '2 dead and a crashed row: exit 3',
    ok: dead === 2 && exit === 3,
  };
}

function compared(place: Place, how: {
  readonly exit: number | null;
  readonly seconds: number;
  readonly runs: number;
  readonly counts: Readonly<Record<string, number>>;
}): Finding {
  const { exit, seconds, runs, counts } = how;
  const wanted = place.tables('plain');
  const found = exit === 0 ? place.tables('disturbed') : new Map<string, Buffer>();
  const same = [...wanted].every(([name, bytes]) => found.get(name)?.equals(bytes) === true);
  const told = Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', ');
  return {
    what: `${runs} runs by two workers on a Redis, something killed or cut every few seconds`,
    measured: `exit ${exit} after ${seconds} s, disturbed: ${told}; ${wanted.size} tables ` +
      (same ? 'the same' : 'differ'),
    wanted: 'the tables of the undisturbed sweep, byte for byte',
    ok: exit === 0 && same && wanted.size > 4,
  };
}
