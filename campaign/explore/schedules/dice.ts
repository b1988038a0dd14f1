import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import { EntityRandom, streamKey } from '../../../experiment/random/streams.js';

/** Draws for one purpose under one seed: what is added elsewhere changes none of them. */
export class Dice {
  readonly #random: EntityRandom;

  constructor(seed: number, purpose: string) {
    this.#random = new EntityRandom(streamKey(seed, `exploration/${purpose}`), 0);
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.#random.next();
  }

  /** Whether something that happens in that share of cases does. */
  chance(share: number): boolean {
    return this.#random.next() < share;
  }

  /** Uniform from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + this.#random.integer(high - low + 1);
  }

  uniform(low: number, high: number): number {
    return low + (high - low) * this.#random.next();
  }

  /** As often from 1 to 2 as from 10 to 20: for what may be of any size. */
  anySize(low: number, high: number): number {
    return low * exp(ln(high / low) * this.#random.next());
  }

  one<T>(among: readonly T[]): T {
    return among[this.#random.integer(among.length)];
  }
}
