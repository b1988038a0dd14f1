/** What a coordinator knows of one manager, and how far it holds that manager's part. */
import type { Ballot, Token } from '../identity.js';
import type { PartDelta } from '../metamodel/delta.js';
import { mostRaised } from '../plausible.js';
import type { Address } from '../process.js';
import { Ahead } from './progress.js';

/** Deltas that came before their predecessors, kept per manager at least. */
const aheadLimit = 64;

export class Member {
  readonly address: Address;
  /** Row of the manager in the coordinator's detector. */
  readonly row: number;
  alive = true;
  /** The last life of the manager that said it would leave; -2: none. */
  leavingLife = -2;
  /** The one that has taken its leave: what it said before that may still come. */
  #goneLife = -2;
  /** Which life of the manager `version` counts in; -1 before its first report. */
  incarnation = -1;
  version = 0;
  /** Under which it began to tell its part; null before its first report. */
  ballot: Ballot | null = null;
  /**
   * It is heard, but has not heard this coordinator for longer than it waits for answers: what it
   * is given or ordered does not arrive.
   */
  isDeaf = false;
  #beat = 0;
  /** Listings of this manager that another assignment has overtaken: to be released. */
  readonly stale = new Map<number, Token>();
  /**
   * While a snapshot of a part that was known before comes in: the resources that it has not
   * named yet, and whether each was listed before. Those left at its end are not listed any more,
   * or not yet.
   */
  unconfirmed: Map<number, boolean> | null = null;
  readonly #ahead = new Ahead<PartDelta>();

  constructor(address: Address, row: number) {
    this.address = address;
    this.row = row;
  }

  get isLeaving(): boolean {
    return this.leavingLife >= this.incarnation;
  }

  /** Whether it may be given resources, and the role. */
  get isAble(): boolean {
    return this.alive && !this.isLeaving && !this.isDeaf;
  }

  /** Whether a life may follow the one known: hosts that lose their stores leave many out. */
  mayLive(incarnation: number): boolean {
    return this.incarnation < 0 || incarnation <= this.incarnation + mostRaised;
  }

  /** Whether its part may have come so far since it was last heard; from the start it may. */
  mayTell({ incarnation, from, to }: PartDelta): boolean {
    if (!this.mayLive(incarnation)) return false;
    return from === 0 || to <= from + mostRaised;
  }

  /** These were the last words of its present life. */
  takeLeave(incarnation: number): void {
    if (incarnation === this.incarnation) this.#goneLife = incarnation;
  }

  /** It was said before that life took its leave. */
  isPast({ incarnation }: Pick<PartDelta, 'incarnation'>): boolean {
    return incarnation === this.#goneLife;
  }

  /** A new life, or a manager that starts from nothing again: forgets its part's version. */
  restart(incarnation: number): void {
    this.incarnation = incarnation;
    this.version = 0;
    this.#beat = 0;
    this.stale.clear();
    this.#ahead.clear();
  }

  /** Its heartbeat tells how many before are unanswered; true if that changes if it is deaf. */
  tellsUnanswered(sequence: number, unanswered: number, tolerated: number): boolean {
    // A late one is not so late; one that is far behind shows that the other was none of its.
    if (sequence < this.#beat && this.#beat - sequence < aheadLimit) return false;
    this.#beat = sequence;
    const before = this.isDeaf;
    this.isDeaf = unanswered > tolerated;
    return this.isDeaf !== before;
  }

  /**
   * Keeps a delta whose predecessor is missing, unless too many wait already.
   *
   * @param pieces - that a whole part may come in
   */
  keepAhead(delta: PartDelta, pieces = 0): void {
    this.#ahead.keep(delta, Math.max(aheadLimit, pieces));
  }

  /** The kept delta that continues what is held now, if there is one. */
  takeNext(): PartDelta | undefined {
    return this.#ahead.take(this.version);
  }
}
