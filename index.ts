/**
 * Howdah as a library: run scenarios from a program, and write implementations of your own. See
 * docs/extending.md; the suites that implementations must pass are in `howdah/conformance`.
 */
import { createRecorder } from './analysis/index.js';
import type {
  EpisodeRow, FaultRow, MessageRow, RunRecord, Summary, TimeseriesRow,
} from './analysis/index.js';
import type { ObservationSink } from './core/observations.js';
import { buildInventory } from './experiment/inventory.js';
import { createRegistry, type Plugin } from './checker/plugins.js';
import { checkRunOptions, guarded } from './experiment/run-options.js';
import { loadScenario, parseScenario } from './checker/scenario.js';
import type { ResolvedScenario } from './experiment/scenario/index.js';
import { runSimulation } from './sim/index.js';

// -- what plugins implement, and what they are given

export { definePlugin, type Plugin } from './checker/plugins.js';
export { PluginError } from './experiment/plugins.js';
export { Watch, type InvariantContext, type InvariantOffer } from './checker/invariants/index.js';
export type { Break, Invariant } from './experiment/invariant.js';
export type { Configurable, SettingsIssue, SettingsSchema } from './core/configured.js';
export {
  FixedTimeout, PhiAccrual,
  type Detector, type DetectorImplementation, type DetectorSite, type PhiAccrualSettings,
  type Rhythm,
} from './core/detection/index.js';
export {
  OverlayRootElection, overlayRootTerms,
  type Election, type ElectionImplementation, type ElectionOptions, type ElectionSite,
  type ElectionTerms, type ElectionUser, type Succession,
} from './core/election/index.js';
export {
  ConsistentHashing, LeastLoaded, LoadRebalancer, RoundRobin,
  type Assignment, type AssignmentImplementation, type Holdings, type RebalanceLimits,
  type Transfer,
} from './core/coordination/assignment/index.js';
export type { LatencyImplementation, LatencyModel, Sites } from './experiment/latency-model.js';
export type {
  FaultAim, FaultImplementation, FaultInventory, FaultWorld, PluginFault,
} from './experiment/faults/plugin-fault.js';
export type { FaultControls } from './experiment/world.js';
export {
  compareCloseness, coordinatorKey, FullMesh, Pastry, type GuestOverlay as Overlay,
  type OverlayImplementation, type OverlaySettings, type OverlaySite, type OverlayTerms,
  type OverlayUser, type Peer,
} from './core/overlay/index.js';
export type { Port, Receiver, Transport } from './core/transport.js';
export {
  ballot, compareBallots, compareTokens, peer, token, type Ballot, type NodeId, type Token,
} from './core/identity.js';
export type {
  CoordinatorAnnounce, CoordinatorStatus, ElectionRequest,
} from './core/election/messages.js';
export type { BuiltInMessage, MessageType } from './core/messages.js';
export {
  envelope, flag, id, index, labels, list, message, nullable, record, text, uint, values, word,
  type Definition, type Field, type Message, type Of, type Traits,
} from './core/wire/record.js';
export type {
  Address, Environment, Process, Random, Store, StoreValue, TimerId,
} from './core/process.js';
export type { Observation, ObservationSink } from './core/observations.js';
export { quantile, sample, type Distribution } from './experiment/random/distributions.js';
export { draw, streamKey, type StreamKey } from './experiment/random/streams.js';

// -- running scenarios

export { RunOptionsError, SinkError } from './experiment/run-options.js';
export { ProcessError } from './sim/index.js';
export { ScenarioError, type ResolvedScenario } from './experiment/scenario/index.js';
export type { EpisodeRow, FaultRow, MessageRow, Summary, TimeseriesRow };

/** What to run, and how to follow it. */
export interface RunOptions {
  /** A scenario file; or the text of one, and what it is called in errors. */
  readonly scenario: string | { readonly text: string; readonly file?: string };
  /** Changes of fields, each as `path=value`, the value in YAML. */
  readonly set?: readonly string[];
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** Implementations that the scenario may name. */
  readonly plugins?: readonly Plugin[];
  /** Told every observation, in order; what they are given cannot be changed. */
  readonly sinks?: readonly ObservationSink[];
  /** Called some ten times a second with the simulated time in microseconds. */
  readonly progress?: (timeUs: number, events: number) => void;
  /** Ends the run early: what was measured until then is the result. */
  readonly signal?: AbortSignal;
}

/** What a run measured: the content of a run directory, as data. */
export interface Run {
  /** Every setting, defaults too. */
  readonly scenario: ResolvedScenario;
  /** As in `summary.json`. */
  readonly summary: Summary;
  readonly episodes: readonly EpisodeRow[];
  readonly faults: readonly FaultRow[];
  readonly messages: readonly MessageRow[];
  readonly timeseries: readonly TimeseriesRow[];
  /** `signal` ended it before the scenario's duration. */
  readonly interrupted: boolean;
}

/** Between two turns of the event loop, for timers and signals. */
const TURN_MS = 100;

/**
 * Simulates a scenario, in this thread; nothing is written. The same scenario, seed and plugins
 * give the same digest as `sim run`.
 *
 * @throws RunOptionsError, ScenarioError, PluginError before anything runs; ProcessError when a
 * process throws, SinkError when a sink does
 */
export async function run(options: RunOptions): Promise<Run> {
  checkRunOptions(options);
  const scenario = scenarioOf(options);
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  let turnMs = performance.now();
  const result = await runSimulation(scenario, inventory, {
    sinks: [...recorder.sinks, ...(options.sinks ?? []).map(guarded)],
    samplePeriodUs: recorder.samplePeriodUs,
    sample: (timeUs, counters) => recorder.sample(timeUs, counters),
    instants: recorder.instants,
    progress: (timeUs, events) => {
      if (performance.now() - turnMs < TURN_MS) return options.signal?.aborted !== true;
      options.progress?.(timeUs, events);
      return new Promise((resolve) => {
        setImmediate(() => {
          turnMs = performance.now();
          resolve(options.signal?.aborted !== true);
        });
      });
    },
  });
  return dataOf(scenario, recorder.finish(result));
}

function scenarioOf({ scenario, set, seed, plugins = [] }: RunOptions): ResolvedScenario {
  const sources = plugins.map((plugin, index) => ({ origin: `plugins[${index}]`, plugin }));
  const options = { set, seed, plugins: createRegistry(sources) };
  if (typeof scenario === 'string') return loadScenario(scenario, options);
  return parseScenario(scenario.text, scenario.file ?? 'scenario.yaml', options);
}

function dataOf(scenario: ResolvedScenario, record: RunRecord): Run {
  const { summary, episodes, faults, messages, timeseries, interrupted } = record;
  return {
    scenario, summary, episodes, faults: [...faults], messages, timeseries, interrupted,
  };
}
