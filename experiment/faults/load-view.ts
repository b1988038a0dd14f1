import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';

/** How many resources each manager lists. */
export class LoadView {
  readonly #listed = new Map<Address, Set<number>>();

  observe(process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'listing-added': {
        const listed = this.#listed.get(process);
        if (listed === undefined) this.#listed.set(process, new Set([observation.resource]));
        else listed.add(observation.resource);
        return;
      }
      case 'listing-removed':
        this.#listed.get(process)?.delete(observation.resource);
        return;
      case 'process-down':
        this.#listed.delete(process);
        return;
      default:
    }
  }

  of(manager: Address): number {
    return this.#listed.get(manager)?.size ?? 0;
  }
}
