/** What an agent knows of the managers of its resources: the table of its pointers. */
import type { Token } from '../identity.js';
import type { Address } from '../process.js';

// A row is 8 numbers of 8 bytes, so that a heartbeat or its answer touches one cache line.
const WIDTH = 8;
const MANAGER = 0;
const HANDLE = 1;
const SEQUENCE = 2;
const ANSWERED = 3;
const SENT_US = 4;
const SIGN_US = 5;
const SILENT = 6;
const WATCHED = 7;

/** By row: the place of a resource among those of its host. */
export class Pointers {
  readonly count: number;
  readonly #numbers: Float64Array;
  readonly #tokens: (Token | null)[];

  constructor(count: number) {
    this.count = count;
    this.#numbers = new Float64Array(count * WIDTH);
    this.#tokens = Array.from({ length: count }, () => null);
    for (let row = 0; row < count; row += 1) {
      this.#numbers[row * WIDTH + MANAGER] = -1;
      this.#numbers[row * WIDTH + SILENT] = -1;
    }
  }

  /** Reads what a heartbeat will need: see `Process.expectTimer`. */
  touch(row: number): number {
    const token = this.#tokens[row] ?? null;
    return this.manager(row) + (token === null ? 0 : token.sequence);
  }

  /** Whom the resource points to; -1 while it registers. */
  manager(row: number): Address {
    return this.#numbers[row * WIDTH + MANAGER];
  }

  /** The greatest assignment ever obeyed, also after it was given up. */
  token(row: number): Token | null {
    return this.#tokens[row];
  }

  /** What the manager wants to be told with a heartbeat. */
  handle(row: number): number {
    return this.#numbers[row * WIDTH + HANDLE];
  }

  setHandle(row: number, handle: number): void {
    this.#numbers[row * WIDTH + HANDLE] = handle;
  }

  /** Of the latest heartbeat. */
  sequence(row: number): number {
    return this.#numbers[row * WIDTH + SEQUENCE];
  }

  /** A heartbeat is sent; returns its sequence. */
  sent(row: number, nowUs: number): number {
    const sequence = this.#numbers[row * WIDTH + SEQUENCE] + 1;
    this.#numbers[row * WIDTH + SEQUENCE] = sequence;
    this.#numbers[row * WIDTH + SENT_US] = nowUs;
    return sequence;
  }

  /** Notes an answer, unless a later one has come or that heartbeat was never sent: then false. */
  answered(row: number, sequence: number): boolean {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    if (sequence <= numbers[at + ANSWERED] || sequence > numbers[at + SEQUENCE]) return false;
    numbers[at + ANSWERED] = sequence;
    return true;
  }

  /** Whether the latest heartbeat has been answered. */
  isAnswered(row: number): boolean {
    return this.#numbers[row * WIDTH + ANSWERED] === this.#numbers[row * WIDTH + SEQUENCE];
  }

  /** The manager gave a sign of life other than an answer. */
  sign(row: number, nowUs: number): void {
    this.#numbers[row * WIDTH + SIGN_US] = nowUs;
  }

  /**
   * When the manager is last known to have lived. An answer shows that it did when that heartbeat
   * was sent, not that it does now; reckoned from the sequence, so that an answer notes no time.
   */
  heardUs(row: number, periodUs: number): number {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    const behind = numbers[at + SEQUENCE] - numbers[at + ANSWERED];
    return Math.max(numbers[at + SIGN_US], numbers[at + SENT_US] - behind * periodUs);
  }

  /** Whom the resource gave up for being silent; -1: nobody. */
  silent(row: number): Address {
    return this.#numbers[row * WIDTH + SILENT];
  }

  /** Whether a timer is set to look for an answer again. */
  isWatched(row: number): boolean {
    return this.#numbers[row * WIDTH + WATCHED] === 1;
  }

  watch(row: number, watched: boolean): void {
    this.#numbers[row * WIDTH + WATCHED] = watched ? 1 : 0;
  }

  /** Points to a manager, by its latest assignment. */
  point(row: number, manager: Address, token: Token, nowUs: number): void {
    const at = row * WIDTH;
    const numbers = this.#numbers;
    numbers[at + MANAGER] = manager;
    // Sequences go on, so that a late answer under an earlier token is known for what it is.
    numbers[at + ANSWERED] = numbers[at + SEQUENCE];
    numbers[at + SIGN_US] = nowUs;
    numbers[at + SILENT] = -1;
    this.#tokens[row] = token;
  }

  /** Points to nobody. */
  giveUp(row: number, becauseSilent: boolean): void {
    const at = row * WIDTH;
    this.#numbers[at + SILENT] = becauseSilent ? this.#numbers[at + MANAGER] : -1;
    this.#numbers[at + MANAGER] = -1;
  }
}
