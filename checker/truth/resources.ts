import { DOWN } from './states.js';

/**
 * The true state of each resource. A resource is *out* while it is down or its agent is, or it is
 * retired: decommissioned, as its agent knows. Before anything is known of it, it is down in
 * incarnation 0.
 */
export class ResourceTable {
  readonly #state: Uint8Array;
  readonly #incarnation: Int32Array;
  readonly #stateSince: Float64Array;
  readonly #bornAt: Float64Array;
  readonly #turnedAt: Float64Array;
  readonly #retired = new Set<number>();

  constructor(resources: number) {
    this.#state = new Uint8Array(resources).fill(DOWN);
    this.#incarnation = new Int32Array(resources);
    this.#stateSince = new Float64Array(resources);
    this.#bornAt = new Float64Array(resources);
    this.#turnedAt = new Float64Array(resources);
  }

  /** A code of states.ts. */
  state(resource: number): number {
    return this.#state[resource];
  }

  incarnation(resource: number): number {
    return this.#incarnation[resource];
  }

  /** Since when it has its state and incarnation. */
  stateSince(resource: number): number {
    return this.#stateSince[resource];
  }

  /** When its incarnation began, as far as observed. */
  bornAt(resource: number): number {
    return this.#bornAt[resource];
  }

  /** When it last went out or came back. */
  turnedAt(resource: number): number {
    return this.#turnedAt[resource];
  }

  isRetired(resource: number): boolean {
    return this.#retired.size > 0 && this.#retired.has(resource);
  }

  retire(resource: number, timeUs: number): void {
    this.#retired.add(resource);
    this.#turnedAt[resource] = timeUs;
  }

  /**
   * @param wasDismissed - its agent need not have heard of that: all the same it comes anew
   * @returns whether it comes anew; false: it was there
   */
  commission(resource: number, timeUs: number, wasDismissed: boolean): boolean {
    if (!this.#retired.delete(resource) && !wasDismissed) return false;
    this.#turnedAt[resource] = timeUs;
    return true;
  }

  /** The resource goes out or comes back because its agent does. */
  turn(resource: number, timeUs: number): void {
    this.#turnedAt[resource] = timeUs;
  }

  /** False when nothing changed. */
  set(
    resource: number,
    state: number,
    incarnation: number,
    timeUs: number,
    agentDown: boolean,
  ): boolean {
    const before = this.#state[resource];
    const reborn = incarnation !== this.#incarnation[resource];
    if (before === state && !reborn) return false;
    if (!agentDown && (before === DOWN) !== (state === DOWN)) this.#turnedAt[resource] = timeUs;
    if (reborn) this.#bornAt[resource] = timeUs;
    this.#state[resource] = state;
    this.#incarnation[resource] = incarnation;
    this.#stateSince[resource] = timeUs;
    return true;
  }
}
