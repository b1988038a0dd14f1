/** Tries many seeds, each a schedule of faults of its own, for promises that they break. */
import { availableParallelism } from 'node:os';
import { noPlugins } from '../../checker/plugins.js';
import { suggestion } from '../../experiment/language/error.js';
import type { Registry } from '../../experiment/plugins.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { Work } from '../executors/executor.js';
import { Pool } from '../executors/pool.js';
import type { LoadedPlugins } from '../plugins.js';
import { InputError } from '../errors.js';
import type { Find } from './finds.js';
import { baseOf, Planner, type Base } from './planner.js';
import { drawnKinds, guestKinds } from './schedules/kinds/index.js';
import { Tally, type Totals } from './tally.js';
import type { Explored, ExploreTask } from './task.js';

/** What to explore, how far, and who looks on. */
export interface Explore {
  /** Its system, settings and invariants are every seed's; faults are drawn in place of its own. */
  readonly scenario: ResolvedScenario;
  /** Where settings that its author left to their defaults are drawn too: as it was written. */
  readonly written?: Base['open'];
  /** Workers load the same modules. Their faults are drawn that have a `draw`. */
  readonly plugins?: LoadedPlugins;
  /** Names of invariants that count for nothing. */
  readonly ignored?: readonly string[];
  /** Names of the only kinds of faults that are drawn. @throws InputError for one that is none */
  readonly only?: readonly string[];
  /** How many kinds of faults each seed has; undefined: as the seed has it. */
  readonly kinds?: number | undefined;
  /** The first seed, by default the scenario's; and how many are tried from there on. */
  readonly from?: number;
  readonly seeds: number;
  /** No seed is begun later than that; undefined: all are tried. */
  readonly timeMs?: number | undefined;
  /** Past seeds that break something. */
  readonly keepGoing?: boolean;
  /** Worker processes; undefined: one per core. */
  readonly jobs?: number | undefined;
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

/** What an exploration came to. */
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

/** A seed that breaks a promise. */
export interface Found extends Find {
  /** What it stands for: run by itself, it breaks the same. */
  readonly scenario: ResolvedScenario;
}

/**
 * Tries one seed after the other, each a schedule of faults of its own, until one breaks a promise.
 *
 * @throws ExecutorError; Error where a run did not end, broken promise or not
 */
export async function explore(how: Explore): Promise<Exploration> {
  const { scenario, plugins, seeds, timeMs, keepGoing = false, signal } = how;
  const { from = scenario.seed } = how;
  const registry = plugins?.registry ?? noPlugins;
  checkKinds(how.only ?? [], registry);
  const { written, ignored, only, kinds } = how;
  const base: Base = { ...baseOf(scenario, written, ignored), only, kinds };
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
      return { runId: String(seed), seed, base, plugins: plugins?.files ?? [] };
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
  const planner = new Planner(base, registry);
  const all = tally.finds.all.map((find) => {
    return { ...find, scenario: planner.of(find.seed).scenario };
  });
  const finds = keepGoing ? all : all.slice(0, 1);
  return {
    ...tally.totals(), finds, found: finds[0] ?? null, crashed, outOfTime,
    interrupted: signal?.aborted ?? false,
  };
}

function checkKinds(only: readonly string[], plugins: Registry): void {
  const known = [...drawnKinds, ...guestKinds(plugins)].map(({ name }) => name);
  const unknown = only.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const remedy = suggestion(unknown, known);
  throw new InputError(`no fault that is drawn is called ${unknown}, ${remedy}`);
}
