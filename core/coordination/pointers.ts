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

/**
 * By resource number. Agents that run in one program may share a table, each using the rows of its
 * own resources alone: with ten thousand of them, that of each would be four objects to find, all
 * of them out of the cache.
 */
export class Pointers {
  readonly #first: number;
  readonly #numbers: Float64Array;
  readonly #tokens: (Token | null)[];

  /** For resources `first` to `first + count - 1`. */
  constructor(first: number, count: number) {
    this.#first = first;
    this.#numbers = new Float64Array(count * WIDTH);
    this.#tokens = Array.from({ length: count }, () => null);
  }

  /** As in the beginning: points to nobody and has never obeyed anybody. */
  reset(resource: number): void {
    const at = (resource - this.#first) * WIDTH;
    this.#numbers.fill(0, at, at + WIDTH);
    this.#numbers[at + MANAGER] = -1;
    this.#numbers[at + SILENT] = -1;
    this.#tokens[resource - this.#first] = null;
  }

  /** Whom the resource points to; -1 while it registers. */
  manager(resource: number): Address {
    return this.#numbers[(resource - this.#first) * WIDTH + MANAGER];
  }

  /** The greatest assignment ever obeyed, also after it was given up. */
  token(resource: number): Token | null {
    return this.#tokens[resource - this.#first];
  }

  /** What the manager wants to be told with a heartbeat. */
  handle(resource: number): number {
    return this.#numbers[(resource - this.#first) * WIDTH + HANDLE];
  }

  setHandle(resource: number, handle: number): void {
    this.#numbers[(resource - this.#first) * WIDTH + HANDLE] = handle;
  }

  /** Of the latest heartbeat. */
  sequence(resource: number): number {
    return this.#numbers[(resource - this.#first) * WIDTH + SEQUENCE];
  }

  /** A heartbeat is sent; returns its sequence. */
  sent(resource: number, nowUs: number): number {
    const at = (resource - this.#first) * WIDTH;
    const sequence = this.#numbers[at + SEQUENCE] + 1;
    this.#numbers[at + SEQUENCE] = sequence;
    this.#numbers[at + SENT_US] = nowUs;
    return sequence;
  }

  /** Notes an answer, unless a later one has come or that heartbeat was never sent: then false. */
  answered(resource: number, sequence: number): boolean {
    const at = (resource - this.#first) * WIDTH;
    const numbers = this.#numbers;
    if (sequence <= numbers[at + ANSWERED] || sequence > numbers[at + SEQUENCE]) return false;
    numbers[at + ANSWERED] = sequence;
    return true;
  }

  /** Whether the latest heartbeat has been answered. */
  isAnswered(resource: number): boolean {
    const at = (resource - this.#first) * WIDTH;
    return this.#numbers[at + ANSWERED] === this.#numbers[at + SEQUENCE];
  }

  /** The manager gave a sign of life other than an answer. */
  sign(resource: number, nowUs: number): void {
    this.#numbers[(resource - this.#first) * WIDTH + SIGN_US] = nowUs;
  }

  /**
   * When the manager is last known to have lived. An answer shows that it did when that heartbeat
   * was sent, not that it does now; reckoned from the sequence, so that an answer notes no time.
   */
  heardUs(resource: number, periodUs: number): number {
    const at = (resource - this.#first) * WIDTH;
    const numbers = this.#numbers;
    const behind = numbers[at + SEQUENCE] - numbers[at + ANSWERED];
    return Math.max(numbers[at + SIGN_US], numbers[at + SENT_US] - behind * periodUs);
  }

  /** Whom the resource gave up for being silent; -1: nobody. */
  silent(resource: number): Address {
    return this.#numbers[(resource - this.#first) * WIDTH + SILENT];
  }

  /** Whether a timer is set to look for an answer again. */
  isWatched(resource: number): boolean {
    return this.#numbers[(resource - this.#first) * WIDTH + WATCHED] === 1;
  }

  watch(resource: number, watched: boolean): void {
    this.#numbers[(resource - this.#first) * WIDTH + WATCHED] = watched ? 1 : 0;
  }

  /** Points to a manager, by its latest assignment. */
  point(resource: number, manager: Address, token: Token, nowUs: number): void {
    const at = (resource - this.#first) * WIDTH;
    const numbers = this.#numbers;
    numbers[at + MANAGER] = manager;
    // Sequences go on, so that a late answer under an earlier token is known for what it is.
    numbers[at + ANSWERED] = numbers[at + SEQUENCE];
    numbers[at + SIGN_US] = nowUs;
    numbers[at + SILENT] = -1;
    this.#tokens[resource - this.#first] = token;
  }

  /** Points to nobody. */
  giveUp(resource: number, becauseSilent: boolean): void {
    const at = (resource - this.#first) * WIDTH;
    this.#numbers[at + SILENT] = becauseSilent ? this.#numbers[at + MANAGER] : -1;
    this.#numbers[at + MANAGER] = -1;
  }
}
