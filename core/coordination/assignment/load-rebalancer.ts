import type { Address } from '../../process.js';
import type { Holdings, RebalanceLimits, Transfer } from './assignment.js';

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
