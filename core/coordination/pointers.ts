/** What an agent knows of the managers of its resources: the table of its pointers. */
import { BallotNumbers } from '../ballot-numbers.js';
import type { Ballot, Token } from '../identity.js';
import type { Address } from '../process.js';
import { earlyUs } from '../running.js';

// A row is 64 bytes, and what a beat or an answer needs comes first, in 48 of them: a large array
// begins 16 bytes after a cache line, so that they are in one.
const DOUBLES = 8;
/** What the clock showed when the resource's last beat was due, or came if it came late. */
const BEAT_US = 0;
const TOKEN_SEQUENCE = 1;
/**
 * How old the manager's last sign of life was at that beat, less a period for every heartbeat ever
 * sent and idle beat since: so that neither has to change it.
 */
const SIGN_BASE_US = 7;
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
/** Beats since the last one at which a heartbeat was sent. */
const IDLE = 11;
const SILENT = 12;
const WATCHED = 13;

/** Whether a timer is set to look for an answer again, and whether that look has been put off. */
export const Watched = { no: 0, yes: 1, again: 2 } as const;

/**
 * By resource number. Silences are reckoned in running time, as the resource's beats measure it:
 * each adds its period, however long it took by the clock. Agents that run in one program may share
 * a table, each using the rows of its own resources alone: with ten thousand of them, that of each
 * would be four objects to find, all of them out of the cache.
 */
export class Pointers {
  #first: number;
  #doubles: Float64Array;
  #ints: Int32Array;
  readonly #ballots = new BallotNumbers();

  /** For resources `first` to `first + count - 1`, and others once they are reset. */
  constructor(first: number, count: number) {
    this.#first = first;
    this.#doubles = new Float64Array(count * DOUBLES);
    this.#ints = new Int32Array(this.#doubles.buffer);
  }

  /** Those between its resources are nobody's. */
  #reach(resource: number): void {
    const old = this.#doubles;
    if (old.length === 0) this.#first = resource;
    const end = this.#first + old.length / DOUBLES;
    if (resource >= this.#first && resource < end) return;
    const first = Math.min(this.#first, resource);
    const count = Math.max(end, resource + 1) - first;
    this.#doubles = new Float64Array(count * DOUBLES);
    this.#ints = new Int32Array(this.#doubles.buffer);
    for (let row = 0; row < count; row += 1) this.#clear(row, -1);
    this.#doubles.set(old, (this.#first - first) * DOUBLES);
    this.#first = first;
  }

  /** As in the beginning, under a new life of its agent: points to nobody, never obeyed anybody. */
  reset(resource: number, agent: Address): void {
    this.#reach(resource);
    this.#clear(resource - this.#first, agent);
  }

  #clear(row: number, agent: Address): void {
    this.#doubles.fill(0, row * DOUBLES, (row + 1) * DOUBLES);
    const at = row * INTS;
    this.#ints[at + MANAGER] = -1;
    this.#ints[at + TOKEN_BALLOT] = -1;
    this.#ints[at + HEARD_BALLOT] = -1;
    this.#ints[at + AGENT] = agent;
    this.#ints[at + SILENT] = -1;
  }

  /** It points to nobody and is nobody's, until it is reset. */
  retire(resource: number): void {
    this.reset(resource, -1);
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

  /** The first beat is due at `firstUs`. */
  begin(resource: number, firstUs: number, periodUs: number): void {
    this.#doubles[(resource - this.#first) * DOUBLES + BEAT_US] = firstUs - periodUs;
  }

  /** The resource's beat, whether or not a heartbeat is sent; returns by how much it is late. */
  beat(resource: number, nowUs: number, periodUs: number): number {
    const row = resource - this.#first;
    const at = row * DOUBLES;
    const doubles = this.#doubles;
    const dueUs = doubles[at + BEAT_US] + periodUs;
    const lateUs = nowUs - dueUs;
    doubles[at + BEAT_US] = isEarly(lateUs) ? dueUs : nowUs;
    this.#ints[row * INTS + IDLE] += 1;
    return lateUs;
  }

  /** A heartbeat is sent, at this beat; returns its sequence. */
  sent(resource: number, periodUs: number): number {
    const row = resource - this.#first;
    const at = row * INTS;
    const ints = this.#ints;
    const sequence = ints[at + SEQUENCE] + 1;
    const others = ints[at + IDLE] - 1;
    if (others !== 0) this.#doubles[row * DOUBLES + SIGN_BASE_US] += others * periodUs;
    ints[at + SEQUENCE] = sequence;
    ints[at + IDLE] = 0;
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
  sign(resource: number, nowUs: number, periodUs: number): void {
    const shownUs = this.sinceBeatUs(resource, nowUs);
    // If the clock was set back since, a whole period may have passed: nobody is blamed early.
    const sinceUs = shownUs < -earlyUs ? periodUs : Math.min(Math.max(shownUs, 0), periodUs);
    const row = resource - this.#first;
    this.#doubles[row * DOUBLES + SIGN_BASE_US] = -sinceUs - this.#beats(row) * periodUs;
  }

  /** What the clock shows more than at the last beat: less than nothing if it was set back. */
  sinceBeatUs(resource: number, nowUs: number): number {
    return nowUs - this.#doubles[(resource - this.#first) * DOUBLES + BEAT_US];
  }

  /**
   * For how long the manager had not been known to live when the last beat came. An answer shows
   * that it did when that heartbeat was sent, not that it does now; reckoned from the sequence, so
   * that an answer notes no time.
   */
  silentUs(resource: number, periodUs: number): number {
    const row = resource - this.#first;
    const at = row * INTS;
    const ints = this.#ints;
    const behind = ints[at + SEQUENCE] - ints[at + ANSWERED] + ints[at + IDLE];
    const ageUs = this.#doubles[row * DOUBLES + SIGN_BASE_US] + this.#beats(row) * periodUs;
    return Math.min(ageUs, behind * periodUs);
  }

  /** Heartbeats ever sent, and beats since. */
  #beats(row: number): number {
    return this.#ints[row * INTS + SEQUENCE] + this.#ints[row * INTS + IDLE];
  }

  /** Whom the resource gave up for being silent; -1: nobody. */
  silent(resource: number): Address {
    return this.#ints[(resource - this.#first) * INTS + SILENT];
  }

  /** One of {@link Watched}. */
  watched(resource: number): number {
    return this.#ints[(resource - this.#first) * INTS + WATCHED];
  }

  watch(resource: number, watched: number): void {
    this.#ints[(resource - this.#first) * INTS + WATCHED] = watched;
  }

  /** Points to a manager, by its latest assignment. */
  point(
    resource: number, manager: Address, token: Token, nowUs: number, periodUs: number,
  ): void {
    const row = resource - this.#first;
    const doubles = this.#doubles;
    const ints = this.#ints;
    // Sequences go on, so that a late answer under an earlier token is known for what it is.
    ints[row * INTS + ANSWERED] = ints[row * INTS + SEQUENCE];
    this.sign(resource, nowUs, periodUs);
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

/** Whether a beat came before its time as timers do, and not because the clock was set back. */
export function isEarly(lateUs: number): boolean {
  return lateUs < 0 && lateUs >= -earlyUs;
}
