import type { Address } from '../../core/process.js';

export type ProcessStatus = 'down' | 'up' | 'paused';
/** Why a host is off its usual rate: the observation that tells so. */
export type Oddity = 'clock-set' | 'host-slowed';

const DOWN = 0;
const UP = 1;
const PAUSED = 2;
const statuses = ['down', 'up', 'paused'] as const satisfies readonly ProcessStatus[];

/** Which processes run. A live one is up and not paused. */
export class ProcessTable {
  readonly #status: Uint8Array;
  readonly #upSince: Float64Array;
  readonly #liveSince: Float64Array;
  /** Of those whose host is off its usual rate: what is amiss. */
  readonly #odd = new Map<Address, Set<Oddity>>();
  /** Of those whose host ever was: when that last changed. */
  readonly #oddUs = new Map<Address, number>();
  readonly #leaving = new Set<Address>();

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
    return this.#odd.has(address) ? Infinity : this.#oddUs.get(address) ?? 0;
  }

  /** Those whose host is off its usual rate now, and what is amiss with it. */
  get odd(): ReadonlyMap<Address, ReadonlySet<Oddity>> {
    return this.#odd;
  }

  /** @param why - what is amiss with its host from now on, or is so no longer */
  setOdd(address: Address, why: Oddity, isOdd: boolean, timeUs: number): void {
    this.#oddUs.set(address, timeUs);
    const odd = this.#odd.get(address) ?? new Set();
    if (isOdd) odd.add(why);
    else odd.delete(why);
    if (odd.size > 0) this.#odd.set(address, odd);
    else this.#odd.delete(address);
  }

  /** Whether it was told to leave in its present life, or in its last. */
  isLeaving(address: Address): boolean {
    return this.#leaving.has(address);
  }

  setLeaving(address: Address): void {
    this.#leaving.add(address);
  }

  /** Tells whether anything changed: a process that is up cannot come up. */
  setUp(address: Address, timeUs: number): boolean {
    if (this.#status[address] !== DOWN) return false;
    this.#status[address] = UP;
    this.#leaving.delete(address);
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
