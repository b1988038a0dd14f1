/** Tries many seeds, each a schedule of faults of its own, for promises that they break. */
import { availableParallelism } from 'node:os';
import type { Registry } from '../../experiment/plugins.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { Work } from '../executors/executor.js';
import { Pool } from '../executors/pool.js';
import type { Find } from './finds.js';
import { Planner, type Base } from './planner.js';
import { Tally, type Totals } from './tally.js';
import type { Explored, ExploreTask } from './task.js';

export interface Explore {
  readonly base: Base;
  /** Modules, and what is in them. */
  readonly plugins: readonly string[];
  readonly registry: Registry;
  /** The first seed, and how many are tried from there on. */
  readonly from: number;
  readonly seeds: number;
  /** No seed is begun later than that; undefined: all are tried. */
  readonly timeMs?: number | undefined;
  /** Past seeds that break something. */
  readonly keepGoing?: boolean;
  /** Worker processes; undefined: one per core. */
  readonly jobs: number | undefined;
  /** Told after every seed. */
  progress?(standing: Standing): void;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** How far an exploration is. */
export interface Standing {
  readonly tried: number;
  readonly finds: number;
  readonly situations: number;
}

export interface Exploration extends Totals {
  /** The smallest seed that breaks a promise, all below it being sound; null: none. */
  readonly found: Found | null;
  /** By cause, the smallest seed first; just one, unless it was to keep going. */
  readonly finds: readonly Found[];
  /** Seeds whose run did not end, and why; the exploration went on. */
  readonly crashed: readonly { readonly seed: number; readonly reason: string }[];
  readonly outOfTime: boolean;
  readonly interrupted: boolean;
}

export interface Found extends Find {
  readonly scenario: ResolvedScenario;
}

/** @throws ExecutorError; Error where a run did not end, broken promise or not */
export async function explore(how: Explore): Promise<Exploration> {
  const { base, plugins, from, seeds, timeMs, keepGoing = false, signal } = how;
  const jobs = how.jobs ?? availableParallelism();
  const tally = new Tally(base.open !== null);
  const lastMs = performance.now() + (timeMs ?? Infinity);
  const crashed: { seed: number; reason: string }[] = [];
  let next = from;
  let endSeed = from + seeds;
  let outOfTime = false;
  const pool = new Pool<ExploreTask, Explored>(jobs, new URL('worker.js', import.meta.url));
  const work: Work<ExploreTask, Explored> = {
    next: () => {
      if (next >= endSeed) return null;
      outOfTime ||= performance.now() >= lastMs;
      if (outOfTime) return null;
      const seed = next;
      next += 1;
      return { runId: String(seed), seed, base, plugins };
    },
    left: () => endSeed - next,
    ended: ({ seed }, reason, explored) => {
      if (explored === undefined) {
        crashed.push({ seed, reason: reason! });
        if (!keepGoing) pool.stop();
        return;
      }
      tally.add(seed, explored);
      const [first] = tally.finds.all;
      // Those below it are still awaited: one of them may break something too.
      if (first !== undefined && !keepGoing) endSeed = Math.min(endSeed, first.seed);
      const { tried, finds, coverage: { situations } } = tally;
      how.progress?.({ tried, finds: finds.all.length, situations });
    },
  };
  const stop = (): void => pool.stop();
  signal?.addEventListener('abort', stop);
  try {
    await pool.execute(work);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  if (crashed.length > 0 && !keepGoing) {
    throw new Error(`seed ${crashed[0].seed}: ${crashed[0].reason}`);
  }
  const planner = new Planner(base, how.registry);
  const all = tally.finds.all.map((find) => {
    return { ...find, scenario: planner.of(find.seed).scenario };
  });
  const finds = keepGoing ? all : all.slice(0, 1);
  return {
    ...tally.totals(), finds, found: finds[0] ?? null, crashed, outOfTime,
    interrupted: signal?.aborted ?? false,
  };
}
