/**
 * What a configuration promises, derived phase by phase in docs/bounds.md. Each phase of recovery
 * is a function of its own, named as there; all times are whole microseconds, in the worst case.
 */
import { harmOf } from '../../experiment/harm.js';
import { clockFactor, paceRisks } from '../../experiment/slowness.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { BoundSource, EpisodeFaults } from '../episode-log.js';
import type { HealthWindows } from '../health/index.js';
import { isForlorn } from '../outlooks.js';
import { watchTimes, type Watching } from '../watching.js';
import { isBeyond, lossAfterLoss, unpromised } from './links.js';
import {
  afterEffect, announce, balance, gone, handOver, listened, managedOneWay, move, patience, recovery,
  registration, shown, staleness,
} from './phases.js';
import { forlornAtRisk, fullAtRisk, risks } from './risks.js';
import { retryGapUs, timesOf, whole } from './times.js';
import { expectedTraffic, type ExpectedTraffic } from './traffic.js';
import { lossOf, usualOutlooks, worstEpisode } from './worst-episode.js';

export { expectedTraffic, type ExpectedTraffic };

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
  /** What is registered is in the model of a coordinator that has had so long, and a copy near. */
  readonly shownUs: number;
  /** What is decommissioned has come to an end wherever it can be heard so long after that. */
  readonly goneUs: number;
  /** What is unknown has a manager that listens after so long, and is known so long after that. */
  readonly listened: { readonly givenUs: number; readonly heardUs: number };
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
    if (times.seeds < times.managers && faults.outlooks.some(isForlorn)) return null;
    // What was sent before the last disturbance may arrive so late, and begin it all anew.
    const stragglingUs = Math.max(0, lateUs - (baseHarm?.delayUs ?? 0));
    return stretched(stragglingUs + recovery(times, faults, loss));
  };
  const exceptions = scenario.faults
    .map((fault, index) => unpromised(fault, index))
    .filter((words) => words !== null);
  const outlooks = usualOutlooks(scenario);
  const { givenUs, heardUs } = listened(times);
  return {
    registrationUs: stretched(registration(times, outlooks, baseLoss)),
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
    shownUs: stretched(shown(times, scenario)),
    goneUs: stretched(gone(times, outlooks, scenario, baseLoss)),
    listened: { givenUs: stretched(givenUs), heardUs: stretched(heardUs) },
    // Whom an agent could reach it may not know.
    oneWayManagedUs: (deaf) => never.length > 0 || times.seeds < times.managers
      ? null : stretched(managedOneWay(times, deaf, baseLoss)),
    baseLoss: plainLoss,
    seeds: times.seeds,
    baseHarm,
    afterEffectUs: stretched(afterEffect(times, baseLoss)),
    recoveryUs: never.length > 0 ? null : boundFor(worstEpisode(scenario, baseHarm)),
    warnings: [...never, ...forlornAtRisk(times), ...exceptions],
    expected: expectedTraffic(scenario),
    boundFor,
  };
}
