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
