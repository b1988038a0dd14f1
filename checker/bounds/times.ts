/** What the phases of recovery are reckoned from. */
import ln from '@stdlib/math-base-special-ln';
import { seedsOf, type CoreConfig } from '../../core/coordination/config.js';
import { longestSilenceUs } from '../../core/detection/index.js';
import { electionTerms, type ElectionTerms } from '../../core/election/index.js';
import { overlayTerms, type OverlayTerms } from '../../core/overlay/index.js';
import { extraDelayUs } from '../../experiment/harm.js';
import { longestDelayUs } from '../../experiment/latency.js';
import { longestServiceUs } from '../../experiment/slowness.js';
import { quantile, supremum } from '../../experiment/random/distributions.js';
import type { LatencySettings, ResolvedScenario } from '../../experiment/scenario/resolved.js';

/** What may go wrong by chance: once in so many heartbeats or messages. */
export const RARE = 1e-9;

/** The configuration under the short names of docs/bounds.md. */
export interface Times {
  readonly config: CoreConfig;
  readonly zones: number;
  readonly managers: number;
  /** Of these, how many agents know from their start. */
  readonly seeds: number;
  readonly overlay: OverlayTerms;
  readonly election: ElectionTerms;
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

export function timesOf(scenario: ResolvedScenario): Times {
  const { coordination, network, system } = scenario;
  const { resources, managers } = coordination;
  const overlay = overlayTerms(coordination);
  return {
    config: coordination,
    zones: system.zones.length,
    managers: system.managers,
    seeds: seedsOf(coordination, system.managers),
    overlay,
    election: electionTerms(coordination),
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

/** The shortest time between two tries of the same exchange. */
export function retryGapUs({ config, election, hr, hm }: Times): number {
  return Math.min(hr, hm, config.resources.retryUs, election.requestUs);
}

/** How often an exchange of `messages` has to be repeated until it failed but once in 10^9. */
export function retries(loss: number, messages = 1): number {
  const lost = lostOf(loss, messages);
  if (lost <= 0) return 0;
  return lost >= 1 ? Infinity : Math.max(0, Math.ceil(ln(RARE) / ln(lost)) - 1);
}

/** The chance that one of so many messages is lost. */
export function lostOf(loss: number, messages: number): number {
  let arrives = 1;
  for (let message = 0; message < messages; message += 1) arrives *= 1 - loss;
  return 1 - arrives;
}

/** The largest delay of any link; the quantile 1 - 10^-9 of laws that know no largest. */
function maxDelayUs(latency: LatencySettings): number {
  return longestDelayUs(latency, (delay) => {
    const most = supremum(delay);
    return Number.isFinite(most) ? most : quantile(delay, 1 - RARE);
  });
}

export function whole(us: number): number {
  return Math.ceil(us);
}
