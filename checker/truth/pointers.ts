import type { Address } from '../../core/process.js';
import { NO_BALLOT } from './ballots.js';

/** The manager that each resource's agent obeys, with the token of the assignment. */
export class PointerTable {
  readonly #manager: Int32Array;
  readonly #ballot: Int32Array;
  readonly #sequence: Float64Array;
  readonly #since: Float64Array;

  constructor(resources: number) {
    this.#manager = new Int32Array(resources).fill(-1);
    this.#ballot = new Int32Array(resources).fill(NO_BALLOT);
    this.#sequence = new Float64Array(resources);
    this.#since = new Float64Array(resources);
  }

  /** -1: none. */
  manager(resource: number): Address {
    return this.#manager[resource];
  }

  /** Number of the token's ballot. */
  ballot(resource: number): number {
    return this.#ballot[resource];
  }

  sequence(resource: number): number {
    return this.#sequence[resource];
  }

  /** When it was last set. */
  since(resource: number): number {
    return this.#since[resource];
  }

  set(
    resource: number,
    manager: Address,
    ballot: number,
    sequence: number,
    timeUs: number,
  ): void {
    this.#manager[resource] = manager;
    this.#ballot[resource] = ballot;
    this.#sequence[resource] = sequence;
    this.#since[resource] = timeUs;
  }

  clear(resource: number): boolean {
    if (this.#manager[resource] === -1) return false;
    this.#manager[resource] = -1;
    this.#ballot[resource] = NO_BALLOT;
    return true;
  }
}
