/** One run of which only matters whether a promise is broken, and what was seen on the way. */
import { createRecorder, type RunRecord } from '../../analysis/index.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { deriveBounds } from '../../experiment/bounds.js';
import { quietUs } from '../../experiment/exploration/index.js';
import { UnknownTargetError } from '../../experiment/faults/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { Invariant } from '../../experiment/invariants/index.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { coreProcesses, ProcessError, runSimulation } from '../../sim/index.js';
import { lateBy } from '../verdict.js';
import { QuietView } from './quiet-view.js';
import { RingView } from './ring-view.js';

/** A promise that was broken. */
export interface Failure {
  /** The invariant, or one of the five below. */
  readonly invariant: string;
  readonly explanation: string;
  readonly timeS: number;
}

/** A process threw: no run directory can be made of that. */
export const processFails = 'no-process-fails';
/** Messages beget messages: far more happened than ever could in a system that recovers. */
export const storm = 'no-message-storm';
/** The run ended after its bound, and not in health. */
export const unwell = 'well-in-the-end';
/** And managers still do not know who is next to them. */
export const ringBroken = 'ring-whole-in-the-end';
/** And something goes on being sent that nobody needs. */
export const restless = 'quiet-in-the-end';

export interface Trial {
  readonly failure: Failure | null;
  /** How often each mark of core was reached. */
  readonly marks: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly events: number;
  /** The largest settle / B. */
  readonly settleShare: number | null;
  /** Of the run; null: a process threw. */
  readonly digest: string | null;
}

/** Ends as soon as a promise is broken. @throws UnknownTargetError */
export async function tryOut(scenario: ResolvedScenario): Promise<Trial> {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const marks = new Marks();
  const views = {
    ring: new RingView(inventory), quiet: new QuietView(scenario, quietUs(scenario)),
  };
  const mostEvents = eventsWhereItStorms(scenario);
  let stormUs: number | null = null;
  const goesOn = (timeUs: number, events: number): boolean => {
    if (events > mostEvents) stormUs = timeUs;
    return stormUs === null && recorder.invariants.every(({ broken }) => broken === null);
  };
  try {
    const result = await runSimulation(scenario, inventory, {
      sinks: [...recorder.sinks, marks, views.ring, views.quiet],
      samplePeriodUs: recorder.samplePeriodUs,
      sample: (timeUs, counters) => {
        recorder.sample(timeUs, counters);
        views.quiet.sample(timeUs, counters);
      },
      progress: goesOn,
    }, { processes: views.ring.around(coreProcesses(scenario, inventory)) });
    const record = recorder.finish(result);
    return {
      failure: failureOf(record, scenario, recorder.invariants, stormUs, views),
      marks: Object.fromEntries(marks.counts),
      faults: record.summary.faults.injected,
      events: result.events,
      settleShare: record.summary.recovery.maxSettleShare,
      digest: result.digest,
    };
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    const { message: explanation, timeUs } = error;
    const failure = { invariant: processFails, explanation, timeS: timeUs / 1e6 };
    return {
      failure, marks: Object.fromEntries(marks.counts), faults: 0, events: 0, settleShare: null,
      digest: null,
    };
  }
}

function failureOf(
  record: RunRecord, scenario: ResolvedScenario, invariants: readonly Invariant[],
  stormUs: number | null, views: { readonly ring: RingView; readonly quiet: QuietView },
): Failure | null {
  const [first] = invariants
    .flatMap(({ name, broken }) => broken === null ? [] : [{ name, ...broken }])
    .sort((a, b) => a.timeUs - b.timeUs);
  if (first !== undefined) {
    return { invariant: first.name, explanation: first.explanation, timeS: first.timeUs / 1e6 };
  }
  const { events } = record.summary;
  if (stormUs !== null) {
    const explanation = `${events} events, and no end of it`;
    return { invariant: storm, explanation, timeS: stormUs / 1e6 };
  }
  if (record.interrupted) return null;
  const timeS = record.summary.simulatedSeconds;
  const explanation = unwellness(record, scenario);
  if (explanation !== null) return { invariant: unwell, explanation, timeS };
  if (quietForUs(scenario) < quietUs(scenario)) return null;
  const flaw = views.ring.flaw();
  if (flaw !== null) return { invariant: ringBroken, explanation: flaw, timeS };
  const unrest = views.quiet.flaw();
  return unrest === null ? null : { invariant: restless, explanation: unrest, timeS };
}

/** In words; null: it is well, or need not be. */
function unwellness(record: RunRecord, scenario: ResolvedScenario): string | null {
  const late = lateBy(record);
  if (late !== null) return `still unhealthy ${late.toFixed(1)} s after the bound`;
  if (record.summary.final.healthy) return null;
  // No bound covers what some faults leave behind; but all has to be well in the end.
  const sinceUs = quietForUs(scenario);
  return sinceUs < quietUs(scenario)
    ? null : `still unhealthy ${(sinceUs / 1e6).toFixed(1)} s after all was healed`;
}

/** How long the run goes on after everything was healed; 0: it never is. */
function quietForUs({ faults, durationUs }: ResolvedScenario): number {
  const last = faults.at(-1);
  return last?.action.kind === 'heal' && last.when.kind === 'at' ? durationUs - last.when.atUs : 0;
}

/** Dozens of times what a healthy system needs, which faults at most multiply by a few. */
function eventsWhereItStorms(scenario: ResolvedScenario): number {
  const { total } = deriveBounds(scenario).expected;
  return 1e5 + 50 * total * (scenario.durationUs / 1e6);
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
