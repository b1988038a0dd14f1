import { compareBallots, type Ballot } from './identity.js';

/**
 * Numbers for ballots, so that a table can keep one in four bytes. Equal ballots have the same
 * number. There are as many as elections that its users heard of: few, and mostly the latest.
 */
export class BallotNumbers {
  readonly #ballots: Ballot[] = [];

  of(ballot: Ballot): number {
    const { length } = this.#ballots;
    for (let number = length - 1; number >= 0; number -= 1) {
      if (compareBallots(this.#ballots[number], ballot) === 0) return number;
    }
    this.#ballots.push(ballot);
    return length;
  }

  ballot(number: number): Ballot {
    return this.#ballots[number];
  }
}
