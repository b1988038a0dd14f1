/** One run of which only matters whether a promise is broken, and what was seen on the way. */
import { createRecorder } from '../../analysis/index.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { UnknownTargetError } from '../../experiment/faults/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { ProcessError, runSimulation } from '../../sim/index.js';
import { lateBy } from '../verdict.js';

/** A promise that was broken. */
export interface Failure {
  /** The invariant, or one of the two below. */
  readonly invariant: string;
  readonly explanation: string;
  readonly timeS: number;
}

/** A process threw: no run directory can be made of that. */
export const processFails = 'no-process-fails';
/** The run ended after its bound, and not in health. */
export const unwell = 'well-in-the-end';

export interface Trial {
  readonly failure: Failure | null;
  /** How often each mark of core was reached. */
  readonly marks: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly events: number;
  /** The largest settle / B. */
  readonly settleShare: number | null;
}

/** Ends as soon as a promise is broken. @throws UnknownTargetError */
export async function tryOut(scenario: ResolvedScenario): Promise<Trial> {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const marks = new Marks();
  const isBroken = (): boolean => recorder.invariants.some(({ broken }) => broken !== null);
  try {
    const result = await runSimulation(scenario, inventory, {
      sinks: [...recorder.sinks, marks],
      samplePeriodUs: recorder.samplePeriodUs,
      sample: (timeUs, counters) => recorder.sample(timeUs, counters),
      progress: () => !isBroken(),
    });
    const record = recorder.finish(result);
    const [first] = recorder.invariants
      .flatMap(({ name, broken }) => broken === null ? [] : [{ name, ...broken }])
      .sort((a, b) => a.timeUs - b.timeUs);
    const late = result.interrupted ? null : lateBy(record);
    const failure = first !== undefined
      ? { invariant: first.name, explanation: first.explanation, timeS: first.timeUs / 1e6 }
      : late === null ? null : {
          invariant: unwell,
          explanation: `still unhealthy ${late.toFixed(1)} s after the bound`,
          timeS: record.summary.simulatedSeconds,
        };
    return {
      failure,
      marks: Object.fromEntries(marks.counts),
      faults: record.summary.faults.injected,
      events: result.events,
      settleShare: record.summary.recovery.maxSettleShare,
    };
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    const failure = { invariant: processFails, explanation: error.message, timeS: NaN };
    return {
      failure, marks: Object.fromEntries(marks.counts), faults: 0, events: 0, settleShare: null,
    };
  }
}

/** Whether the scenario breaks that invariant; one that cannot be run does not. */
export async function breaks(scenario: ResolvedScenario, invariant: string): Promise<boolean> {
  try {
    return (await tryOut(scenario)).failure?.invariant === invariant;
  } catch (error) {
    if (error instanceof UnknownTargetError) return false;
    throw error;
  }
}

class Marks implements ObservationSink {
  readonly counts = new Map<string, number>();

  observe(_timeUs: number, _process: Address, observation: Observation): void {
    if (observation.type !== 'mark') return;
    this.counts.set(observation.name, (this.counts.get(observation.name) ?? 0) + 1);
  }
}
