import type { HealthWindows } from './health/index.js';
import type { ResolvedScenario } from './scenario/resolved.js';

/** What happened to the management plane since it was last settled: what a bound depends on. */
export interface EpisodeFaults {
  /** Managers that crashed or were paused, each counted once. */
  readonly managersLost: number;
  /** How often a manager was lost while it acted as coordinator. */
  readonly coordinatorsLost: number;
  /** How many of those lost stood next in line for the role, without a live one between. */
  readonly successorsLost: number;
  /** Managers that came up or were resumed. */
  readonly managersReturned: number;
  /** Whether zones fell apart or grew together. */
  readonly reachabilityChanged: boolean;
  /** Whether messages were lost by a fault (not only at the base rate). */
  readonly lossChanged: boolean;
}

/** Messages that a healthy system should send, per second. */
export interface ExpectedTraffic {
  readonly resourceHeartbeats: number;
  readonly resourceAnswers: number;
  readonly managerHeartbeats: number;
  readonly managerAnswers: number;
  readonly overlayProbes: number;
  readonly overlayProbeAnswers: number;
  readonly total: number;
}

/** What the configuration promises; derived in docs/bounds.md. */
export interface Bounds extends HealthWindows {
  /** d: the largest one-way delay (for unbounded laws: exceeded once in 10^9 messages). */
  readonly maxDelayUs: number;
  /** B for the worst episode that the scenario's own faults suggest; null: nothing promised. */
  readonly recoveryUs: number | null;
  /** Why nothing (or less) is promised, in words; empty when all is well. */
  readonly warnings: readonly string[];
  readonly expected: ExpectedTraffic;
  /** B for an episode with these faults, from its last t0; null: nothing promised. */
  boundFor(faults: EpisodeFaults): number | null;
}

/** What the scenario's configuration promises. */
export function deriveBounds(scenario: ResolvedScenario): Bounds {
  void scenario;
  throw new Error('being written');
}
