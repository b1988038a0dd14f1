/**
 * How long what coordinates takes at most: terms of the bound, derived in docs/bounds.md. `delayUs`
 * is the longest that a message takes, `lost` how often in a row what is repeated every period may
 * be lost. Searches of agents stand in walk-terms.ts, moves in relocation.ts.
 */
import type { CoreConfig } from './config.js';
import { orderPatienceUs, orderTries, unansweredTolerated } from './orders.js';

/** A manager hears of a change, or misses the resource for `silenceUs`; by listings.ts. */
export function noticedUs(
  { resources }: CoreConfig, silenceUs: number, delayUs: number, lost: number,
): number {
  const { heartbeatPeriodUs, checkPeriodUs } = resources;
  // What it has just heard may go over to another manager with the resource: a delay more.
  return Math.max(heartbeatPeriodUs, silenceUs + checkPeriodUs) + 2 * delayUs +
    lost * heartbeatPeriodUs;
}

/** What a manager has noticed is in the coordinator's model; by attachment.ts. */
export function reportedUs({ managers }: CoreConfig, delayUs: number, lost: number): number {
  return (1 + lost) * managers.heartbeatPeriodUs + delayUs;
}

/** W: the coordinator has the former manager let go at its next heartbeat; by coordinator.ts. */
export function releasedUs(config: CoreConfig, delayUs: number, lost: number): number {
  return reportedUs(config, delayUs, lost) + delayUs;
}

/**
 * A manager that was given a resource whose agent it cannot reach asks that in vain, lets go and
 * tells the coordinator, which waits whether another has it; by probing.ts, placement.ts.
 */
export function lapsedUs(
  config: CoreConfig, silenceUs: number, delayUs: number, lost: number,
): number {
  const { checkPeriodUs } = config.resources;
  const askedUs = silenceUs + checkPeriodUs + 3 * delayUs;
  return askedUs + reportedUs(config, delayUs, lost) +
    config.managers.heartbeatPeriodUs + checkPeriodUs;
}

/** A manager misses the coordinator's answers; by attachment.ts. */
export function coordinatorMissedUs({ managers, resources }: CoreConfig): number {
  return managers.answerTimeoutUs + resources.checkPeriodUs;
}

/** An agent misses its manager's answers, the second of which sets the deadline; by agent.ts. */
export function managerMissedUs({ resources }: CoreConfig): number {
  return Math.max(resources.answerTimeoutUs, 2 * resources.heartbeatPeriodUs);
}

/** So many go from one manager to others, if no move fails; by assignment/load-rebalancer.ts. */
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
 * An agent never takes what it was given, and asks, every `askedUs`, from when the coordinator
 * knows that it is listed until that one is shunned; by shunned.ts.
 */
export function neverTakenUs(
  { managers, resources }: CoreConfig, delayUs: number, askedUs: number,
): number {
  return managers.heartbeatPeriodUs + 2 * delayUs + resources.answerTimeoutUs + 2 * askedUs;
}

/**
 * Until a coordinator minds the greater ballot that an agent obeys, and the agent, which asks it
 * every `askedUs`, has asked once more; by coordinator-role.ts.
 */
export function fencedUs({ resources }: CoreConfig, askedUs: number): number {
  return resources.retryMaxUs + 3 * askedUs;
}
