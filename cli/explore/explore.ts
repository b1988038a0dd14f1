/** Tries many seeds, each a schedule of faults of its own, until one breaks a promise. */
import { availableParallelism } from 'node:os';
import cliProgress from 'cli-progress';
import { marks } from '../../core/marks.js';
import { drawnKinds, explorationOf } from '../../experiment/exploration/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { toYaml, type ResolvedScenario } from '../../experiment/scenario/index.js';
import { Interruption } from '../interruption.js';
import { Pool } from '../pool.js';
import type { Explored, ExploreTask } from './task.js';
import type { Failure } from './trial.js';

export interface Explore {
  readonly base: ResolvedScenario;
  readonly plugins: readonly string[];
  /** The first seed, and how many are tried from there on. */
  readonly from: number;
  readonly seeds: number;
  /** Worker processes; undefined: one per core. */
  readonly jobs: number | undefined;
  readonly showProgress: boolean;
}

export interface Exploration {
  /** Seeds that were tried to the end. */
  readonly tried: number;
  /** The smallest seed that breaks a promise, all below it being sound; null: none. */
  readonly found: {
    readonly seed: number;
    readonly failure: Failure;
    readonly scenario: ResolvedScenario;
  } | null;
  readonly faults: number;
  readonly events: number;
  /** Faults drawn, and seeds that drew any, by kind: zeroes included. */
  readonly drawn: Readonly<Record<string, { readonly faults: number; readonly seeds: number }>>;
  /** How often each situation of core was reached, and in how many seeds: zeroes included. */
  readonly marks: Readonly<Record<string, { readonly times: number; readonly seeds: number }>>;
  /** The largest settle / B of all. */
  readonly maxSettleShare: number;
  readonly interrupted: boolean;
}

/** Ahead of so many runs per worker, none is left without work by a run given ahead. */
const PLENTY = 4;

/** @throws PoolError; Error where a run did not end, broken promise or not */
export async function explore(how: Explore): Promise<Exploration> {
  const { base, plugins, from, seeds } = how;
  const jobs = how.jobs ?? availableParallelism();
  const text = toYaml(base);
  const tally = new Tally();
  const bar = how.showProgress && process.stderr.isTTY ? newBar(seeds) : null;
  let next = from;
  let endSeed = from + seeds;
  let crashed: string | null = null;
  const pool = new Pool<ExploreTask, Explored>(jobs, {
    next: () => {
      if (next >= endSeed) return null;
      const seed = next;
      next += 1;
      return { runId: String(seed), seed, base: text, plugins };
    },
    plenty: () => endSeed - next > PLENTY * jobs,
    ended: ({ seed }, reason, explored) => {
      if (explored === undefined) {
        crashed ??= `seed ${seed}: ${reason}`;
        return pool.stop();
      }
      tally.add(seed, explored);
      // Those below it are still awaited: one of them may break something too.
      if (tally.found !== null) endSeed = Math.min(endSeed, tally.found.seed);
      bar?.update(tally.tried);
    },
  }, new URL('worker.js', import.meta.url));
  const interruption = new Interruption(() => pool.stop());
  try {
    await pool.run();
  } finally {
    bar?.stop();
    interruption.end();
  }
  if (crashed !== null) throw new Error(crashed);
  const { found } = tally;
  return {
    ...tally.result(),
    found: found && {
      ...found, scenario: explorationOf(base, buildInventory(base), found.seed).scenario,
    },
    interrupted: interruption.requested,
  };
}

class Tally {
  tried = 0;
  found: { readonly seed: number; readonly failure: Failure } | null = null;
  private faults = 0;
  private events = 0;
  private maxSettleShare = 0;
  private readonly drawn = new Map(drawnKinds.map(({ name }) => [name, { faults: 0, seeds: 0 }]));
  private readonly marks = new Map<string, { times: number; seeds: number }>(
    marks.map((name) => [name, { times: 0, seeds: 0 }]),
  );

  add(seed: number, { trial, drawn }: Explored): void {
    this.tried += 1;
    this.faults += trial.faults;
    this.events += trial.events;
    this.maxSettleShare = Math.max(this.maxSettleShare, trial.settleShare ?? 0);
    for (const [kind, faults] of Object.entries(drawn)) {
      const sum = this.drawn.get(kind)!;
      sum.faults += faults;
      sum.seeds += 1;
    }
    for (const [name, times] of Object.entries(trial.marks)) {
      const sum = this.marks.get(name) ?? { times: 0, seeds: 0 };
      this.marks.set(name, { times: sum.times + times, seeds: sum.seeds + 1 });
    }
    const { failure } = trial;
    if (failure !== null && (this.found === null || seed < this.found.seed)) {
      this.found = { seed, failure };
    }
  }

  result(): Omit<Exploration, 'found' | 'interrupted'> {
    const { tried, faults, events, maxSettleShare } = this;
    return {
      tried, faults, events, maxSettleShare,
      drawn: Object.fromEntries(this.drawn), marks: Object.fromEntries(this.marks),
    };
  }
}

function newBar(seeds: number): cliProgress.SingleBar {
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: '{bar} {value} of {total} seeds | {eta_formatted} left',
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 24,
    hideCursor: false,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
  });
  bar.start(seeds, 0);
  return bar;
}
