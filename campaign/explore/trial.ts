/** One run of which only matters whether a promise is broken, and what was seen on the way. */
import { createRecorder, type Recorder, type RunRecord } from '../../analysis/index.js';
import { messageTypes } from '../../core/messages.js';
import { UnknownTargetError } from '../../experiment/faults/index.js';
import { kindOf } from '../../experiment/faults/kinds/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { isHopTooShort } from '../../experiment/slowness.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { MessageCounters } from '../../experiment/world.js';
import { pooledProcesses, ProcessError, runSimulation } from '../../sim/index.js';
import { lateBy } from '../../analysis/verdict.js';
import { sameCause } from './cause.js';
import {
  givenTwice, processFails, restless, ringBroken, storm, uneven, unmeasured, unstored, unwell,
  type Failure,
} from './failure.js';
import { LoadView } from './load-view.js';
import { MetricsView } from './metrics-view.js';
import { NoticeView } from './notice-view.js';
import { QuietView } from './quiet-view.js';
import { RingView } from './ring-view.js';
import { quietUs } from './schedules/index.js';
import { Situations } from './situations.js';
import { StoreView } from './store-view.js';
import { StormWatch } from './storm.js';
import { TimedSinks } from './time-spent.js';

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

/** What else is known of a run. */
export interface Tried extends Trial {
  readonly seen: Situations;
  /** Processor time of what measures and judges: an estimate. */
  readonly judgingMs: number;
}

/**
 * Ends as soon as a promise is broken.
 *
 * @param ignored - of the {@link ownPromises}, those that count for nothing
 * @throws UnknownTargetError
 */
export async function tryOut(
  scenario: ResolvedScenario, ignored: readonly string[] = [],
): Promise<Tried> {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const seen = new Situations();
  const judges = new TimedSinks(recorder.sinks);
  const ring = new RingView(inventory);
  const quiet = quietUs(scenario);
  const load = new LoadView(scenario, inventory);
  const views = {
    ring, load, quiet: new QuietView(scenario, quiet, load),
    metrics: new MetricsView(scenario, inventory, quiet, (manager) => ring.process(manager)),
    store: new StoreView(scenario, inventory),
    notices: new NoticeView(scenario),
  };
  const storms = new StormWatch(scenario);
  const goesOn = (timeUs: number, events: number): boolean =>
    storms.look(timeUs, events) && views.store.flaw === null && views.notices.flaw === null &&
    recorder.invariants.every(({ broken }) => broken === null);
  try {
    const result = await runSimulation(scenario, inventory, {
      sinks: [judges, seen, ...Object.values(views)],
      samplePeriodUs: recorder.samplePeriodUs,
      sample: (timeUs, counters) => {
        recorder.sample(timeUs, counters);
        views.quiet.sample(timeUs, counters);
        views.metrics.sample(timeUs);
      },
      progress: goesOn,
    }, {
      processes: views.store.around(ring.around(pooledProcesses(scenario, inventory))),
      prepare: (world) => views.store.heed(world),
    });
    const record = recorder.finish(result);
    const stormed = storms.failure(mostSent(result.counters));
    const failures = [...failuresOf(record, scenario, recorder, stormed, views)];
    return {
      failure: failures.find(({ invariant }) => !ignored.includes(invariant)) ?? null,
      marks: Object.fromEntries(seen.marks),
      faults: record.summary.faults.injected,
      events: result.events,
      settleShare: record.summary.recovery.maxSettleShare,
      digest: result.digest,
      seen,
      judgingMs: judges.spentMs,
    };
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    const { message: explanation, timeUs } = error;
    const failure = { invariant: processFails, explanation, timeS: timeUs / 1e6 };
    return {
      failure: ignored.includes(processFails) ? null : failure,
      marks: Object.fromEntries(seen.marks), faults: 0, events: 0, settleShare: null,
      digest: null, seen, judgingMs: judges.spentMs,
    };
  }
}

/** What is wrong, in the order in which it counts. */
function* failuresOf(
  record: RunRecord, scenario: ResolvedScenario, { invariants, health }: Recorder,
  stormed: Omit<Failure, 'invariant'> | null,
  views: {
    readonly ring: RingView; readonly quiet: QuietView; readonly load: LoadView;
    readonly metrics: MetricsView; readonly store: StoreView; readonly notices: NoticeView;
  },
): Iterable<Failure> {
  const broken = invariants
    .flatMap(({ name, broken: how }) => how === null ? [] : [{ name, ...how }])
    .sort((a, b) => a.timeUs - b.timeUs);
  for (const { name: invariant, explanation, timeUs } of broken) {
    yield { invariant, explanation, timeS: timeUs / 1e6 };
  }
  if (views.store.flaw !== null) yield { invariant: unstored, ...views.store.flaw };
  if (views.notices.flaw !== null) yield { invariant: givenTwice, ...views.notices.flaw };
  // Managers take each other for dead and back for as long as they live: `sim check` says so.
  if (isHopTooShort(scenario)) return;
  if (stormed !== null) yield { invariant: storm, ...stormed };
  if (record.interrupted) return;
  const timeS = record.summary.simulatedSeconds;
  const late = unwellness(record, scenario);
  if (late !== null) {
    const wrong = health.violations().map(({ words }) => words).join('; ');
    yield { invariant: unwell, explanation: `${late}: ${wrong}`, timeS };
  }
  if (quietForUs(scenario) < quietUs(scenario)) return;
  // What a guest's overlay makes of its nodes is its own affair.
  const isOurs = scenario.coordination.fromPlugins?.overlay === undefined;
  const flaw = isOurs ? views.ring.flaw() : null;
  if (flaw !== null) yield { invariant: ringBroken, explanation: flaw, timeS };
  const unrest = views.quiet.flaw();
  if (unrest !== null) yield { invariant: restless, explanation: unrest, timeS };
  const unevenness = views.load.flaw(quietUs(scenario));
  if (unevenness !== null) yield { invariant: uneven, explanation: unevenness, timeS };
  const ignorance = views.metrics.flaw();
  if (ignorance !== null) yield { invariant: unmeasured, explanation: ignorance, timeS };
}

/** The type of message of which most were sent. */
function mostSent({ sent }: MessageCounters): string {
  return messageTypes[sent.indexOf(Math.max(...sent))];
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
  if (last?.when.kind !== 'at' || last.action.kind === 'from-plugin') return 0;
  return kindOf(last.action).hits === 'all' ? durationUs - last.when.atUs : 0;
}

/**
 * Whether the scenario breaks the same promise in the same way; one that cannot be run does not.
 */
export async function breaks(scenario: ResolvedScenario, failure: Failure): Promise<boolean> {
  try {
    const { failure: now } = await tryOut(scenario);
    return now !== null && sameCause(now, failure);
  } catch (error) {
    if (error instanceof UnknownTargetError) return false;
    throw error;
  }
}
