/**
 * A root's inquiry: an election that it is asked for is held only if the coordinator answers
 * neither the root itself nor any of the managers that still answer the root. One link may be deaf
 * in one direction, and whoever is behind it misses a coordinator that all others follow.
 */
import { compareBallots, type Ballot } from '../identity.js';
import type { Address, TimerId } from '../process.js';

/** So many others are asked at most: where that many miss it, it has lost nearly everybody. */
const polledAtMost = 32;

/**
 * How many tries of the election's a root takes for an inquiry without an end by anybody's word.
 */
export function inquiryTries(tries: number): number {
  return Math.max(tries, 2) + 1;
}

export class Inquiry {
  readonly requesters = new Set<Address>();
  /** The coordinator that may be gone; null: nobody ever heard of one. */
  suspected: Ballot | null;
  /** Rounds begun. */
  round = 0;
  timer: TimerId | null = null;
  /** The greatest of those that are followed though greater ones were: it is to go beyond them. */
  lesser: Ballot | null = null;
  /** Asked, and whether they have answered that they miss it. */
  readonly #polled = new Map<Address, boolean>();

  constructor(suspected: Ballot | null) {
    this.suspected = suspected;
  }

  /** Somebody asks for an election, and misses that one. */
  request(requester: Address, suspected: Ballot | null): void {
    this.requesters.add(requester);
    this.suspects(suspected);
  }

  /** That one may be gone too. */
  suspects(ballot: Ballot | null): void {
    if (compareBallots(ballot, this.suspected) > 0) this.suspected = ballot;
  }

  /** Adds those that may be asked; not all of a large number, but some everywhere among them. */
  poll(others: Iterable<Address>): void {
    const all = [...new Set(others)].filter((other) => other !== this.suspected?.address);
    const step = Math.max(1, all.length / polledAtMost);
    for (let index = 0; index < all.length; index += step) {
      const other = all[Math.floor(index)];
      if (!this.#polled.has(other)) this.#polled.set(other, false);
    }
  }

  missedBy(other: Address): void {
    this.#polled.set(other, true);
  }

  /** Who was asked and has not answered. */
  silent(): Address[] {
    return [...this.#polled].filter(([, answered]) => !answered).map(([other]) => other);
  }

  get isComplete(): boolean {
    for (const answered of this.#polled.values()) if (!answered) return false;
    return true;
  }
}
