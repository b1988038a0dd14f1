/** What impaired links leave of a promise; derived in docs/bounds.md. */
import exp from '@stdlib/math-base-special-exp';
import type { LinkHarm } from '../../core/observations.js';
import { kindOf } from '../../experiment/faults/kinds/index.js';
import type { FaultSettings } from '../../experiment/scenario/resolved.js';

/**
 * The share of messages that is lost at most, given that the one before, `gapUs` earlier, was lost
 * as well. Bursts make that more likely: exchanges that are repeated fail together.
 */
export function lossAfterLoss({ loss, bursts }: LinkHarm, gapUs: number): number {
  let bursty = 0;
  for (const { goodUs, badUs, lossGood, lossBad } of bursts) {
    const bad = badUs / (goodUs + badUs);
    // The chain forgets at the rate at which it leaves either state.
    const memory = exp(-gapUs / goodUs - gapUs / badUs);
    const still = lossBad >= lossGood ? bad + (1 - bad) * memory : bad * (1 - memory);
    bursty = Math.max(bursty, lossGood + (lossBad - lossGood) * still);
  }
  return 1 - (1 - loss) * (1 - bursty);
}

/** Whether links are later now than the network makes them by itself, or can be full. */
export function isBeyond(now: LinkHarm | null, base: LinkHarm | null): boolean {
  if (now === null) return false;
  return now.delayUs > (base?.delayUs ?? 0) || now.bitsPerSecond !== null;
}

/** During which faults nothing is promised, in words; `place` is the index in the scenario. */
export function unpromised(fault: FaultSettings, place: number): string | null {
  const { action } = fault;
  const why = action.kind === 'from-plugin' ? null : kindOf(action).unpromised?.(action) ?? null;
  return why === null ? null : `nothing is promised while faults[${place}] lasts: ${why}`;
}
