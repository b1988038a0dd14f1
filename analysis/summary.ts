/** What `summary.json` holds; the names are a contract with whoever reads it. */
import type { HoldCause } from '../core/observations.js';
import type { AlarmCause } from './measures/alarm-causes.js';
import type { Lag } from '../experiment/lag.js';
import type { DropCause } from '../experiment/world.js';

/** Nearest-rank quantiles, in seconds. Each is null when there was nothing to measure. */
export interface Statistics {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** How many, and how long they took. */
export interface Measure {
  readonly count: number;
  readonly seconds: Statistics;
}

/** Recorded failures, and what became of them. Of the whole run, the warm-up too. */
export interface TraceReplay {
  /** Its name, without the folder. */
  readonly file: string;
  /** Nodes that take part. */
  readonly nodes: number;
  /** Of the whole file: outages or sessions written, and those that were one with another. */
  readonly rows: number;
  readonly merged: number;
  /** By the trace, within the run and the window; and how many nodes they concern. */
  readonly outages: number;
  readonly failing: number;
  readonly injected: number;
  /** Their node was down already, of another cause. */
  readonly skipped: number;
  /** Over before the timeout was. */
  readonly shorterThanDetection: number;
  /** Suspected by somebody while they lasted. */
  readonly noticed: number;
  /** All nodes together: by the trace; in truth; from suspicion until it was managed again. */
  readonly downSeconds: {
    readonly trace: number;
    readonly injected: number;
    readonly measured: number;
  };
  /** Per outage, how far what was measured is from what is true. */
  readonly differenceSeconds: Statistics;
  /** The longest that it takes to notice one. */
  readonly detectionSeconds: number;
}

export interface DetectionMeasure extends Measure {
  /** Crashes that were over before anyone had suspected them. */
  readonly missed: number;
  /** Suspicions of something that was up, not paused, and within reach of the one suspecting. */
  readonly falsePositives: number;
}

/** All but `final` leaves out the warm-up. Times in seconds, shares in [0, 1]. */
export interface Summary {
  readonly scenario: string;
  readonly seed: number;
  /** Null in the live world. */
  readonly digest: string | null;
  readonly eventDigest: string | null;
  readonly simulatedSeconds: number;
  readonly warmUpSeconds: number;
  readonly events: number;
  readonly messages: {
    readonly sent: number;
    readonly duplicated: number;
    readonly delivered: number;
    readonly dropped: number;
    /** By what became of them; their sum is `dropped`. */
    readonly droppedBy: Readonly<Record<DropCause, number>>;
    /**
     * On their way at the end, less those that were when the warm-up ended: so
     * sent + duplicated = delivered + dropped + inFlight.
     */
    readonly inFlight: number;
    readonly bytes: number;
    /** Types that were never sent are left out. */
    readonly byType: Readonly<
      Readonly<Record<string, { readonly sent: number; readonly bytes: number } | undefined>>
    >;
  };
  /** What keeping the managers' overlay cost: probes, their answers and the like, no routes. */
  readonly overlay: {
    readonly name: string;
    readonly maintenanceMessages: number;
    readonly maintenanceBytes: number;
    /** Messages per live manager and second; null where none ever lived. */
    readonly perManagerSecond: number | null;
    /** Of what was routed to a key and came to its root. */
    readonly hops: {
      readonly count: number;
      readonly mean: number | null;
      readonly max: number | null;
    };
  };
  readonly faults: {
    readonly injected: number;
    readonly byKind: Readonly<Record<string, number>>;
    /** One per entry of `faults` that replays a trace; left out if there is none. */
    readonly traces?: readonly TraceReplay[];
  };
  readonly detection: DetectionMeasure & {
    /** By what kept the two from hearing each other lately; the sum is `falsePositives`. */
    readonly falsePositivesBy: Readonly<Record<AlarmCause, number>>;
    /** Crashes still unsuspected when the run ended: neither counted nor missed. */
    readonly pending: number;
    readonly byTarget: {
      readonly resource: DetectionMeasure;
      readonly manager: DetectionMeasure;
      readonly coordinator: DetectionMeasure;
    };
  };
  readonly elections: Measure & {
    /** How often a manager took the role that it did not have, after the first of all. */
    readonly roleChanges: number;
  };
  readonly recovery: {
    readonly episodes: number;
    /** Episodes still open when the run ended. */
    readonly censored: number;
    /** B for one fault under this configuration; null where none can be promised. */
    readonly boundSeconds: number | null;
    /** Null: a bound is promised, or else why none is. */
    readonly promised: string | null;
    /** Episodes for whose own faults a bound was promised. */
    readonly bounded: number;
    /** The largest settle / B of any episode with a bound. */
    readonly maxSettleShare: number | null;
    readonly perFault: Statistics & { readonly count: number; readonly censored: number };
    /** From the last t0 of an episode to its end: what B bounds. */
    readonly settle: Statistics;
    /** Whole episodes. */
    readonly seconds: Statistics;
    readonly extraMessages: number;
    readonly extraBytes: number;
  };
  readonly repair: Measure & { readonly unrepaired: number };
  readonly staleness: {
    /** Of {@link whileHealthy}. */
    readonly boundSeconds: number | null;
    readonly seconds: Statistics;
    /** While the model was as good as is promised of a healthy plane. */
    readonly whileHealthy: Statistics;
  };
  readonly rules: {
    readonly fired: number;
    readonly byRule: Readonly<Record<string, number>>;
    readonly actions: {
      readonly started: number;
      readonly succeeded: number;
      readonly failed: number;
      readonly refused: number;
      readonly unknown: number;
      readonly expired: number;
      /** Whoever wanted it had no say over the resource any more. */
      readonly dropped: number;
      /** Whoever wanted it went down, and nobody knows its end. */
      readonly lost: number;
      /** When the run ended. */
      readonly underWay: number;
      /** Acted on twice for the same target and incarnation, by the truth. */
      readonly duplicated: number;
    };
    /** What brakes did; left out where none was felt. */
    readonly brakes?: {
      /** By cause: what rules wanted and were kept from for a time or for good. */
      readonly held: Readonly<Partial<Record<HoldCause, number>>>;
      /** How often a rule gave up at its limit, and took up again. */
      readonly gaveUp: number;
      readonly resumed: number;
      /** How often rules were found to undo each other. */
      readonly fights: number;
      /** Each giving up, resuming and fight in a sentence, 100 at most, with the warm-up's. */
      readonly told: readonly string[];
    };
  };
  /** Resources that went from one manager to another and were managed throughout. */
  readonly moves: {
    /** To even out the load. */
    readonly balance: number;
    /** Because their manager left. */
    readonly leave: number;
  };
  /** What was done though by the truth there was no need, whatever reason who did it had. */
  readonly needless: {
    /** Restarts and starts of what was up, and taken for down. */
    readonly actions: number;
    /** Resources that left a manager who lived, in reach, and listed them, not by a move. */
    readonly moves: number;
    /** Managers that took the role while another had it, in reach, and did not give it away. */
    readonly elections: number;
  };
  /** Managers that were told to go, from then until they were gone. */
  readonly leaves: Measure;
  readonly availability: {
    readonly managedShare: number | null;
    readonly resourcesUpShare: number | null;
  };
  /** What is not promised, or asked for in vain; in sentences. */
  readonly warnings: readonly string[];
  /** Of live runs. */
  readonly live?: {
    readonly lag: Lag;
    /** Why nothing is said of times and health; null: all is. */
    readonly void: string | null;
  };
  readonly invariants: {
    readonly checked: readonly string[];
    readonly broken: readonly BrokenInvariant[];
  };
  readonly final: {
    readonly healthy: boolean;
    readonly coordinators: number;
    /** Live ones. */
    readonly managers: number;
    /** Live ones. */
    readonly resources: number;
    /** Live resources that no live manager holds. */
    readonly unmanaged: number;
  };
}

export interface BrokenInvariant {
  readonly name: string;
  /** When it broke first. */
  readonly seconds: number;
  readonly detail: string;
}
