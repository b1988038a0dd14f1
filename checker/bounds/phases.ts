/** The phases of recovery, named as in docs/bounds.md: each the longest that it takes. */
import {
  balancedUs, copiedUs, coordinatorMissedUs, disownedUs, fencedUs, lapsedUs, listenedUs,
  longSearchUs, lookedForUs, managerMissedUs, movedWithinUs, neverTakenUs, noticedUs, passedOverUs,
  releasedUs, reportedUs, searchUs, triesInVain, type Outlook,
} from '../../core/coordination/index.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { EpisodeFaults } from '../episode-log.js';
import { lostOf, RARE, retries, type Times } from './times.js';

/** delta: how old a change may be that the coordinator's model does not show. */
export function staleness({ config, d, tau }: Times, loss: number): number {
  const lost = retries(loss);
  return noticedUs(config, tau, d, lost) + reportedUs(config, d, lost);
}

/** J: from an agent's start, or its resource's, to a manager that holds the resource. */
export function registration(times: Times, outlooks: readonly Outlook[], loss: number): number {
  // A resource that comes back to a manager that died meanwhile finds out by two heartbeats.
  return 2 * times.hr + findManager(times, outlooks, loss) + assign(times);
}

/** W: whom the resource left has let go of it. */
export function handOver({ config, d }: Times, loss: number): number {
  return releasedUs(config, d, retries(loss, 2));
}

/** A look more, for what waits in line after a stall. */
export function patience({ config, d, c }: Times): number {
  return managerMissedUs(config) + c + d;
}

/** The coordinator gives it up at its second deadline, which it sees at its next look. */
export function move({ config, d }: Times): number {
  return movedWithinUs(config) + d;
}

/** All resources may have to go from one manager, and a move fail once. */
export function balance(times: Times, { system }: ResolvedScenario): number {
  const all = system.resources.reduce((sum, { count }) => sum + count, 0);
  return balancedUs(times.config, all) + 2 * move(times);
}

/** What is registered and nobody reports is in the model of a new coordinator. */
export function shown(times: Times, { system }: ResolvedScenario): number {
  const all = system.resources.reduce((sum, { count }) => sum + count, 0);
  const { config, d } = times;
  return announce(times) + Math.max(lookedForUs(config), copiedUs(config, all, d));
}

/** What is decommissioned is gone for good, its host having had time to register. */
export function gone(
  times: Times, outlooks: readonly Outlook[], scenario: ResolvedScenario, loss: number,
): number {
  return registration(times, outlooks, loss) + shown(times, scenario) +
    disownedUs(times.config, times.d);
}

/** Somebody listens to what is unknown, and has listened. */
export function listened(times: Times): { readonly givenUs: number; readonly heardUs: number } {
  const { config, d, tau, tauM } = times;
  return listenedUs(config, { resource: tau, manager: tauM }, d);
}

/** A request goes to the root; it and the requester may each have to go round those ahead. */
function routeToRoot({ config, d, overlay }: Times, goneAhead: number): number {
  return overlay.routeUs(config.overlay, goneAhead) + d;
}

function decideAndAnnounce(times: Times, loss: number): number {
  const { election, d, depth, hm } = times;
  // Who missed the announcement learns of it by its next heartbeat.
  return election.decideUs + depth * d + retries(loss) * hm + acknowledge(times, loss);
}

/** Who hears of a greater ballot asks its holder before it acknowledges it. */
function acknowledge({ election, d, hm }: Times, loss: number): number {
  return 2 * d + election.acknowledgeUs(retries(loss, 2) + 1, hm);
}

function elect(times: Times, goneAhead: number, loss: number): number {
  const again = retries(loss, 2) * times.election.requestUs;
  const found = coordinatorMissedUs(times.config) + routeToRoot(times, goneAhead) + again;
  return found + decideAndAnnounce(times, loss);
}

/** A returned root takes part in elections, and in the ring. */
function boot({ config, election, overlay }: Times): number {
  return Math.max(election.startUs, overlay.joinUs(config.overlay));
}

/** It goes around one on each level, and whoever hears of it asks its holder once more at most. */
export function announce(times: Times): number {
  const { config, d, depth, election, overlay, managers } = times;
  const around = overlay.goAroundUs(config.overlay, managers, managers);
  return depth * d + around + 2 * d + election.askUs;
}

/**
 * The new coordinator waits for reports, at most for `rebuild`; for less where all that are gone
 * stand ahead of it, as it has found them dead on its way, or are the former coordinator, which it
 * asked.
 */
function waitForReports(times: Times, missed: boolean, gone: number, loss: number): number {
  const { config, d, hm, overlay, managers } = times;
  const around = overlay.goAroundUs(config.overlay, gone, managers);
  return Math.max(missed ? config.rebuildUs : 0, around + 2 * d) + retries(loss) * hm;
}

/** How long what is over may still bear on what comes next. */
export function afterEffect(times: Times, loss: number): number {
  const registered = findAnother(times, [], loss) + 2 * times.d;
  return Math.max(boot(times), waitForReports(times, true, 0, loss), registered);
}

/** Of those that are gone, how many the new coordinator knows to be. */
function knownGone({ goneAhead, coordinatorAsked }: EpisodeFaults): number {
  return goneAhead + (coordinatorAsked ? 1 : 0);
}

/** An agent misses the answers of a manager. */
function missManager({ config, d }: Times): number {
  return managerMissedUs(config) + d;
}

/** The coordinator misses a manager's heartbeats: what is down has no other way to a new one. */
function missMember({ tauM, c, d }: Times): number {
  return tauM + c + d;
}

/** The managers that an agent asks until one makes it a resource's. */
function tries(outlooks: readonly Outlook[], loss: number): number {
  // Agent, manager, coordinator, manager, agent.
  const lost = lostOf(loss, 4);
  const nobodyGone = retries(loss, 4);
  return 1 + Math.max(nobodyGone, ...outlooks.map((one) => triesInVain(one, lost, RARE)));
}

/** An agent that has just lost a manager finds another. */
function findManager(times: Times, outlooks: readonly Outlook[], loss: number): number {
  return searchUs(times.config.resources, tries(outlooks, loss), times.seeds);
}

/** One that has been looking for long: what it asked before is in vain. */
function findAnother(times: Times, outlooks: readonly Outlook[], loss: number): number {
  return longSearchUs(times.config.resources, tries(outlooks, loss), times.seeds);
}

/** Agent to manager to coordinator to the new manager to the agent. */
function assign({ d }: Times): number {
  return 4 * d;
}

/** Managers of either side probe one of the other; the lesser coordinator hands over. */
function merge(times: Times, outlooks: readonly Outlook[], loss: number): number {
  const { config, zones, d, election, hr, hm, overlay } = times;
  // Zones are dealt in turn, so among as many peers as there are zones is one of each.
  const meet = overlay.probedUs(config.overlay, zones + retries(loss, 2)) + 2 * d;
  // A question to the greater one's holder may be out, and is repeated; then its coordinator is
  // told, which asks as well.
  const asked = election.askUs + 2 * acknowledge(times, loss);
  const stepDown = asked + 3 * d + retries(loss) * hm;
  // Without one ring yet, the deposed coordinator's managers hear of it by their heartbeats.
  const report = hm + overlay.redirectionHops * d + acknowledge(times, loss);
  // Both sides hold the same resource: its agent is offered the greater assignment.
  const settle = Math.max(hr + d, handOver(times, loss));
  const begun = Math.max(config.resources.retryMaxUs, findManager(times, outlooks, loss));
  // Who has been looking meanwhile need not wait for that.
  const found = Math.max(settle + begun, findAnother(times, outlooks, loss));
  return meet + stepDown + report + found + assign(times);
}

/**
 * A manager was given a resource whose agent it could not reach, and is deposed with its side's
 * coordinator; if the resource is down, nobody notices until the manager asks its agent.
 */
function lapse(times: Times, loss: number): number {
  const { config, d, tau } = times;
  return lapsedUs(config, tau, d, retries(loss)) + assign(times);
}

/** A round of asking comes to everyone. */
function findAny({ config, managers }: Times, loss: number): number {
  return searchUs(config.resources, managers + retries(loss, 4), managers);
}

/** The next round, of one that has been looking for long, comes to everyone again. */
function findAgain({ config, managers }: Times, loss: number): number {
  return longSearchUs(config.resources, managers + retries(loss, 4), managers);
}

/** An agent was given to one that it does not hear, or that does not hear it. */
function shun(times: Times, loss: number): number {
  const taken = missManager(times) + findAny(times, loss);
  const never = neverTakenUs(times.config, times.d, findAgain(times, loss));
  return Math.max(never, taken) + assign(times);
}

/** Messages pass one way only between some: each of those may be tried before another. */
export function managedOneWay(times: Times, deaf: number, loss: number): number {
  const { config, d, managers } = times;
  const elected = elect(times, managers - 1, loss) + waitForReports(times, true, managers, loss);
  const found = missManager(times) + findAny(times, loss);
  const outbid = fenced(times, findAgain(times, loss));
  return Math.max(elected, found, missMember(times)) + assign(times) + outbid +
    deaf * (passedOverUs(config, d) + shun(times, loss));
}

/** An agent obeys nothing under the coordinator's ballot, having heard of a greater one. */
function fenced({ config, election }: Times, askedUs: number): number {
  return fencedUs(config, askedUs) + election.decideUs;
}

/** The longest of the ways that these faults take, then the model. */
export function recovery(times: Times, faults: EpisodeFaults, loss: number): number {
  const { outlooks } = faults;
  const another = findAnother(times, outlooks, loss);
  const agents = Math.max(missManager(times) + findManager(times, outlooks, loss), another);
  const ways = [Math.max(agents, missMember(times)) + assign(times)];
  if (faults.coordinatorLost || faults.linksChanged) {
    const booting = faults.managersReturned > 0 ? boot(times) : 0;
    const missed = faults.managersReturned > 0 || faults.managersGone > knownGone(faults);
    const elected = elect(times, faults.goneAhead, loss) + booting;
    const reported = waitForReports(times, missed, faults.managersGone, loss);
    // Registrations wait with it for the reports; what was asked before is in vain.
    const rebuilt = elected + Math.max(reported, another + 2 * times.d);
    ways.push(Math.max(rebuilt, agents) + assign(times));
  }
  if (faults.managersReturned > 0 || faults.reachabilityChanged || faults.linksChanged) {
    ways.push(merge(times, outlooks, loss));
  }
  if (faults.reachabilityChanged || faults.linksChanged) {
    ways.push(lapse(times, loss), fenced(times, another) + assign(times));
  }
  return Math.max(...ways) + staleness(times, loss);
}
