/** Ten thousand of each kind of stranger at the ports of a live run, beside a run without them. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isBroken, isVoid } from '../../analysis/verdict.js';
import { childrenOf, smoke } from '../live/fixture.js';
import { recorded } from '../live/recorded.js';
import { strangers as kinds, visit } from '../live/strangers.js';
import type { Check, Finding } from './check.js';
import { SIZES } from './collect.js';

/** What a process may have in use, its garbage collected, more than one that nobody came to. */
const MOST_MORE_BYTES = 2e6;
/** What tells a leak: more after twice as many. A hundred bytes of each stranger would be more. */
const MOST_GROWTH_BYTES = 1e6;
/** Strangers of all kinds keep the machine busy: timeouts are not to take that for a crash. */
const patient = [
  'duration=1h', 'warmUp=1s', 'faults=[]', 'coordination.overlay.hopTimeout=5s',
  'coordination.managers={heartbeatPeriod: 500ms, timeout: 6s, answerTimeout: 5s}',
  'coordination.resources={heartbeatPeriod: 500ms, timeout: 6s, answerTimeout: 5s}',
  'live.processes=3', 'measure.samples=100',
];

export const strangers: Check = async (scale, progress) => {
  const times = scale === 'short' ? 100 : 10_000;
  const visits = async (ports: readonly number[]): Promise<void> => {
    for (const [name, act] of Object.entries(kinds)) {
      progress(`${times / 2} x ${name}`);
      const each = Math.ceil(times / 2 / ports.length);
      await Promise.all(ports.map((port) => visit(port, act, each)));
    }
  };
  const visited = await answering(() => run(visits));
  progress('without them');
  const alone = await answering(() => run(() => delay(visited.tookMs / 2)));
  const findings: Finding[] = [];
  for (const [index, { bytes, descriptors }] of visited.whole.entries()) {
    const without = alone.whole[index];
    const half = visited.half[index];
    findings.push({
      what: `memory in use of process ${index + 1} after ${times} strangers of each kind`,
      measured: `${megabytes(bytes)}; ${megabytes(half.bytes)} after half of them, ` +
        `${megabytes(without.bytes)} without`,
      wanted: `at most ${megabytes(MOST_GROWTH_BYTES)} and ${megabytes(MOST_MORE_BYTES)} more`,
      ok: bytes - without.bytes <= MOST_MORE_BYTES && bytes - half.bytes <= MOST_GROWTH_BYTES,
    }, {
      what: 'its descriptors', measured: `${descriptors}, ${without.descriptors} without`,
      wanted: 'the same', ok: descriptors === without.descriptors,
    });
  }
  findings.push({
    what: 'the verdict', measured: `${visited.verdict}, ${alone.verdict} without`,
    wanted: 'the same', ok: visited.verdict === alone.verdict,
  });
  return findings;
};

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

interface Size {
  readonly bytes: number;
  readonly descriptors: number;
}

/** A run that lasts as long as what is done to its ports, twice, and a little more. */
async function run(act: (ports: readonly number[]) => Promise<void>) {
  const { scenario } = smoke(...patient);
  let half: Size[] = [];
  let whole: Size[] = [];
  let tookMs = 0;
  let state: 'before' | 'during' | 'after' = 'before';
  const twice = async (): Promise<void> => {
    const pids = childrenOf(process.pid).sort((a, b) => a - b);
    const beganMs = performance.now();
    await act(pids.flatMap(portsOf));
    half = await Promise.all(pids.map(sizeOf));
    await act(pids.flatMap(portsOf));
    tookMs = performance.now() - beganMs;
    await delay(3000);
    whole = await Promise.all(pids.map(sizeOf));
    state = 'after';
  };
  const { record } = await recorded(scenario, { progress: (timeUs) => {
    if (state === 'before' && timeUs > 20e6) {
      state = 'during';
      void twice();
    }
    return state !== 'after';
  } });
  const { healthy } = record.summary.final;
  const judged = isVoid(record) ? 'void' : 'all held';
  const verdict = `${isBroken(record) ? 'broken' : judged}, ${healthy ? 'healthy' : 'not healthy'}`;
  return { half, whole, tookMs, verdict };
}

/** With processes that answer how much they have in use. */
async function answering<Result>(work: () => Promise<Result>): Promise<Result> {
  const { NODE_OPTIONS: former } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'howdah-sizes-'));
  process.env[SIZES] = folder;
  const hook = new URL('collect.js', import.meta.url).href;
  process.env['NODE_OPTIONS'] = `${former ?? ''} --import ${hook}`;
  try {
    return await work();
  } finally {
    delete process.env[SIZES];
    if (former === undefined) delete process.env['NODE_OPTIONS'];
    else process.env['NODE_OPTIONS'] = former;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function sizeOf(pid: number): Promise<Size> {
  const file = join(process.env[SIZES]!, String(pid));
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(file)) await delay(20);
  const bytes = Number(readFileSync(file, 'utf8'));
  return { bytes, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

/** Where the process listens, by what the system knows of its sockets. */
function portsOf(pid: number): number[] {
  const own = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return [];
    }
  }));
  const listening = '0A';
  return readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1).flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/ +/);
    if (state !== listening || !own.has(`socket:[${inode}]`)) return [];
    return Number.parseInt(local.split(':')[1], 16);
  });
}
