import type { Address } from '../../core/process.js';

export type ProcessStatus = 'down' | 'up' | 'paused';

const DOWN = 0;
const UP = 1;
const PAUSED = 2;
const statuses = ['down', 'up', 'paused'] as const satisfies readonly ProcessStatus[];

/** Which processes run. A live one is up and not paused. */
export class ProcessTable {
  readonly #status: Uint8Array;
  readonly #upSince: Float64Array;
  readonly #liveSince: Float64Array;
  /** Of those whose host was ever off its usual rate: what is amiss, and since when nothing is. */
  readonly #odd = new Map<Address, { readonly why: Set<string>; evenSince: number }>();

  constructor(processes: number) {
    this.#status = new Uint8Array(processes);
    this.#upSince = new Float64Array(processes);
    this.#liveSince = new Float64Array(processes);
  }

  status(address: Address): ProcessStatus {
    return statuses[this.#status[address]];
  }

  isLive(address: Address): boolean {
    return this.#status[address] === UP;
  }

  isDown(address: Address): boolean {
    return this.#status[address] === DOWN;
  }

  isPaused(address: Address): boolean {
    return this.#status[address] === PAUSED;
  }

  /** When its present life began, if it is not down. */
  upSince(address: Address): number {
    return this.#upSince[address];
  }

  /** When it last came up or was resumed, if it is live. */
  liveSince(address: Address): number {
    return this.#liveSince[address];
  }

  /** Since when its host is at its usual rate; Infinity: it is not. */
  evenSince(address: Address): number {
    const odd = this.#odd.get(address);
    if (odd === undefined) return 0;
    return odd.why.size > 0 ? Infinity : odd.evenSince;
  }

  /** @param why - what is amiss with its host from now on, or is so no longer */
  setOdd(address: Address, why: string, isOdd: boolean, timeUs: number): void {
    let odd = this.#odd.get(address);
    if (odd === undefined) this.#odd.set(address, odd = { why: new Set(), evenSince: timeUs });
    if (isOdd) odd.why.add(why);
    else odd.why.delete(why);
    odd.evenSince = timeUs;
  }

  /** Tells whether anything changed: a process that is up cannot come up. */
  setUp(address: Address, timeUs: number): boolean {
    if (this.#status[address] !== DOWN) return false;
    this.#status[address] = UP;
    this.#upSince[address] = timeUs;
    this.#liveSince[address] = timeUs;
    return true;
  }

  setDown(address: Address): boolean {
    if (this.#status[address] === DOWN) return false;
    this.#status[address] = DOWN;
    return true;
  }

  setPaused(address: Address): boolean {
    if (this.#status[address] !== UP) return false;
    this.#status[address] = PAUSED;
    return true;
  }

  setResumed(address: Address, timeUs: number): boolean {
    if (this.#status[address] !== PAUSED) return false;
    this.#status[address] = UP;
    this.#liveSince[address] = timeUs;
    return true;
  }
}
