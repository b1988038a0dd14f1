import type { LinkHarm } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Component } from './component.js';

/**
 * The three conditions of health, in the order of docs/protocol.md: one acknowledged
 * `coordinator`; every live resource `managed`, by one manager; the `model` up to date.
 */
export const conditions = ['coordinator', 'managed', 'model'] as const;
export type Condition = (typeof conditions)[number];

/** Which conditions hold, each in all judged components. */
export type ConditionStates = Readonly<Record<Condition, boolean>>;

/** One way in which a condition is violated in one component, for the words of reports. */
export interface Violation {
  readonly condition: Condition;
  /** Zones (by index) of the component, ascending. */
  readonly zones: readonly number[];
  /** How many managers or resources are concerned. */
  readonly count: number;
  /** A clause that names one of them: `57 live resources are not held, for one web-3 (...)`. */
  readonly words: string;
}

/** The plane turned healthy or unhealthy; also once for the first instant of a run. */
export interface HealthChange {
  readonly timeUs: number;
  readonly healthy: boolean;
  /** Empty when healthy. */
  readonly violations: readonly Violation[];
}

/** A condition came to hold, or ceased to; also once each for the first instant of a run. */
export interface ConditionChange {
  readonly timeUs: number;
  readonly condition: Condition;
  readonly holds: boolean;
}

/** The same of one component of reachability. */
export interface ComponentChange {
  readonly timeUs: number;
  /** The same object until reachability changes. */
  readonly component: Component;
  readonly healthy: boolean;
}

/** Somebody took a manager for gone. */
export interface Suspicion {
  readonly timeUs: number;
  readonly by: Address;
  /** The manager (or coordinator) that is suspected. */
  readonly of: Address;
  /** Whether it is down, paused, out of reach, or no longer acts under the suspected ballot. */
  readonly justified: boolean;
}

/** Everything that an injected fault took away is managed again. */
export interface FaultRecovery {
  readonly fault: number;
  readonly beganUs: number;
  readonly recoveredUs: number;
  /** How many resources it took from their managers, or took down. */
  readonly resources: number;
  /** Whether it took the coordinator away. With neither, there was nothing to recover. */
  readonly coordinator: boolean;
}

/** Why t0 moved. `process` is the manager concerned, or -1. */
export interface Disturbance {
  readonly timeUs: number;
  readonly kind:
    | 'manager-up'
    | 'manager-down'
    | 'manager-leaving'
    | 'manager-paused'
    | 'manager-resumed'
    | 'reachability'
    | 'links-changed'
    | 'clock-set'
    | 'host-slowed';
  readonly process: Address;
  /** Whether the manager acted as coordinator until then. */
  readonly coordinator: boolean;
  /** Share of messages lost from now on, where `links-changed` tells; else null. */
  readonly loss: number | null;
  /** What else is the matter with links from now on, where `links-changed` tells; null: nothing. */
  readonly harm: LinkHarm | null;
  /** Whether the host is off its usual pace from now on, by `clock-set` or `host-slowed`. */
  readonly odd?: boolean;
}

/**
 * What one may want to hear of. Calls come in order of time; what is judged (health, conditions,
 * recovery) is judged at the end of an instant, after all observations that carry its time.
 */
export interface HealthListener {
  healthChanged?(change: HealthChange): void;
  componentTurned?(change: ComponentChange): void;
  conditionChanged?(change: ConditionChange): void;
  suspected?(suspicion: Suspicion): void;
  faultRecovered?(recovery: FaultRecovery): void;
  /** A live resource lost its manager, or has one again, or lives no more; told at once. */
  unmanagedTurned?(timeUs: number, resource: number, unmanaged: boolean): void;
  /** Called before the disturbance shows in the truth. */
  disturbed?(disturbance: Disturbance): void;
  /** An instant with disturbances is over, and the truth shows them all. */
  disturbancesShown?(timeUs: number): void;
}
