/** Turns the observations of one run into data, as they come and in bounded memory. */
import type { ObservationSink } from '../core/observations.js';
import type { Inventory } from '../experiment/inventory.js';
import type { ResolvedScenario } from '../experiment/scenario/resolved.js';
import type { MessageCounters, RunResult } from '../experiment/world.js';
import type { RunRecord } from './record.js';

/** Fits {@link RunHooks}: give the world its sinks, its sample period and its sample. */
export interface Recorder {
  /** To be given every observation of the run, in this order. */
  readonly sinks: readonly ObservationSink[];
  readonly samplePeriodUs: number;
  /** `counters` is kept and read later too: the world updates that one object in place. */
  sample(timeUs: number, counters: MessageCounters): void;
  /** Call once, when the run is over, however it ended. */
  finish(result: RunResult): RunRecord;
}

export function createRecorder(_scenario: ResolvedScenario, _inventory: Inventory): Recorder {
  throw new Error('not built yet');
}
