import type { NodeId } from '../../identity.js';
import type { Address } from '../../process.js';
import type {
  Assignment, AssignmentImplementation, Holdings, RebalanceLimits, Transfer,
} from './assignment.js';
import { LoadRebalancer } from './load-rebalancer.js';

/** The manager with the fewest resources; of several, the one that has been so for longest. */
export class LeastLoaded implements Assignment {
  readonly evens = true;
  readonly #loads = new Map<Address, number>();
  /** Managers by load, so that the least is found without a search. */
  readonly #byLoad: Set<Address>[] = [];
  readonly #rebalancer = new LoadRebalancer();

  add(manager: Address, _node: NodeId, load: number): void {
    this.#loads.set(manager, load);
    this.#at(load).add(manager);
  }

  remove(manager: Address): void {
    const load = this.#loads.get(manager);
    if (load === undefined) return;
    this.#at(load).delete(manager);
    this.#loads.delete(manager);
  }

  loaded(manager: Address, change: number): void {
    const load = this.#loads.get(manager);
    if (load === undefined) return;
    this.#at(load).delete(manager);
    this.#loads.set(manager, load + change);
    this.#at(load + change).add(manager);
  }

  choose(_name: string, except: Address): Address {
    for (const managers of this.#byLoad) {
      for (const manager of managers) if (manager !== except) return manager;
    }
    return this.#loads.has(except) ? except : -1;
  }

  plan(holdings: Holdings, limits: RebalanceLimits): Transfer[] {
    return this.#rebalancer.plan(holdings, limits);
  }

  #at(load: number): Set<Address> {
    while (this.#byLoad.length <= load) this.#byLoad.push(new Set());
    return this.#byLoad[load];
  }
}

export const leastLoaded: AssignmentImplementation = { create: () => new LeastLoaded() };
