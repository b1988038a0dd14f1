/** How many faults a renewal process brings in the mean. */
import { mean } from '../random/distributions.js';
import type { Inventory } from '../inventory.js';
import { lives } from './entries.js';
import type { FaultPlan } from './settings.js';
import { targetsOf } from './targets.js';

/** Who is no part of any other unit. */
const apart: readonly string[] = ['managers', 'hosts'];

/**
 * Of units that fail and are repaired by random entries alone: units x time / (lifetime + repair).
 * Null where that says nothing: of other faults, of lifetimes with a memory, since all units are
 * new at first, and of units that two entries hit.
 *
 * @param sinceUs - faults before that are not counted
 */
export function expectedFaults(
  { faults, durationUs }: FaultPlan, inventory: Inventory, sinceUs: number,
): number | null {
  const hit = faults.map(({ action }) => targetsOf(action)[0]?.kind ?? 'links');
  const isOne = new Set(hit).size === hit.length &&
    (hit.length === 1 || hit.every((kind) => apart.includes(kind)));
  if (!isOne) return null;
  let sum = 0;
  for (const settings of faults) {
    const { when, repair, flapping } = settings;
    if (when.kind !== 'random' || when.lifetime.kind !== 'exponential') return null;
    if (repair === null || flapping !== undefined) return null;
    const timeUs = Math.min(when.untilUs, durationUs) - Math.max(when.fromUs, sinceUs);
    const cycleUs = (mean(when.lifetime) + mean(repair)) * 1e6;
    sum += lives(settings, inventory) * Math.max(0, timeUs) / cycleUs;
  }
  return sum;
}
