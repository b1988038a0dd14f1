/**
 * A scenario after parsing, defaults and validation: what the worlds and the measurement read.
 * Instants and durations are whole microseconds (`Us`), shares are in [0, 1].
 */
import type { CoreConfig } from '../../core/coordination/config.js';
import type { Plugged } from '../../core/plugged.js';
import type { Verb } from '../../core/process.js';
import type { FaultAction } from '../faults/kinds/index.js';
import type { Impairment } from '../impairments/index.js';
import type { LatencyImplementation } from '../latency-model.js';
import type { Distribution } from '../random/distributions.js';
import type { TraceFile, TraceFormat, TraceUnit } from '../traces/index.js';
import type { phases } from './names.js';

export interface ResolvedScenario {
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  readonly durationUs: number;
  /** Left out of all statistics. */
  readonly warmUpUs: number;
  readonly system: SystemSettings;
  readonly coordination: CoreConfig & {
    /** Only `none` yet; `majority` comes with exclusive actions. */
    readonly quorum: 'none';
  };
  /** Each rule file as read, so that a run is complete in itself. */
  readonly rules: readonly { readonly file: string; readonly text: string }[];
  readonly network: NetworkSettings;
  readonly live: { readonly processes: number };
  readonly faults: readonly FaultSettings[];
  /** Names of invariants that are checked; empty: none. */
  readonly invariants: readonly string[];
  readonly measure: {
    /** Rows of the time series, about. */
    readonly samples: number;
    /** The plane must be healthy for so long before an episode counts as over. */
    readonly holdUs: number;
  };
  readonly engine: { readonly queue: 'wheel' | 'heap' };
}

export interface SystemSettings {
  readonly managers: number;
  readonly zones: readonly string[];
  /** In each zone. */
  readonly racks: number;
  readonly clocks: ClockSettings;
  readonly service: ServiceSettings;
  readonly resources: readonly ResourceGroup[];
  readonly kinds: readonly KindSettings[];
}

/** How wrong the clocks of hosts are from the start: each is drawn uniformly from -most to most. */
export interface ClockSettings {
  readonly offsetUs: number;
  /** Share of its rate by which a clock runs fast or slow. */
  readonly drift: number;
  /** By how much each timer may fire early or late. */
  readonly timersUs: number;
}

/** What each message takes of its receiver's time, one after the other; 0: none. */
export interface ServiceSettings {
  readonly managerUs: number;
  readonly agentUs: number;
}

/** Resources of one kind, spread over hosts of their own, `perHost` on each. */
export interface ResourceGroup {
  readonly kind: string;
  readonly count: number;
  readonly perHost: number;
  readonly labels: Readonly<Record<string, string>>;
  /** How many of them start out stopped, as spares. */
  readonly spares: number;
}

/** How resources of a kind behave. Distributions are in seconds. */
export interface KindSettings {
  readonly name: string;
  /** From start to up, also at the start of the run and after a host's restart. */
  readonly startUp: Distribution;
  readonly actions: Readonly<
    Record<Verb, { readonly duration: Distribution; readonly failure: number }>
  >;
  readonly metrics: readonly MetricSettings[];
}

/** A mean-reverting random walk, sampled whenever a sensor reads it. */
export interface MetricSettings {
  readonly name: string;
  readonly mean: number;
  /** Standard deviation in the long run. */
  readonly deviation: number;
  /** Seconds after which a deviation has decayed to 1/e. */
  readonly reversion: number;
  readonly minimum: number;
  readonly maximum: number;
  /** How far it must move before the coordinator hears of it. */
  readonly resolution: number;
}

export interface NetworkSettings {
  /** One-way delay between hosts. In seconds. */
  readonly latency: LatencySettings;
  /** Share of messages lost, everywhere and always. */
  readonly loss: number;
  /** What else harms messages everywhere and always; at most one of each kind, none is a loss. */
  readonly impairments: readonly Impairment[];
}

/** Measured delays between sites. */
export interface RttMatrix {
  /** Number of sites. */
  readonly size: number;
  /** Half the round-trip time, by sender's site * size + receiver's site. */
  readonly oneWayUs: Int32Array;
}

export type LatencySettings =
  | { readonly kind: 'same'; readonly delay: Distribution }
  /** `within` a zone, `between` two zones, unless `pairs` names the two (in either order). */
  | {
      readonly kind: 'zones';
      readonly within: Distribution;
      readonly between: Distribution;
      readonly pairs: readonly { a: number; b: number; delay: Distribution }[];
    }
  /** Each host is at a site that the seed draws; zones play no part. */
  | {
      readonly kind: 'matrix';
      /** As an absolute path, so that a resolved scenario finds it from anywhere ... */
      readonly file: string;
      /** ... and sees whether it is still the same. Hex. */
      readonly sha256: string;
      readonly matrix: RttMatrix;
      /** On top of the measured delay, drawn for each message. In seconds. */
      readonly jitter: Distribution;
      /** Between hosts of one site. */
      readonly withinUs: number;
    }
  | ({ readonly kind: 'plugged' } & Plugged<LatencyImplementation>);

/** What one entry of `faults` asks for. */
export interface FaultSettings {
  /** As in the YAML: crash, pause, leave, partition, loss and other impairments, heal. */
  readonly action: FaultAction;
  readonly when: FaultTime;
  /**
   * How long until the fault's own repair; null: none (rules must repair, or never). Of a leave,
   * from when the last of those that left is gone.
   */
  readonly repair: Distribution | null;
  /** While a fault of links lasts, it is there and not there in turn. */
  readonly flapping?: Flapping;
}

/** In seconds; it begins with being there. */
export interface Flapping {
  readonly bad: Distribution;
  readonly good: Distribution;
  /** What is drawn shorter takes so long. */
  readonly atLeastUs: number;
}

/** A phase of the protocol's work that faults can wait for. */
export type Phase = (typeof phases)[number];
export type FaultTime =
  | { readonly kind: 'at'; readonly atUs: number }
  /** At fromUs, fromUs + everyUs, and so on, as long as that is before untilUs. */
  | {
      readonly kind: 'every';
      readonly everyUs: number;
      readonly fromUs: number;
      readonly untilUs: number;
    }
  /**
   * Each time that such a phase begins from fromUs on and before untilUs, `delay` later, if the
   * phase is not over by then; `times` at most. Not while such a fault is still to come.
   */
  | {
      readonly kind: 'during';
      readonly phase: Phase;
      readonly delay: Distribution;
      readonly times: number | null;
      readonly fromUs: number;
      readonly untilUs: number;
    }
  /**
   * Each unit of `targets` (one entry, such as managers or zones, whose `count` is 0) has
   * its own renewal process: up for a drawn `lifetime`, down until repaired. For partition and
   * loss it is one process: healed for `lifetime`, then under way until repaired.
   * The first lifetime begins at fromUs; no fault begins at untilUs or later.
   */
  | {
      readonly kind: 'random';
      readonly lifetime: Distribution;
      readonly fromUs: number;
      readonly untilUs: number;
    }
  | TraceTime;

/**
 * As recorded: node k of the trace is the k-th unit of `targets` (kinds managers, hosts or
 * resources, one after the other; their `count` is 0). An outage under way at fromUs begins then;
 * none begins at untilUs or later; each lasts for as long as the trace says.
 */
export interface TraceTime {
  readonly kind: 'trace';
  /** Its path is absolute, so that a resolved scenario finds it from anywhere. */
  readonly trace: TraceFile;
  readonly format: TraceFormat;
  /** Undefined: the one of the format. */
  readonly unit?: TraceUnit | undefined;
  readonly system?: string | undefined;
  /** From fromUs to untilUs again and again. */
  readonly repeat?: boolean;
  /** By the trace's clock. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** When in the run fromUs is. */
  readonly startUs: number;
  /** The trace's clock goes so many times as fast as the run's. */
  readonly speedUp: number;
  /** So many nodes, the first of the trace. */
  readonly nodes: number;
}

export type { FaultAction };
export type { FaultTarget, Party } from './targets.js';
