/** What campaigns cost beside their runs: by way of a queue, and where there are ten thousand. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { noRedis, TestRedis } from '../campaign/redis.js';
import { Place } from './campaign-place.js';
import { median } from '../../bench/benchmark.js';
import type { Check, Finding, Scale } from './check.js';

/** About 0.25 s of processor time each. */
const quarterSeconds = (replications: number): string => `
name: quarter
base:
  duration: 1h
  system: { managers: 5, resources: [{ kind: service, count: 40 }] }
  measure: { samples: 20 }
  faults: [{ every: 5m, from: 1m, crash: coordinator, repairAfter: 30s }]
replications: ${replications}
vary: {}
`;

const tiny = (replications: number): string => `
name: tiny
base: { duration: 1m, system: { managers: 1 }, measure: { samples: 5 } }
replications: ${replications}
vary: {}
`;

/** The most that is allowed, by the issue. */
const MOST_SHARE = 0.1;
const MOST_START_S = 5;
const MOST_BYTES = 300e6;

export const campaignCost: Check = async (scale, progress) => {
  const place = new Place();
  try {
    return [
      await overQueue(place, scale, progress),
      ...await tenThousand(place, scale === 'long' ? 10_000 : 100, progress),
    ];
  } finally {
    place.end();
  }
};

/** How often the queue is timed, each between two sweeps without it. */
const ROUNDS = { short: 1, long: 3 };

/** Two workers on a Redis against two worker processes, in turn, as machines vary. */
async function overQueue(
  place: Place, scale: Scale, progress: (what: string) => void,
): Promise<Finding> {
  const runs = scale === 'long' ? 500 : 20;
  const finding = {
    what: `${runs} runs of 0.25 s by two workers on a Redis, beside --jobs 2`,
    wanted: 'at most 10% more wall time, at the median',
  };
  if (noRedis !== false) return { ...finding, measured: noRedis, ok: true, skipped: true };
  writeFileSync(join(place.directory, 'quarter.yaml'), quarterSeconds(runs));
  mkdirSync(join(place.directory, 'redis'));
  const redis = await TestRedis.start(join(place.directory, 'redis'));
  try {
    const timed = async (out: string, ...words: string[]): Promise<number> => {
      progress(out);
      const begun = performance.now();
      await place.run('sweep', 'quarter.yaml', '--out', out, '--quiet', ...words);
      return (performance.now() - begun) / 1000;
    };
    const queue = ['--queue', redis.url];
    const plain = [await timed('plain-0', '--jobs', '2')];
    const queued: number[] = [];
    for (let round = 1; round <= ROUNDS[scale]; round += 1) {
      const workers = [1, 2].map(() =>
        place.start('worker', ...queue, '--jobs', '1', '--quiet'));
      queued.push(await timed(`queued-${round}`, ...queue));
      for (const worker of workers) await place.stop(worker);
      plain.push(await timed(`plain-${round}`, '--jobs', '2'));
    }
    const shares = queued.map((seconds, round) =>
      seconds / ((plain[round] + plain[round + 1]) / 2) - 1);
    const share = median(shares);
    const list = (seconds: readonly number[]): string =>
      seconds.map((one) => one.toFixed(1)).join(', ');
    return {
      ...finding,
      measured: `${(100 * share).toFixed(1)}% more: ${list(queued)} s between ${list(plain)} s`,
      ok: share <= MOST_SHARE,
    };
  } finally {
    await redis.kill();
  }
}

async function tenThousand(
  place: Place, runs: number, progress: (what: string) => void,
): Promise<Finding[]> {
  writeFileSync(join(place.directory, 'tiny.yaml'), tiny(runs));
  progress(`${runs} tiny runs`);
  const first = await watched(place, 'sweep', 'tiny.yaml', '--out', 'tiny', '--quiet');
  const begun = performance.now();
  await place.run('sweep', 'tiny.yaml', '--out', 'tiny', '--quiet', '--resume');
  const again = (performance.now() - begun) / 1000;
  const timed = (what: string, seconds: number): Finding => ({
    what: `${runs} tiny runs: ${what}`,
    measured: `${seconds.toFixed(1)} s`,
    wanted: `${MOST_START_S} s`,
    ok: seconds <= MOST_START_S,
  });
  return [
    timed('until the first has ended', first.startSeconds),
    timed('--resume of them, finished', again),
    {
      what: `${runs} tiny runs: memory of the runner`,
      measured: `${Math.round(first.bytes / 1e6)} MB`,
      wanted: `${MOST_BYTES / 1e6} MB`,
      ok: first.bytes > 0 && first.bytes <= MOST_BYTES,
    },
  ];
}

/** When the first run was there, and the most memory that the runner had. */
async function watched(
  place: Place, ...words: string[]
): Promise<{ startSeconds: number; bytes: number }> {
  const folder = join(place.directory, 'tiny/runs');
  const begun = performance.now();
  const child = place.start(...words);
  const isThere = (): boolean =>
    existsSync(folder) && readdirSync(folder).some((name) => !name.startsWith('.'));
  while (!isThere() && child.exitCode === null) await sleep(10);
  const startSeconds = (performance.now() - begun) / 1000;
  let bytes = 0;
  while (child.exitCode === null) {
    bytes = Math.max(bytes, peakBytesOf(child.pid!));
    await sleep(100);
  }
  return { startSeconds, bytes };
}

/** Of a process that lives; 0 where the system does not tell. */
function peakBytesOf(pid: number): number {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(
      readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}
