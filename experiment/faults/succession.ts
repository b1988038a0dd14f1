import { compareCloseness, coordinatorKey } from '../../core/overlay/index.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';

/** The line for the coordinator's role: managers by the closeness of their ids to its key. */
export class Succession {
  readonly #inventory: Inventory;
  readonly #generations = new Map<Address, number>();
  #line: readonly Address[] | null = null;

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  /** A host that lost its store returns under a new id, to another place in the line. */
  observe(process: Address, observation: Observation): void {
    if (observation.type !== 'process-up' || observation.generation === undefined) return;
    this.#generations.set(process, observation.generation);
    this.#line = null;
  }

  /** All managers, whoever is up: the first in line first. */
  get line(): readonly Address[] {
    this.#line ??= Array.from({ length: this.#inventory.managers }, (_, address) => {
      const generation = this.#generations.get(address) ?? 0;
      return { address, node: this.#inventory.nodeId(address, generation) };
    })
      .sort((a, b) => compareCloseness(coordinatorKey, a.node, b.node))
      .map(({ address }) => address);
    return this.#line;
  }
}
