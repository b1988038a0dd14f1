import { DigestSink } from '../experiment/digest.js';
import { FaultDriver } from '../experiment/faults/index.js';
import { Fork } from '../experiment/fork.js';
import type { Inventory } from '../experiment/inventory.js';
import type { FaultSettings, ResolvedScenario } from '../experiment/scenario/resolved.js';
import type { RunHooks, RunResult } from '../experiment/world.js';
import { HeapQueue } from './engine/heap-queue.js';
import { ListenedQueue, type QueueListener } from './engine/listened-queue.js';
import { WheelQueue } from './engine/wheel-queue.js';
import { pooledProcesses } from './world/processes.js';
import type { ProcessFactory } from './world/hosts.js';
import { SimWorld } from './world/world.js';

/**
 * Events between two calls of `progress`: hundredths of a millisecond in the mean, but a tenth
 * of a second where each is the first report of a manager or a batch of registrations.
 */
const SLICE = 16;

/** What tests and explorations change about a run. */
export interface RunVariation {
  /** Processes of their own instead of the management system. */
  readonly processes?: ProcessFactory;
  readonly interruptible?: boolean;
  /** At the event queue. */
  readonly listener?: QueueListener;
  /** Called with the world before the run begins. */
  readonly prepare?: (world: SimWorld) => void;
}

/**
 * One run in the simulated world, from 0 up to, not including, the scenario's duration.
 *
 * @throws RuleError when a rule of the scenario is wrong, ProcessError when a process throws
 */
export async function runSimulation(
  scenario: ResolvedScenario,
  inventory: Inventory,
  hooks: RunHooks,
  variation: RunVariation = {},
): Promise<RunResult> {
  const digest = new DigestSink();
  const fork = new Fork([...hooks.sinks, digest]);
  const queue = scenario.engine.queue === 'heap' ? new HeapQueue() : new WheelQueue();
  const processes = variation.processes ?? pooledProcesses(scenario, inventory);
  const { listener } = variation;
  const world = new SimWorld({
    queue: listener === undefined ? queue : new ListenedQueue(queue, listener),
    scenario,
    inventory,
    seed: scenario.seed,
    processes,
    sink: fork,
    interruptible: variation.interruptible ?? scenario.faults.some(waitsForCalls),
  });
  world.network.sink = hooks.messages ?? null;
  hooks.messages?.hosts?.(Array.from(inventory.zoneOf, (zone, host) => ({
    name: inventory.processName(host),
    zone: inventory.zones[zone],
    site: world.network.siteOf(host),
  })));
  if (queue instanceof WheelQueue) queue.ahead = world.lookahead;
  const driver = new FaultDriver(scenario, inventory, world);
  world.onFaultDue = (ticket) => driver.due(ticket);
  // After all others: it reports the end of a fault when it sees the repair.
  fork.add(driver);
  fork.add({
    hears: ['resource-decommissioned'],
    observe: (_timeUs, _process, seen) => {
      if (seen.type === 'resource-decommissioned') world.decommissioned(seen.resource);
    },
  });
  const { instants } = hooks;
  if (instants !== undefined) {
    fork.add({ observe: () => world.loop.stopBefore(instants.nextUs()) });
  }
  driver.start();
  variation.prepare?.(world);
  const interrupted = !(await advance(world, scenario.durationUs, hooks));
  const { loop, counters } = world;
  return {
    digest: digest.finish(loop.now, counters, loop.messagesInFlight),
    eventDigest: loop.digest,
    endUs: loop.now,
    interrupted,
    events: loop.events,
    counters,
    inFlight: loop.messagesInFlight,
    faultsSkipped: driver.skipped,
  };
}

function waitsForCalls({ action }: FaultSettings): boolean {
  return 'afterCalls' in action;
}

/** Runs up to `endUs`; false when the caller stopped it before. */
async function advance(world: SimWorld, endUs: number, hooks: RunHooks): Promise<boolean> {
  const { loop } = world;
  const periodUs = hooks.samplePeriodUs > 0 ? hooks.samplePeriodUs : Infinity;
  const { instants } = hooks;
  let instantUs = instants?.nextUs() ?? Infinity;
  for (let sampleUs = periodUs; loop.now < endUs; ) {
    const reached = loop.run(Math.min(sampleUs, instantUs, endUs), SLICE);
    if (reached) instants?.reached(loop.now, world.counters);
    if (reached && loop.now === sampleUs) {
      hooks.sample(sampleUs, world.counters);
      sampleUs += periodUs;
    }
    if (instants !== undefined) instantUs = instants.nextUs();
    const go = hooks.progress(loop.now, loop.events);
    // Only a caller that has a clock can tell when to let the real world in.
    if (!(typeof go === 'boolean' ? go : await go)) return false;
  }
  return true;
}
