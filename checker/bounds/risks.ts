/** Why nothing can be promised, in words. */
import { learningOf, longestSilenceUs } from '../../core/detection/index.js';
import type { LinkHarm } from '../../core/observations.js';
import { formatDurationUs } from '../../experiment/language/units.js';
import { retries, type Times } from './times.js';

/** Why nothing can be promised with that much loss, in words. */
export function risks(times: Times, loss: number): string[] {
  const lossy = [...timeoutsAtRisk(times, loss), ...adaptiveAtRisk(times, loss)];
  return [...new Set([...ownAtRisk(times), ...lossy])];
}

/** No bound is derived for the bursts of messages that recovery makes, where they could be lost. */
export function fullAtRisk(harm: LinkHarm | null): string[] {
  if (harm === null || harm.bitsPerSecond === null) return [];
  return ['nothing is promised: with network.bandwidth, what finds no room is dropped'];
}

/** Where agents know few managers, those may all be gone at one time. */
export function forlornAtRisk({ seeds, managers }: Times): string[] {
  if (seeds === managers) return [];
  const few = seeds === 1 ? 'one manager' : `${seeds} managers`;
  return [
    `less is promised: agents know ${few} of ${managers} from their start (coordination.seeds), ` +
      'and no bound holds while none of these is up and in reach',
  ];
}

/** What the user brought along may do as it likes: it has to say what can be relied on. */
function ownAtRisk({ config }: Times): string[] {
  const { overlay, election, detection } = config.fromPlugins ?? {};
  const risky: string[] = [];
  if (overlay !== undefined && overlay.implementation.terms === undefined) {
    risky.push(`nothing is promised: ${overlay.name} does not say how long it takes`);
  }
  if (election !== undefined && election.implementation.terms === undefined) {
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
  const found = learningOf(config);
  // What a plug-in's cannot do without, it says itself.
  if (found === null || config.fromPlugins?.detection !== undefined) return [];
  const { settings, learning } = found;
  const { name } = config.detection;
  const setting = 'coordination.detection';
  if (longestSilenceUs(config, config.resources) === null) {
    const without = `${name} waits without limit`;
    return [`nothing is promised: ${without}; set ${setting}.${learning.limit}`];
  }
  const neededUs = retries(loss) * Math.max(hr, hm) + 2 * d;
  const roomUs = learning.roomUs(settings, neededUs);
  // Where nothing arrives at all, the timeouts say so.
  if (roomUs === null || neededUs === Infinity) return [];
  const whole = Math.ceil(roomUs / 1000) * 1000;
  return [
    `nothing is promised: late or lost heartbeats make ${name} suspect by chance; ` +
      `${setting}.${learning.room} would have to be ${formatDurationUs(whole)}`,
  ];
}

/** Timeouts that mere loss breaks more often than once in 10^9 heartbeats, in words. */
function timeoutsAtRisk({ config, hr, hm, tau, tauM }: Times, loss: number): string[] {
  if (loss <= 0) return [];
  const { resources, managers } = config;
  const isOurs = config.fromPlugins?.detection === undefined;
  const learning = isOurs ? learningOf(config)?.learning : null;
  const limit = learning ? `detection.${learning.limit}` : undefined;
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
