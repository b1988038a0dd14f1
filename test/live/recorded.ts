import type { ObservationSink } from '../../core/observations.js';
import { createRecorder } from '../../analysis/index.js';
import { judgedLive } from '../../checker/invariants/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { runLive } from '../../live/index.js';

/** A live run as the command line records it. */
export async function recorded(
  scenario: ResolvedScenario,
  how: {
    readonly sinks?: readonly ObservationSink[];
    progress?(timeUs: number): boolean;
  } = {},
  plugins: readonly string[] = [],
) {
  const inventory = buildInventory(scenario);
  const judged = { ...scenario, invariants: judgedLive(scenario.invariants) };
  const recorder = createRecorder(judged, inventory);
  const result = await runLive(scenario, inventory, {
    sinks: [...recorder.sinks, ...(how.sinks ?? [])],
    samplePeriodUs: recorder.samplePeriodUs,
    sample: (timeUs, counters) => recorder.sample(timeUs, counters),
    instants: recorder.instants,
    stalled: (fromUs, untilUs) => recorder.stalled(fromUs, untilUs),
    progress: (timeUs) => how.progress?.(timeUs) ?? true,
  }, plugins);
  return { result, record: recorder.finish(result), bounds: recorder.bounds };
}
