import type { Address } from '../../process.js';
import type {
  Assignment, AssignmentImplementation, Holdings, RebalanceLimits, Transfer,
} from './assignment.js';
import { LoadRebalancer } from './load-rebalancer.js';

/** Each manager in turn. */
export class RoundRobin implements Assignment {
  readonly evens = true;
  #managers: Address[] = [];
  #turn = 0;
  readonly #rebalancer = new LoadRebalancer();

  add(manager: Address): void {
    if (!this.#managers.includes(manager)) this.#managers.push(manager);
  }

  remove(manager: Address): void {
    const index = this.#managers.indexOf(manager);
    if (index < 0) return;
    this.#managers.splice(index, 1);
    if (index < this.#turn) this.#turn -= 1;
  }

  loaded(): void {
    // The turn does not depend on the load.
  }

  choose(_name: string, except: Address): Address {
    const count = this.#managers.length;
    if (count === 0) return -1;
    if (this.#managers[this.#turn % count] === except && count > 1) this.#turn += 1;
    const manager = this.#managers[this.#turn % count];
    this.#turn = (this.#turn + 1) % count;
    return manager;
  }

  /** Turns give to all alike: so does this, to those that came after their turn. */
  plan(holdings: Holdings, limits: RebalanceLimits): Transfer[] {
    return this.#rebalancer.plan(holdings, limits);
  }
}

export const roundRobin: AssignmentImplementation = { create: () => new RoundRobin() };
