/** What an agent knows of the managers of its resources: the table of its pointers. */
import { BallotNumbers } from '../ballot-numbers.js';
import type { Ballot, Token } from '../identity.js';
import type { Address } from '../process.js';

// A row is 64 bytes, and what a heartbeat or its answer needs comes first: one or two cache lines.
const DOUBLES = 8;
const SENT_US = 0;
const TOKEN_SEQUENCE = 1;
const SIGN_US = 7;
const INTS = 2 * DOUBLES;
const SEQUENCE = 4;
const ANSWERED = 5;
const MANAGER = 6;
const HANDLE = 7;
/** -1: never obeyed anybody. */
const TOKEN_BALLOT = 8;
/** A ballot that came with an answer; -1: none yet. */
const HEARD_BALLOT = 9;
const AGENT = 10;
const WATCHED = 11;
const SILENT = 12;

/**
 * By resource number. Agents that run in one program may share a table, each using the rows of its
 * own resources alone: with ten thousand of them, that of each would be four objects to find, all
 * of them out of the cache.
 */
export class Pointers {
  readonly #first: number;
  readonly #doubles: Float64Array;
  readonly #ints: Int32Array;
  readonly #ballots = new BallotNumbers();

  /** For resources `first` to `first + count - 1`. */
  constructor(first: number, count: number) {
    this.#first = first;
    this.#doubles = new Float64Array(count * DOUBLES);
    this.#ints = new Int32Array(this.#doubles.buffer);
  }

  /** As in the beginning, under a new life of its agent: points to nobody, never obeyed anybody. */
  reset(resource: number, agent: Address): void {
    const row = resource - this.#first;
    this.#doubles.fill(0, row * DOUBLES, (row + 1) * DOUBLES);
    const at = row * INTS;
    this.#ints[at + MANAGER] = -1;
    this.#ints[at + TOKEN_BALLOT] = -1;
    this.#ints[at + HEARD_BALLOT] = -1;
    this.#ints[at + AGENT] = agent;
    this.#ints[at + SILENT] = -1;
  }

  /** Whether the agent is the resource's, which may be any number. */
  isOf(resource: number, agent: Address): boolean {
    return this.#ints[(resource - this.#first) * INTS + AGENT] === agent;
  }

  /** Whether this very ballot is noted with the resource; if not, it is from now on. */
  knows(resource: number, ballot: Ballot): boolean {
    const at = (resource - this.#first) * INTS;
    if (this.#ballots.ballot(this.#ints[at + HEARD_BALLOT]) === ballot) return true;
    this.#ints[at + HEARD_BALLOT] = this.#ballots.of(ballot);
    return false;
  }

  /** Whom the resource points to; -1 while it registers. */
  manager(resource: number): Address {
    return this.#ints[(resource - this.#first) * INTS + MANAGER];
  }

  /** The greatest assignment ever obeyed, also after it was given up. */
  token(resource: number): Token | null {
    if (this.#ints[(resource - this.#first) * INTS + TOKEN_BALLOT] < 0) return null;
    return { ballot: this.tokenBallot(resource), sequence: this.tokenSequence(resource) };
  }

  /** Of the token, which must be there. */
  tokenBallot(resource: number): Ballot {
    return this.#ballots.ballot(this.#ints[(resource - this.#first) * INTS + TOKEN_BALLOT]);
  }

  /** Of the token, which must be there. */
  tokenSequence(resource: number): number {
    return this.#doubles[(resource - this.#first) * DOUBLES + TOKEN_SEQUENCE];
  }

  /** What the manager wants to be told with a heartbeat. */
  handle(resource: number): number {
    return this.#ints[(resource - this.#first) * INTS + HANDLE];
  }

  setHandle(resource: number, handle: number): void {
    this.#ints[(resource - this.#first) * INTS + HANDLE] = handle;
  }

  /** A heartbeat is sent; returns its sequence. */
  sent(resource: number, nowUs: number): number {
    const row = resource - this.#first;
    const sequence = this.#ints[row * INTS + SEQUENCE] + 1;
    this.#ints[row * INTS + SEQUENCE] = sequence;
    this.#doubles[row * DOUBLES + SENT_US] = nowUs;
    return sequence;
  }

  /** Notes an answer, unless a later one has come or that heartbeat was never sent: then false. */
  answered(resource: number, sequence: number): boolean {
    const at = (resource - this.#first) * INTS;
    const ints = this.#ints;
    if (sequence <= ints[at + ANSWERED] || sequence > ints[at + SEQUENCE]) return false;
    ints[at + ANSWERED] = sequence;
    return true;
  }

  /** Whether the latest heartbeat has been answered. */
  isAnswered(resource: number): boolean {
    const at = (resource - this.#first) * INTS;
    return this.#ints[at + ANSWERED] === this.#ints[at + SEQUENCE];
  }

  /** The manager gave a sign of life other than an answer. */
  sign(resource: number, nowUs: number): void {
    this.#doubles[(resource - this.#first) * DOUBLES + SIGN_US] = nowUs;
  }

  /**
   * When the manager is last known to have lived. An answer shows that it did when that heartbeat
   * was sent, not that it does now; reckoned from the sequence, so that an answer notes no time.
   */
  heardUs(resource: number, periodUs: number): number {
    const row = resource - this.#first;
    const ints = this.#ints;
    const doubles = this.#doubles;
    const at = row * DOUBLES;
    const behind = ints[row * INTS + SEQUENCE] - ints[row * INTS + ANSWERED];
    return Math.max(doubles[at + SIGN_US], doubles[at + SENT_US] - behind * periodUs);
  }

  /** Whom the resource gave up for being silent; -1: nobody. */
  silent(resource: number): Address {
    return this.#ints[(resource - this.#first) * INTS + SILENT];
  }

  /** Whether a timer is set to look for an answer again. */
  isWatched(resource: number): boolean {
    return this.#ints[(resource - this.#first) * INTS + WATCHED] === 1;
  }

  watch(resource: number, watched: boolean): void {
    this.#ints[(resource - this.#first) * INTS + WATCHED] = watched ? 1 : 0;
  }

  /** Points to a manager, by its latest assignment. */
  point(resource: number, manager: Address, token: Token, nowUs: number): void {
    const row = resource - this.#first;
    const doubles = this.#doubles;
    const ints = this.#ints;
    // Sequences go on, so that a late answer under an earlier token is known for what it is.
    ints[row * INTS + ANSWERED] = ints[row * INTS + SEQUENCE];
    doubles[row * DOUBLES + SIGN_US] = nowUs;
    doubles[row * DOUBLES + TOKEN_SEQUENCE] = token.sequence;
    ints[row * INTS + TOKEN_BALLOT] = this.#ballots.of(token.ballot);
    ints[row * INTS + MANAGER] = manager;
    ints[row * INTS + SILENT] = -1;
  }

  /** Points to nobody. */
  giveUp(resource: number, becauseSilent: boolean): void {
    const at = (resource - this.#first) * INTS;
    this.#ints[at + SILENT] = becauseSilent ? this.#ints[at + MANAGER] : -1;
    this.#ints[at + MANAGER] = -1;
  }
}
