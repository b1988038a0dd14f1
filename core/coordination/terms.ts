/**
 * How long what coordinates takes at most: terms of the bound, derived in docs/bounds.md. `delayUs`
 * is the longest that a message takes. Searches of agents stand in walk-terms.ts, moves in
 * relocation.ts.
 */
import type { CoreConfig } from './config.js';
import { orderPatienceUs, orderTries, unansweredTolerated } from './orders.js';

/** A manager misses the coordinator's answers; by attachment.ts. */
export function coordinatorMissedUs({ managers, resources }: CoreConfig): number {
  return managers.answerTimeoutUs + resources.checkPeriodUs;
}

/** An agent misses its manager's answers, the second of which sets the deadline; by agent.ts. */
export function managerMissedUs({ resources }: CoreConfig): number {
  return Math.max(resources.answerTimeoutUs, 2 * resources.heartbeatPeriodUs);
}

/** So many resources go from one manager to others, if no move fails; by balance.ts. */
export function balancedUs({ resources, managers, rebalance }: CoreConfig, count: number): number {
  const periods = 2 + Math.ceil(count / Math.max(1, rebalance.perPeriod));
  // It begins when what the coordinator took over has had time to register.
  return resources.heartbeatPeriodUs + resources.retryMaxUs +
    periods * managers.heartbeatPeriodUs;
}

/** A manager never lists what it is given, or shows that it is deaf; by orders.ts. */
export function passedOverUs(config: CoreConfig, delayUs: number): number {
  const { checkPeriodUs } = config.resources;
  const lookedUs = orderPatienceUs(config) + checkPeriodUs;
  const beats = unansweredTolerated(config) + 2;
  const deafUs = beats * config.managers.heartbeatPeriodUs + delayUs + lookedUs;
  return Math.max((orderTries(config) + 1) * lookedUs, deafUs);
}

/**
 * An agent never takes what it was given, and asks from when the coordinator knows that it is
 * listed, until that one is shunned; by shunned.ts.
 */
export function neverTakenUs({ managers, resources }: CoreConfig, delayUs: number): number {
  const { answerTimeoutUs, retryMaxUs } = resources;
  return managers.heartbeatPeriodUs + 2 * delayUs + answerTimeoutUs + 2 * retryMaxUs;
}

/** Until a coordinator minds the greater ballot that an agent obeys; by coordinator-role.ts. */
export function fencedUs({ resources }: CoreConfig): number {
  return 4 * resources.retryMaxUs;
}
