/** What a policy of assignment needs to know to say which resources should move, and where to. */
import type { Address } from '../process.js';

/** Who holds what, with each resource that is on its way counted where it goes. */
export interface Holdings {
  /** Managers that may hold resources. */
  readonly managers: Iterable<Address>;
  load(manager: Address): number;
  /** What the manager holds and could give away now, longest held first. */
  movable(manager: Address): Iterable<number>;
  /** One more than the greatest resource number. */
  readonly extent: number;
  /** Who holds the resource, or will once it has arrived; -1: nobody. */
  manager(resource: number): Address;
  /** Whether it could be given away now. */
  isMovable(resource: number): boolean;
  /** Whether its agent did not come to that manager lately. */
  shuns?(resource: number, manager: Address): boolean;
  name(resource: number): string;
}

export interface RebalanceLimits {
  /** A spread of loads, as a share of the mean, that is put up with. */
  readonly threshold: number;
  /** How many resources each manager may give or take now. */
  readonly perManager: number;
}

export interface Transfer {
  readonly resource: number;
  readonly from: Address;
  readonly to: Address;
}

/** How many resources one look for misplaced ones goes through; at least a tenth of them all. */
const scanned = 20_000;

/**
 * Evens out loads. Each transfer goes from a manager to one with at least two resources fewer, so
 * every one lowers the sum of the squares of the loads: it ends, and with loads that differ by one
 * at most. It begins only once they differ by more than the threshold.
 */
export class LoadRebalancer {
  #underWay = false;

  plan(holdings: Holdings, { threshold, perManager }: RebalanceLimits): Transfer[] {
    const loads = Array.from(holdings.managers, (manager) => {
      return { manager, load: holdings.load(manager) };
    });
    let total = 0;
    let least = Infinity;
    let most = -Infinity;
    for (const { load } of loads) {
      total += load;
      if (load < least) least = load;
      if (load > most) most = load;
    }
    const mean = total / loads.length;
    const tolerated = this.#underWay ? 1 : Math.max(1, threshold * mean);
    this.#underWay = most - least > tolerated;
    if (!this.#underWay) return [];
    loads.sort((a, b) => b.load - a.load || a.manager - b.manager);
    const low = Math.floor(mean);
    const high = Math.ceil(mean);
    const gives = units(loads, (load) => load - high, (load) => load > low, perManager);
    loads.reverse();
    const takes = units(loads, (load) => low - load, (load) => load < high, perManager);
    return pair(gives, takes, holdings);
  }
}

interface Load {
  readonly manager: Address;
  readonly load: number;
}
interface Units {
  /** A manager as often as it has to give or take. */
  readonly due: Address[];
  /** Managers that may give or take one more and still be within bounds. */
  readonly spare: Address[];
}

function units(
  loads: readonly Load[],
  excess: (load: number) => number,
  hasSpare: (load: number) => boolean,
  perManager: number,
): Units {
  const due: Address[] = [];
  const spare: Address[] = [];
  for (const { manager, load } of loads) {
    const count = excess(load);
    for (let unit = 0; unit < Math.min(count, perManager); unit += 1) due.push(manager);
    if (count < perManager && hasSpare(load)) spare.push(manager);
  }
  return { due, spare };
}

/** Everything due is paired with what is due on the other side, then with what is to spare. */
function pair(gives: Units, takes: Units, holdings: Holdings): Transfer[] {
  const givers = gives.due.concat(gives.spare.slice(0, takes.due.length));
  const takers = takes.due.concat(takes.spare.slice(0, gives.due.length));
  const due = Math.max(gives.due.length, takes.due.length);
  const count = Math.min(due, givers.length, takers.length);
  const movable = new Map<Address, Iterator<number>>();
  const transfers: Transfer[] = [];
  for (let index = 0; index < count; index += 1) {
    const from = givers[index];
    const left = movable.get(from) ?? holdings.movable(from)[Symbol.iterator]();
    movable.set(from, left);
    const next = left.next();
    if (next.done !== true) transfers.push({ resource: next.value, from, to: takers[index] });
  }
  return transfers;
}

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
