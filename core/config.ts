import type { DetectionSettings, DetectorImplementation } from './detection/index.js';
import type { AssignmentImplementation } from './coordination/assignment.js';
import type { ElectionImplementation } from './election/election.js';
import type { Plugged } from './plugged.js';
import type { BrakeSettings, Silence } from './rules/brake-settings.js';

/** Settings of the management system; the scenario schema holds their defaults. Microseconds. */
export interface CoreConfig {
  readonly resources: {
    /** h_r: between two heartbeats of a resource. */
    readonly heartbeatPeriodUs: number;
    /** tau: silence after which a manager suspects a resource, counted from the last heartbeat. */
    readonly timeoutUs: number;
    /** c: between two looks of a manager, an agent or a coordinator at its silent ones. */
    readonly checkPeriodUs: number;
    /** Silence after which an agent gives its manager up, from the last answered heartbeat. */
    readonly answerTimeoutUs: number;
    /**
     * The next manager is asked after this; a round of all is followed by a pause that begins with
     * it and doubles by the round up to the maximum. With jitter.
     */
    readonly retryUs: number;
    readonly retryMaxUs: number;
  };
  readonly managers: {
    /** h_m: between two heartbeats of a manager to the coordinator. */
    readonly heartbeatPeriodUs: number;
    /** Silence after which the coordinator gives a manager up. */
    readonly timeoutUs: number;
    /** Silence after which a manager suspects the coordinator, from the last answered heartbeat. */
    readonly answerTimeoutUs: number;
  };
  readonly overlay: {
    readonly name: string;
    /** Between two probes that a manager sends, each to the next peer in turn. */
    readonly probePeriodUs: number;
    /** Between two heartbeats of a node to its neighbour on the ring; a full mesh has none. */
    readonly heartbeatPeriodUs: number;
    /** A hop or probe without acknowledgement for so long has failed. */
    readonly hopTimeoutUs: number;
  };
  readonly election: {
    readonly name: string;
    /** The root asks the coordinator this often before it takes it for gone ... */
    readonly tries: number;
    /** ... and waits so long for each answer. */
    readonly tryTimeoutUs: number;
    /** An election request without effect is routed anew after this. */
    readonly requestTimeoutUs: number;
  };
  readonly detection: DetectionSettings;
  readonly assignment: { readonly name: string };
  readonly rebalance: {
    /**
     * Resources move once the fullest manager has that share of the mean more than the emptiest,
     * and at least two more; from then until they differ by one at most.
     */
    readonly threshold: number;
    /** How many resources each manager gives or takes per heartbeat period; 0: none move. */
    readonly perPeriod: number;
  };
  /** A manager that leaves hands over for so long at most, then it goes. */
  readonly leaveTimeoutUs: number;
  /** Implementations of the user's own, instead of those named above. */
  readonly plugged?: PluggedCore;
  /** How long a new coordinator waits for the managers before it enforces global rules. */
  readonly rebuildUs: number;
  /** Model entries in one message, at most. */
  readonly entriesPerMessage: number;
  readonly actions: {
    /** Without an outcome for so long, an action is sent again ... */
    readonly timeoutUs: number;
    /** ... this often, then it has expired. */
    readonly retries: number;
    /** Rules only tell what they would do. Default: they act. */
    readonly mode?: 'observe';
    readonly silences?: readonly Silence[];
    readonly brakes?: readonly BrakeSettings[];
  };
}

/** Implementations of the user's own, each in the place of what the configuration names. */
export interface PluggedCore {
  readonly detection?: Plugged<DetectorImplementation>;
  readonly election?: Plugged<ElectionImplementation>;
  readonly assignment?: Plugged<AssignmentImplementation>;
}
