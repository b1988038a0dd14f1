import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseRules } from '../../core/rules/index.js';
import { inTheMaking, sweepUp } from '../../experiment/litter.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { RunHooks, RunResult } from '../../experiment/world.js';
import { checkLive } from './limits.js';
import { LiveWorld } from './world.js';

/** Between two looks at the observations, and two calls of `progress`. */
const TICK_MS = 20;
/** OS processes that have not ended so long after they were asked to are killed. */
const FINISH_MS = 3000;

/**
 * One run in the live world: the scenario's nodes in real processes of this machine, in real time.
 * When it returns or throws, no OS process of it is left. One that is killed from outside takes its
 * nodes down, and the run goes on.
 *
 * @param plugins - files of modules that implement what the scenario names
 * @throws LiveUnavailableError, RuleError, UnknownTargetError before anything is started;
 * LiveNodeError when a node throws; LiveProcessError when an OS process ends of its own accord
 */
export async function runLive(
  scenario: ResolvedScenario,
  inventory: Inventory,
  hooks: RunHooks,
  plugins: readonly string[] = [],
): Promise<RunResult> {
  checkLive(scenario, plugins);
  parseRules(scenario.rules, inventory.kinds);
  sweepUp(tmpdir());
  const directory = inTheMaking(join(tmpdir(), 'howdah-live'));
  await mkdir(directory, { mode: 0o700 });
  try {
    const world = new LiveWorld({ scenario, inventory, hooks, directory, plugins });
    try {
      return await run(world, scenario.durationUs, hooks);
    } finally {
      await world.abort();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(world: LiveWorld, durationUs: number, hooks: RunHooks): Promise<RunResult> {
  const release = sampler(world, hooks);
  const isStarted = await started(world, hooks);
  let interrupted = !isStarted;
  while (world.failure === null && !interrupted && world.now() < durationUs) {
    await delay(Math.min(TICK_MS, Math.ceil((durationUs - world.now()) / 1000)));
    release(Math.min(world.horizonUs(), durationUs));
    interrupted = !(await hooks.progress(Math.min(world.now(), durationUs), world.events));
  }
  world.throwFailure();
  const latestUs = isStarted ? durationUs : 0;
  const endUs = interrupted ? Math.min(world.now(), latestUs) : durationUs;
  await world.finish(FINISH_MS);
  world.throwFailure();
  release(endUs);
  return {
    digest: null,
    eventDigest: null,
    endUs,
    interrupted,
    events: world.events,
    counters: world.counters,
    inFlight: world.inFlight,
    faultsSkipped: world.faultsSkipped,
    live: world.result(),
  };
}

/** False: it was interrupted before, and there has been no time. */
async function started(world: LiveWorld, hooks: RunHooks): Promise<boolean> {
  const starting = world.start();
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  starting.then(over, over);
  for (;;) {
    await Promise.race([starting, delay(TICK_MS)]);
    // A signal to end may reach OS processes that cannot tell what it means yet.
    const wanted = (isOver && world.failure === null) || await hooks.progress(0, 0);
    if (wanted && isOver) return true;
    if (wanted) continue;
    await world.giveUpStarting();
    return false;
  }
}

/** Releases observations up to a time, with a sample taken at each multiple of the period. */
function sampler(world: LiveWorld, hooks: RunHooks): (untilUs: number) => void {
  const periodUs = hooks.samplePeriodUs > 0 ? hooks.samplePeriodUs : Infinity;
  let sampleUs = periodUs;
  return (untilUs) => {
    for (; sampleUs <= untilUs; sampleUs += periodUs) {
      world.release(sampleUs);
      hooks.sample(sampleUs, world.counters);
    }
    world.release(untilUs);
  };
}
