import { compareBallots, type Ballot } from './identity.js';

/**
 * Numbers for ballots, so that a table can keep one in four bytes. Equal ballots have the same
 * number. There are as many as elections that its users heard of: few, and mostly the latest.
 */
export class BallotNumbers {
  readonly #ballots: Ballot[] = [];

  of(ballot: Ballot): number {
    const known = this.find(ballot);
    return known < 0 ? this.#ballots.push(ballot) - 1 : known;
  }

  /** -1: it has none. */
  find(ballot: Ballot): number {
    let number = this.#ballots.length - 1;
    while (number >= 0 && compareBallots(this.#ballots[number], ballot) !== 0) number -= 1;
    return number;
  }

  ballot(number: number): Ballot {
    return this.#ballots[number];
  }
}
