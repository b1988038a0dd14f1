import { compareBallots, type Ballot } from '../../core/identity.js';

/** No ballot. */
export const NO_BALLOT = -1;

/** Gives ballots small numbers, so that a million pointers need no reference each. */
export class BallotNumbers {
  readonly #ballots: Ballot[] = [];
  readonly #numbers = new Map<string, number>();
  // Most observations in a row carry the very same object: no key needs to be built.
  #latest: Ballot | null = null;
  #latestNumber = NO_BALLOT;

  /** Equal ballots have equal numbers; {@link NO_BALLOT} for null. */
  numberOf(ballot: Ballot | null): number {
    if (ballot === null) return NO_BALLOT;
    if (ballot === this.#latest) return this.#latestNumber;
    const key = ballotKey(ballot);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#ballots.length;
      this.#ballots.push(ballot);
      this.#numbers.set(key, number);
    }
    this.#latest = ballot;
    this.#latestNumber = number;
    return number;
  }

  ballot(number: number): Ballot | null {
    return number === NO_BALLOT ? null : this.#ballots[number];
  }

  compare(a: number, b: number): number {
    if (a === b) return 0;
    return compareBallots(this.ballot(a), this.ballot(b));
  }
}

/** The parts of a ballot that make it up: equal for equal ballots. */
export function ballotKey(ballot: Ballot): string {
  return `${ballot.counter}/${ballot.node}/${ballot.incarnation}`;
}
