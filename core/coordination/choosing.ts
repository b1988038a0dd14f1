/** Who gets a resource: whom the policy chooses, of those that its agent comes to. */
import type { Address } from '../process.js';
import type { Assignment } from './assignment/index.js';
import type { Member } from './membership.js';
import type { Shunned } from './shunned.js';

export class Choosing {
  readonly #members: ReadonlyMap<Address, Member>;
  readonly #assignment: Assignment;
  readonly #shunned: Shunned;
  readonly #load: (manager: Address) => number;

  /** @param load - how many resources a manager has, or is about to have */
  constructor(
    members: ReadonlyMap<Address, Member>, assignment: Assignment, shunned: Shunned,
    load: (manager: Address) => number,
  ) {
    this.#members = members;
    this.#assignment = assignment;
    this.#shunned = shunned;
    this.#load = load;
  }

  *able(): Generator<Address> {
    for (const { isAble, address } of this.#members.values()) if (isAble) yield address;
  }

  isIn(manager: Address): boolean {
    return this.#members.get(manager)?.alive ?? false;
  }

  /** Whom the policy chooses, unless its agent does not come to that one: then the least loaded. */
  choose(resource: number, name: string, except: Address): Address {
    const chosen = this.#assignment.choose(name, except);
    const shunned = this.#shunned.of(resource);
    if (!shunned.includes(chosen)) return chosen;
    let best = -1;
    for (const manager of this.able()) {
      if (manager === except || shunned.includes(manager)) continue;
      if (best === -1 || this.#load(manager) < this.#load(best)) best = manager;
    }
    if (best === -1) this.#shunned.clear(resource);
    else this.#assignment.diverted?.();
    return best === -1 ? chosen : best;
  }
}
