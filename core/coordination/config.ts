import type { DetectionSettings, DetectorImplementation } from '../detection/index.js';
import type { ElectionImplementation, ElectionSettings } from '../election/index.js';
import type { OverlayImplementation, OverlaySettings } from '../overlay/index.js';
import type { Plugged } from '../plugged.js';
import type { ActionSettings } from '../rules/index.js';
import type { AssignmentImplementation } from './assignment.js';

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
  readonly overlay: OverlaySettings;
  readonly election: ElectionSettings;
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
  /** So many managers next in line are kept current. Default: 0. */
  readonly standbys?: number;
  readonly actions: ActionSettings;
  /**
   * What is registered stays in the model, whoever dies, and what is silent is told apart:
   * unknown, unreachable, down. Left out: the model holds what living managers list.
   */
  readonly inventory?: {
    /** How many managers keep a copy beside the coordinator. */
    readonly copies: number;
  };
}

/** Implementations of the user's own, each in the place of what the configuration names. */
export interface PluggedCore {
  readonly detection?: Plugged<DetectorImplementation>;
  readonly overlay?: Plugged<OverlayImplementation>;
  readonly election?: Plugged<ElectionImplementation>;
  readonly assignment?: Plugged<AssignmentImplementation>;
}
