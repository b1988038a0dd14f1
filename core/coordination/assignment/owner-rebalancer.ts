import type { Address } from '../../process.js';
import type { Holdings, RebalanceLimits, Transfer } from './assignment.js';

/** How many resources one look for misplaced ones goes through; at least a tenth of them all. */
const scanned = 20_000;

/**
 * Brings misplaced resources to their owners, and no others. Looks at some at a time, after
 * owners have changed, until all have been found in their places.
 */
export class OwnerRebalancer {
  #settled = false;
  #cursor = 0;
  #misplaced = 0;

  /** Owners may have changed. */
  disturb(): void {
    this.#settled = false;
    this.#cursor = 0;
    this.#misplaced = 0;
  }

  /** Some resource went to another than its owner: it is not settled after this round. */
  divert(): void {
    this.#settled = false;
    this.#misplaced += 1;
  }

  plan(
    holdings: Holdings,
    { perManager }: RebalanceLimits,
    owner: (name: string) => Address,
  ): Transfer[] {
    const transfers: Transfer[] = [];
    if (this.#settled) return transfers;
    const moving = new Map<Address, number>();
    const { extent } = holdings;
    const end = Math.min(extent, this.#cursor + Math.max(scanned, Math.ceil(extent / 10)));
    for (; this.#cursor < end; this.#cursor += 1) {
      const resource = this.#cursor;
      const from = holdings.manager(resource);
      if (from === -1) continue;
      const to = owner(holdings.name(resource));
      if (to === from || to === -1) continue;
      this.#misplaced += 1;
      const given = moving.get(from) ?? 0;
      const taken = moving.get(to) ?? 0;
      if (given >= perManager || taken >= perManager || !holdings.isMovable(resource)) continue;
      if (holdings.shuns?.(resource, to) === true) continue;
      moving.set(from, given + 1);
      moving.set(to, taken + 1);
      transfers.push({ resource, from, to });
    }
    if (this.#cursor >= extent) {
      this.#settled = this.#misplaced === 0;
      this.#cursor = 0;
      this.#misplaced = 0;
    }
    return transfers;
  }
}
