/** What a coordinator's word counts by: its ballot, and the tokens that it gives out under it. */
import { compareBallots, type Ballot, type Token } from '../identity.js';

export class Authority {
  #ballot: Ballot;
  #sequence = 0;

  constructor(ballot: Ballot) {
    this.#ballot = ballot;
  }

  get ballot(): Ballot {
    return this.#ballot;
  }

  renew(ballot: Ballot): void {
    this.#ballot = ballot;
    this.#sequence = 0;
  }

  mint(): Token {
    this.#sequence += 1;
    return Object.freeze({ ballot: this.#ballot, sequence: this.#sequence });
  }

  /** Whether it would be greater than the next one that is given out. */
  isForged({ ballot, sequence }: Token): boolean {
    const order = compareBallots(ballot, this.#ballot);
    return order > 0 || (order === 0 && sequence > this.#sequence);
  }

  /** Whether it is the present one. */
  isOf(ballot: Ballot): boolean {
    return compareBallots(ballot, this.#ballot) === 0;
  }

  /** Whether the token is of the present ballot. */
  isCurrent(token: Token): boolean {
    return this.isOf(token.ballot);
  }
}
