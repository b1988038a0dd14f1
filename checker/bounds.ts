/**
 * What a configuration promises, derived phase by phase in docs/bounds.md. Each phase of recovery
 * is a function of its own, named as there; all times are whole microseconds, in the worst case.
 */
import ln from '@stdlib/math-base-special-ln';
import type { CoreConfig } from '../core/config.js';
import {
  longSearchUs, movedWithinUs, orderPatienceUs, orderTries, searchUs, triesInVain,
  unansweredTolerated, type Outlook,
} from '../core/coordination/index.js';
import { deviationsAt } from '../core/detection/index.js';
import { inquiryTries } from '../core/election/index.js';
import type { LinkHarm } from '../core/observations.js';
import { overlayTerms, type OverlayTerms } from '../core/overlay/index.js';
import { hasOwnRepair } from '../experiment/faults/replay.js';
import { extraDelayUs, harmOf } from '../experiment/harm.js';
import { longestDelayUs } from '../experiment/latency.js';
import { kindOf, type BuiltInAction } from '../experiment/faults/kinds/index.js';
import { clockFactor, longestServiceUs, paceRisks } from '../experiment/pace.js';
import { quantile, supremum } from '../experiment/random/distributions.js';
import type {
  FaultAction, FaultSettings, LatencySettings, ResolvedScenario,
} from '../experiment/scenario/resolved.js';
import { formatDurationUs } from '../experiment/scenario/units.js';
import type { BoundSource, EpisodeFaults } from './episode-log.js';
import type { HealthWindows } from './health/index.js';
import { isBeyond, lossAfterLoss, unpromised } from './link-bounds.js';
import { outlooksBehind } from './outlooks.js';
import { longestSilenceUs, watchTimes, type Watching } from './watching.js';

/** Messages that a healthy system should send, per second. */
export interface ExpectedTraffic {
  readonly resourceHeartbeats: number;
  readonly resourceAnswers: number;
  readonly managerHeartbeats: number;
  readonly managerAnswers: number;
  readonly overlayProbes: number;
  readonly overlayProbeAnswers: number;
  /** None in a full mesh. */
  readonly overlayHeartbeats: number;
  readonly total: number;
}

/** What the configuration promises. */
export interface Bounds extends HealthWindows, BoundSource {
  /** d: the largest one-way delay (for unbounded laws: exceeded once in 10^9 messages). */
  readonly maxDelayUs: number;
  /** An agent that runs gives up a manager within so long of that manager's end. */
  readonly patienceUs: number;
  /**
   * Within so long of the last fault, though messages pass one way only between some: what lives
   * and has a two-way link to a manager that has one to the coordinator is managed.
   *
   * @param deaf - managers with a link that passes one way only
   */
  oneWayManagedUs(deaf: number): number | null;
  /** How soon and how late who watches takes another for gone. */
  readonly watching: Watching;
  /** An announced ballot has come to everyone in so long, whoever on its way is gone. */
  readonly announceUs: number;
  /** Who has been up and in reach for so long is known to those next to it, as they are to it. */
  readonly wholeUs: number;
  /** A new coordinator waits no shorter where somebody has not reported. */
  readonly rebuildUs: number;
  /** All that can move is where it belongs when nothing has happened for so long. */
  readonly balanceUs: number;
  /** Whether a resource that obeys its next holder was moved is known to all in so long. */
  readonly moveUs: number;
  /** B for the worst episode that the scenario's own faults suggest; null: nothing promised. */
  readonly recoveryUs: number | null;
  /** Why nothing (or less) is promised, in words; empty when all is well. */
  readonly warnings: readonly string[];
  readonly expected: ExpectedTraffic;
  /** B for an episode with these faults, from its last t0; null: nothing promised. */
  boundFor(faults: EpisodeFaults): number | null;
}

/** What may go wrong by chance: once in so many heartbeats or messages. */
const RARE = 1e-9;
/** The part of the line for the coordinator's role that a partition is reckoned to cut off. */
const CUT_OFF_AHEAD = 4;

/** What the scenario's configuration promises. */
export function deriveBounds(scenario: ResolvedScenario): Bounds {
  const times = timesOf(scenario);
  const { impairments, loss: plainLoss } = scenario.network;
  const baseHarm = impairments.length === 0 ? null : harmOf(impairments, plainLoss);
  const baseLoss = baseHarm === null ? plainLoss : lossAfterLoss(baseHarm, retryGapUs(times));
  const worstLoss = Math.max(baseLoss, ...scenario.faults.map(lossOf));
  const pace = paceRisks(scenario, times.d);
  const never = [...pace, ...risks(times, baseLoss), ...fullAtRisk(baseHarm)];
  const stretch = clockFactor(scenario);
  const stretched = (us: number): number => whole(us * stretch);
  const boundFor = (faults: EpisodeFaults): number | null => {
    const { harm, lateUs } = faults;
    if (pace.length > 0 || (faults.hostsOdd ?? 0) > 0) return null;
    if (faults.oneSided || isBeyond(harm, baseHarm)) return null;
    const plain = faults.loss ?? worstLoss;
    const loss = harm === null ? plain : lossAfterLoss(harm, retryGapUs(times));
    if (risks(times, loss).length > 0) return null;
    // What was sent before the last disturbance may arrive so late, and begin it all anew.
    const stragglingUs = Math.max(0, lateUs - (baseHarm?.delayUs ?? 0));
    return stretched(stragglingUs + recovery(times, faults, loss));
  };
  const exceptions = scenario.faults
    .map((fault, index) => unpromised(fault, index))
    .filter((words) => words !== null);
  return {
    registrationUs: stretched(registration(times, usualOutlooks(scenario), baseLoss)),
    handOverUs: stretched(handOver(times, baseLoss)),
    stalenessUs: stretched(staleness(times, baseLoss)),
    maxDelayUs: times.d,
    patienceUs: stretched(patience(times)),
    watching: watchTimes(scenario, stretched(patience(times))),
    announceUs: stretched(announce(times)),
    wholeUs: stretched(times.overlay.wholeUs(times.config.overlay, times.managers)),
    rebuildUs: Math.floor(times.config.rebuildUs / (1 + scenario.system.clocks.drift)),
    balanceUs: stretched(balance(times, scenario)),
    moveUs: stretched(move(times)),
    oneWayManagedUs: (deaf) => never.length > 0
      ? null : stretched(managedOneWay(times, deaf, baseLoss)),
    baseLoss: plainLoss,
    baseHarm,
    afterEffectUs: stretched(afterEffect(times, baseLoss)),
    recoveryUs: never.length > 0 ? null : boundFor(worstEpisode(scenario, baseHarm)),
    warnings: [...never, ...exceptions],
    expected: expectedTraffic(scenario),
    boundFor,
  };
}

/** The configuration under the short names of docs/bounds.md. */
interface Times {
  readonly config: CoreConfig;
  readonly zones: number;
  readonly managers: number;
  readonly overlay: OverlayTerms;
  /** L: messages that a broadcast takes one after the other to reach the last manager. */
  readonly depth: number;
  /** Largest one-way delay. */
  readonly d: number;
  /** Heartbeat periods of resources and managers, check period. */
  readonly hr: number;
  readonly hm: number;
  readonly c: number;
  /** The longest silence before a resource, a manager is suspected. */
  readonly tau: number;
  readonly tauM: number;
}

function timesOf(scenario: ResolvedScenario): Times {
  const { coordination, network, system } = scenario;
  const { resources, managers } = coordination;
  const overlay = overlayTerms(coordination.overlay);
  return {
    config: coordination,
    zones: system.zones.length,
    managers: system.managers,
    overlay,
    depth: overlay.broadcastHops(system.managers),
    d: maxDelayUs(network.latency) + extraDelayUs(network.impairments, 1 - RARE) +
      servedWithinUs(scenario),
    hr: resources.heartbeatPeriodUs,
    hm: managers.heartbeatPeriodUs,
    c: resources.checkPeriodUs,
    // Without a limit nothing is promised: timeouts stand in for the allowances of health.
    tau: longestSilenceUs(coordination, resources) ?? resources.timeoutUs,
    tauM: longestSilenceUs(coordination, managers) ?? managers.timeoutUs,
  };
}

/** Where the server does not keep up nothing is promised: health has to do without. */
function servedWithinUs(scenario: ResolvedScenario): number {
  const us = longestServiceUs(scenario);
  return Number.isFinite(us) ? us : 0;
}

// -- the allowances of health

/** delta: how old a change may be that the coordinator's model does not show. */
function staleness(times: Times, loss: number): number {
  const { d, hr, hm, c, tau } = times;
  // What a manager has just heard may go over to another one with the resource: d more.
  const noticed = Math.max(hr, tau + c) + 2 * d + retries(loss) * hr;
  return noticed + hm + d + retries(loss) * hm;
}

/** J: from an agent's start, or its resource's, to a manager that holds the resource. */
function registration(times: Times, outlooks: readonly Outlook[], loss: number): number {
  // A resource that comes back to a manager that died meanwhile finds out by two heartbeats.
  return 2 * times.hr + findManager(times, outlooks, loss) + assign(times);
}

/** W: the coordinator answers the former manager's next heartbeat with a release. */
function handOver({ d, hm }: Times, loss: number): number {
  return hm + 2 * d + retries(loss, 2) * hm;
}

// -- phases of recovery

/** The managers miss the coordinator's answers. */
function missCoordinator({ config, c }: Times): number {
  return config.managers.answerTimeoutUs + c;
}

/** The second heartbeat without an answer sets the deadline; a look more for what is in line. */
function patience({ config, d, hr, c }: Times): number {
  return Math.max(config.resources.answerTimeoutUs, 2 * hr) + c + d;
}

/** The coordinator gives it up at its second deadline, which it sees at its next look. */
function move({ config, d }: Times): number {
  return movedWithinUs(config) + d;
}

/**
 * All resources may have to go from one manager, at its pace, and a move fail once; the coordinator
 * begins when what it took over has had time to register.
 */
function balance(times: Times, { system }: ResolvedScenario): number {
  const { config: { rebalance, resources }, hr, hm } = times;
  const all = system.resources.reduce((sum, { count }) => sum + count, 0);
  const periods = 2 + Math.ceil(all / Math.max(1, rebalance.perPeriod));
  return hr + resources.retryMaxUs + periods * hm + 2 * move(times);
}

/** A request goes to the root; it and the requester may each have to go round those ahead. */
function routeToRoot({ config, d, overlay }: Times, goneAhead: number): number {
  return overlay.routeUs(config.overlay, goneAhead) + d;
}

/** The root asks the coordinator, then others, whether it is gone, and announces a ballot. */
function inquireAndAnnounce(times: Times, loss: number): number {
  const { config, d, depth, hm } = times;
  const { tries, tryTimeoutUs } = config.election;
  // Who missed the announcement learns of it by its next heartbeat.
  return inquiryTries(tries) * tryTimeoutUs + depth * d + retries(loss) * hm + believe(times, loss);
}

/**
 * Who hears of a greater ballot asks its holder before it acknowledges it: so many times, then
 * again when it next hears of it, by its own request or heartbeat.
 */
function believe({ config, d, hm }: Times, loss: number): number {
  const { tries, tryTimeoutUs, requestTimeoutUs } = config.election;
  const asked = retries(loss, 2) + 1;
  if (asked === 1) return 2 * d;
  const rounds = Math.ceil(asked / tries);
  const again = (rounds - 1) * Math.max(hm, requestTimeoutUs);
  return 2 * d + Math.min(asked, tries) * tryTimeoutUs + again;
}

function elect(times: Times, goneAhead: number, loss: number): number {
  const again = retries(loss, 2) * times.config.election.requestTimeoutUs;
  const found = missCoordinator(times) + routeToRoot(times, goneAhead) + again;
  return found + inquireAndAnnounce(times, loss);
}

/** A returned root leaves requests alone while it bootstraps; they come again. */
function boot({ config, overlay }: Times): number {
  const { tries, tryTimeoutUs, requestTimeoutUs } = config.election;
  // It also joins the ring, or begins one.
  return Math.max(tries * tryTimeoutUs + requestTimeoutUs, overlay.joinUs(config.overlay));
}

/** It goes around one on each level, and whoever hears of it asks its holder once more at most. */
function announce(times: Times): number {
  const { config, d, depth, overlay, managers } = times;
  const around = overlay.goAroundUs(config.overlay, managers, managers);
  return depth * d + around + 2 * d + config.election.tryTimeoutUs;
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
function afterEffect(times: Times, loss: number): number {
  const registered = findAnother(times, [], loss) + 2 * times.d;
  return Math.max(boot(times), waitForReports(times, true, 0, loss), registered);
}

/** Of those that are gone, how many the new coordinator knows to be. */
function knownGone({ goneAhead, coordinatorAsked }: EpisodeFaults): number {
  return goneAhead + (coordinatorAsked ? 1 : 0);
}

/** An agent misses the answers of a manager. */
function missManager({ config, d, hr }: Times): number {
  return Math.max(config.resources.answerTimeoutUs, 2 * hr) + d;
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
  return searchUs(times.config.resources, tries(outlooks, loss), times.managers);
}

/** One that has been looking for long: what it asked before is in vain. */
function findAnother(times: Times, outlooks: readonly Outlook[], loss: number): number {
  return longSearchUs(times.config.resources, tries(outlooks, loss), times.managers);
}

/** Agent to manager to coordinator to the new manager to the agent. */
function assign({ d }: Times): number {
  return 4 * d;
}

/** Managers of either side probe one of the other; the lesser coordinator hands over. */
function merge(times: Times, outlooks: readonly Outlook[], loss: number): number {
  const { config, zones, d, hr, hm, overlay } = times;
  // Zones are dealt in turn, so among as many peers as there are zones is one of each.
  const meet = (zones + retries(loss, 2)) * config.overlay.probePeriodUs + 2 * d;
  // A question to the greater one's holder may be out, and is repeated; then its coordinator is
  // told, which asks as well.
  const asked = config.election.tryTimeoutUs + 2 * believe(times, loss);
  const stepDown = asked + 3 * d + retries(loss) * hm;
  // Without one ring yet, the deposed coordinator's managers hear of it by their heartbeats.
  const report = hm + overlay.redirectionHops * d + believe(times, loss);
  // Both sides hold the same resource: its agent is offered the greater assignment.
  const settle = Math.max(hr + d, handOver(times, loss));
  const begun = Math.max(config.resources.retryMaxUs, findManager(times, outlooks, loss));
  // Who has been looking meanwhile need not wait for that.
  const found = Math.max(settle + begun, findAnother(times, outlooks, loss));
  return meet + stepDown + report + found + assign(times);
}

/**
 * A manager was given a resource whose agent it could not reach, and is deposed with its side's
 * coordinator; if the resource is down, nobody notices until the manager asks its agent. Then it
 * lets go, tells the coordinator, and that waits whether another manager has it.
 */
function lapse(times: Times, loss: number): number {
  const { d, hm, c, tau } = times;
  const letGo = tau + c + d + 2 * d;
  const told = hm + d + retries(loss) * hm;
  return letGo + told + hm + c + assign(times);
}

/** A manager never lists what it is given, or shows that it does not hear the coordinator. */
function passOver({ config, d, hm, c }: Times): number {
  const repeated = orderTries(config) * (orderPatienceUs(config) + c);
  const deaf = (unansweredTolerated(config) + 2) * hm + d + orderPatienceUs(config) + c;
  return Math.max(repeated, deaf);
}

/** A round of asking comes to everyone. */
function findAny({ config, managers }: Times, loss: number): number {
  return searchUs(config.resources, managers + retries(loss, 4), managers);
}

/** An agent was given to one that it does not hear, or that does not hear it. */
function shun(times: Times, loss: number): number {
  const { config, d, hm } = times;
  const { answerTimeoutUs, retryMaxUs } = config.resources;
  // It goes on asking from when the coordinator knows that it is listed there.
  const neverTaken = hm + 2 * d + answerTimeoutUs + 2 * retryMaxUs;
  const taken = missManager(times) + findAny(times, loss);
  return Math.max(neverTaken, taken) + assign(times);
}

/** Messages pass one way only between some: each of those may be tried before another. */
function managedOneWay(times: Times, deaf: number, loss: number): number {
  const { managers } = times;
  const elected = elect(times, managers - 1, loss) + waitForReports(times, true, managers, loss);
  const found = missManager(times) + findAny(times, loss);
  return Math.max(elected, found, missMember(times)) + assign(times) + fenced(times) +
    deaf * (passOver(times) + shun(times, loss));
}

/** An agent obeys nothing under the coordinator's ballot, having heard of a greater one. */
function fenced({ config }: Times): number {
  const { tries, tryTimeoutUs } = config.election;
  return 4 * config.resources.retryMaxUs + inquiryTries(tries) * tryTimeoutUs;
}

// -- B

/** The longest of the ways that these faults take, then the model. */
function recovery(times: Times, faults: EpisodeFaults, loss: number): number {
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
    ways.push(lapse(times, loss), fenced(times) + assign(times));
  }
  return Math.max(...ways) + staleness(times, loss);
}

function doesCut(action: FaultAction): boolean {
  const kind = action.kind === 'plugged' ? null : kindOf(action);
  return kind?.hits === 'links' && kind.cuts === true;
}

/** The worst that the faults of the scenario do to the managers, one at a time. */
function worstEpisode(
  { faults, system }: ResolvedScenario,
  harm: LinkHarm | null,
): EpisodeFaults {
  const lost = Math.max(1, ...faults.map((fault) => managersHit(fault, system)));
  const ahead = Math.max(0, ...faults.map(successorsHit));
  const splits = faults.some(({ action }) => doesCut(action));
  const places = faults.some((fault) => targetsOf(fault).some(({ kind }) => isPlace(kind)));
  const half = Math.ceil(system.managers / 2);
  return {
    managersLost: lost,
    managersReturned: faults.some(hasOwnRepair) ? 1 : 0,
    coordinatorLost: true,
    managersGone: splits ? Math.max(lost, half) : lost,
    goneAhead: 1 + Math.max(ahead, splits || places ? CUT_OFF_AHEAD : 0),
    coordinatorAsked: false,
    reachabilityChanged: splits,
    linksChanged: false,
    loss: null,
    harm,
    lateUs: harm?.delayUs ?? 0,
    oneSided: false,
    outlooks: outlooksBehind(faults, system, lost),
  };
}

/** As agents may find managers when they or their resources start, and nothing else is new. */
function usualOutlooks({ faults, system }: ResolvedScenario): Outlook[] {
  const { managers } = system;
  const forGood = faults
    .filter((fault) => !hasOwnRepair(fault))
    .reduce((sum, fault) => sum + managersHit(fault, system) * (isOnce(fault) ? 1 : managers), 0);
  const gone = Math.max(forGood, Math.floor(managers / 2));
  return outlooksBehind(faults, system, Math.min(gone, managers - 1));
}

function isOnce({ when }: FaultSettings): boolean {
  return when.kind === 'at';
}

function targetsOf({ action }: FaultSettings): readonly { kind: string; count?: number }[] {
  if (action.kind === 'plugged' || !('targets' in action)) return [];
  const kind = kindOf(action);
  return 'takes' in kind && kind.takes !== 'nothing' ? action.targets : [];
}

function managersHit(fault: FaultSettings, system: ResolvedScenario['system']): number {
  const { managers, zones, racks } = system;
  let hit = 0;
  for (const { kind, count } of targetsOf(fault)) {
    if (kind === 'coordinator' || kind === 'concerned') hit += 1;
    else if (['successors', 'managers', 'fullest'].includes(kind)) hit += count ?? 1;
    else hit += (count ?? 1) * managersIn(kind, managers, zones.length, racks);
  }
  return Math.min(hit, managers);
}

function isPlace(kind: string): boolean {
  return ['zone', 'zones', 'rack', 'racks'].includes(kind);
}

/** At most, in a place of that kind; each by itself where the fault is random: one. */
function managersIn(kind: string, managers: number, zones: number, racks: number): number {
  const inZone = Math.ceil(managers / zones);
  if (kind === 'zone' || kind === 'zones') return inZone;
  return kind === 'rack' || kind === 'racks' ? Math.ceil(inZone / racks) : 0;
}

function successorsHit(fault: FaultSettings): number {
  const successors = targetsOf(fault).filter(({ kind }) => kind === 'successors');
  return successors.reduce((sum, { count }) => sum + (count ?? 1), 0);
}

// -- loss

function lossOf({ action }: FaultSettings): number {
  const kind = action.kind === 'plugged' ? null : kindOf(action);
  return kind?.hits === 'links' ? kind.lost?.(action as BuiltInAction) ?? 0 : 0;
}

/** The shortest time between two tries of the same exchange. */
function retryGapUs({ config, hr, hm }: Times): number {
  return Math.min(hr, hm, config.resources.retryUs, config.election.requestTimeoutUs);
}

/** How often an exchange of `messages` has to be repeated until it failed but once in 10^9. */
function retries(loss: number, messages = 1): number {
  const lost = lostOf(loss, messages);
  if (lost <= 0) return 0;
  return lost >= 1 ? Infinity : Math.max(0, Math.ceil(ln(RARE) / ln(lost)) - 1);
}

/** The chance that one of so many messages is lost. */
function lostOf(loss: number, messages: number): number {
  let arrives = 1;
  for (let message = 0; message < messages; message += 1) arrives *= 1 - loss;
  return 1 - arrives;
}

/** Why nothing can be promised with that much loss, in words. */
function risks(times: Times, loss: number): string[] {
  const lossy = [...timeoutsAtRisk(times, loss), ...adaptiveAtRisk(times, loss)];
  return [...new Set([...ownAtRisk(times), ...lossy])];
}

/** No bound is derived for the bursts of messages that recovery makes, where they could be lost. */
function fullAtRisk(harm: LinkHarm | null): string[] {
  if (harm === null || harm.bitsPerSecond === null) return [];
  return ['nothing is promised: with network.bandwidth, what finds no room is dropped'];
}

/** What the user brought along may do as it likes: it has to say what can be relied on. */
function ownAtRisk({ config }: Times): string[] {
  const { election, detection } = config.plugged ?? {};
  const risky: string[] = [];
  if (election !== undefined) {
    risky.push(`nothing is promised: B is derived for overlay-root, not for ${election.name}`);
  }
  if (detection !== undefined) {
    const { name } = detection;
    const limits = [config.resources, config.managers].map((rhythm) =>
      longestSilenceUs(config, rhythm));
    if (limits.includes(null)) {
      risky.push(`nothing is promised: ${name} has no limitUs that says when it suspects at last`);
    }
  }
  return risky;
}

/**
 * An adaptive detector needs a limit to be bounded, and enough room beyond the mean that mere loss
 * and jitter do not exceed it: x heartbeats in a row may get lost, the next be late by d, and the
 * mean be low by less than d.
 */
function adaptiveAtRisk({ config, hr, hm, d }: Times, loss: number): string[] {
  const { detection } = config;
  if (detection.name === 'fixed' || config.plugged?.detection !== undefined) return [];
  const setting = 'coordination.detection';
  if (detection.maxTimeoutUs === null) {
    const without = `${detection.name} waits without limit`;
    return [`nothing is promised: ${without}; set ${setting}.maxTimeout`];
  }
  const { acceptablePauseUs, minDeviationUs, threshold } = detection;
  const roomUs = acceptablePauseUs + deviationsAt(threshold) * minDeviationUs;
  const neededUs = retries(loss) * Math.max(hr, hm) + 2 * d;
  // Where nothing arrives at all, the timeouts say so.
  if (roomUs >= neededUs || neededUs === Infinity) return [];
  const lackingUs = Math.ceil((acceptablePauseUs + neededUs - roomUs) / 1000) * 1000;
  return [
    'nothing is promised: late or lost heartbeats make phi-accrual suspect by chance; ' +
      `${setting}.acceptablePause would have to be ${formatDurationUs(lackingUs)}`,
  ];
}

/** Timeouts that mere loss breaks more often than once in 10^9 heartbeats, in words. */
function timeoutsAtRisk({ config, hr, hm, tau, tauM }: Times, loss: number): string[] {
  if (loss <= 0) return [];
  const { resources, managers } = config;
  const limit = config.detection.name === 'fixed' ? undefined : 'detection.maxTimeout';
  const cases = [
    { path: limit ?? 'resources.timeout', timeoutUs: tau, periodUs: hr, messages: 1 },
    {
      path: 'resources.answerTimeout',
      timeoutUs: resources.answerTimeoutUs,
      periodUs: hr,
      messages: 2,
    },
    { path: limit ?? 'managers.timeout', timeoutUs: tauM, periodUs: hm, messages: 1 },
    {
      path: 'managers.answerTimeout',
      timeoutUs: managers.answerTimeoutUs,
      periodUs: hm,
      messages: 2,
    },
  ];
  const risky: string[] = [];
  for (const { path, timeoutUs, periodUs, messages } of cases) {
    const needed = retries(loss, messages) + 1;
    // What is sent within the timeout and could still arrive in time.
    const chances = Math.ceil(timeoutUs / periodUs) - 1;
    if (chances >= needed) continue;
    const share = `${Number((loss * 100).toPrecision(3))}%`;
    risky.push(
      `nothing is promised: with ${share} of messages lost, coordination.${path} breaks by ` +
        `chance; it would have to span ${needed + 1} periods`,
    );
  }
  return risky;
}

// -- delays and traffic

/** The largest delay of any link; the quantile 1 - 10^-9 of laws that know no largest. */
function maxDelayUs(latency: LatencySettings): number {
  return longestDelayUs(latency, (delay) => {
    const most = supremum(delay);
    return Number.isFinite(most) ? most : quantile(delay, 1 - RARE);
  });
}

function expectedTraffic({ coordination, system }: ResolvedScenario): ExpectedTraffic {
  const { managers } = system;
  const resources = system.resources.reduce((sum, { count }) => sum + count, 0);
  const resourceHeartbeats = (resources * 1e6) / coordination.resources.heartbeatPeriodUs;
  // The coordinator reports to itself without a message.
  const reporting = Math.max(0, managers - 1);
  const managerHeartbeats = (reporting * 1e6) / coordination.managers.heartbeatPeriodUs;
  const probing = managers > 1 ? managers : 0;
  const overlayProbes = (probing * 1e6) / coordination.overlay.probePeriodUs;
  const { beats } = overlayTerms(coordination.overlay);
  const overlayHeartbeats = beats ? (probing * 1e6) / coordination.overlay.heartbeatPeriodUs : 0;
  return {
    resourceHeartbeats,
    resourceAnswers: resourceHeartbeats,
    managerHeartbeats,
    managerAnswers: managerHeartbeats,
    overlayProbes,
    overlayProbeAnswers: overlayProbes,
    overlayHeartbeats,
    total: 2 * (resourceHeartbeats + managerHeartbeats + overlayProbes) + overlayHeartbeats,
  };
}

function whole(us: number): number {
  return Math.ceil(us);
}
