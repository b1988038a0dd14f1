/** One simulated run with all measurement on, as the checks of this folder need it. */
import { createRecorder, type Recorder, type RunRecord } from '../../analysis/index.js';
import type { ObservationSink } from '../../core/observations.js';
import { buildInventory, type Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { RunResult } from '../../experiment/world.js';
import { runSimulation, type SimWorld } from '../../sim/index.js';

export interface Simulated {
  readonly record: RunRecord;
  readonly recorder: Recorder;
  readonly result: RunResult;
  readonly inventory: Inventory;
}

/** What a check adds to a run: eyes of its own, or hands. */
export interface Meddling {
  readonly sinks?: (inventory: Inventory) => readonly ObservationSink[];
  readonly prepare?: (world: SimWorld) => void;
}

export async function simulate(
  scenario: ResolvedScenario,
  meddling: Meddling = {},
): Promise<Simulated> {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const result = await runSimulation(
    scenario,
    inventory,
    {
      sinks: [...recorder.sinks, ...(meddling.sinks?.(inventory) ?? [])],
      samplePeriodUs: recorder.samplePeriodUs,
      sample: (timeUs, counters) => {
        recorder.sample(timeUs, counters);
      },
      instants: recorder.instants,
      progress: () => true,
    },
    meddling.prepare === undefined ? {} : { prepare: meddling.prepare, interruptible: true },
  );
  return { record: recorder.finish(result), recorder, result, inventory };
}
