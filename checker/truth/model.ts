import { ABSENT } from './states.js';

/** What one acting coordinator's model shows of each resource. */
export class ModelTable {
  readonly #state: Uint8Array;
  readonly #incarnation: Int32Array;

  constructor(resources: number) {
    this.#state = new Uint8Array(resources).fill(ABSENT);
    this.#incarnation = new Int32Array(resources);
  }

  /** A code of states.ts, or ABSENT. */
  state(resource: number): number {
    return this.#state[resource];
  }

  incarnation(resource: number): number {
    return this.#incarnation[resource];
  }

  /** False when it shows the same already. */
  show(resource: number, state: number, incarnation: number): boolean {
    if (this.#state[resource] === state && this.#incarnation[resource] === incarnation) {
      return false;
    }
    this.#state[resource] = state;
    this.#incarnation[resource] = incarnation;
    return true;
  }

  forget(resource: number): boolean {
    return this.show(resource, ABSENT, 0);
  }
}
