/** How long messages take at most, whatever latency a scenario has. */
import { extraDelayUs } from './harm.js';
import { longest, type Distribution } from './random/distributions.js';
import type { LatencySettings, NetworkSettings } from './settings/network.js';
import type { RttMatrix } from './settings/rtt-matrix.js';

/** Where no delay is impossible, one in ten thousand messages is taken to be late. */
const LATE = 0.9999;

/** The longest one-way delay to reckon with: the supremum, or a high quantile if that is none. */
export function reckonedDelayUs({ latency, impairments }: NetworkSettings): number {
  return longestDelayUs(latency, (delay) => longest(delay, LATE)) + extraDelayUs(impairments, LATE);
}

/**
 * The longest one-way delay of any link, in whole microseconds.
 *
 * @param longest - what to reckon with of a distribution, in seconds: not all have a supremum
 */
export function longestDelayUs(
  latency: LatencySettings,
  longest: (delay: Distribution) => number,
): number {
  switch (latency.kind) {
    case 'same':
      return toUs(longest(latency.delay));
    case 'zones': {
      const { within, between, pairs } = latency;
      return toUs(Math.max(...[within, between, ...pairs.map(({ delay }) => delay)].map(longest)));
    }
    case 'matrix': {
      // Of the whole matrix, so that it does not depend on the sites that a seed draws.
      const baseUs = Math.max(farthestUs(latency.matrix), latency.withinUs);
      return baseUs + toUs(longest(latency.jitter));
    }
    case 'from-plugin':
      return Math.ceil(latency.implementation.longestUs(latency.settings));
  }
}

function farthestUs({ oneWayUs }: RttMatrix): number {
  let farthest = 0;
  for (const us of oneWayUs) if (us > farthest) farthest = us;
  return farthest;
}

function toUs(seconds: number): number {
  // Less than a nanosecond is rounding of the sum that makes up a supremum.
  return Math.ceil(seconds * 1e6 - 1e-3);
}
