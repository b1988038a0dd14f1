import { sideLength } from '../../core/overlay/index.js';
import type { InvariantContext } from './invariant.js';

/**
 * Whether the overlay may have come apart: where more managers die than a side of a leaf set has
 * members, before those that are left can have found each other again, some may know nobody that
 * lives. Then what goes by the overlay reaches whom it reaches.
 */
export class RingLosses {
  readonly #wholeUs: number;
  /** When managers went down, the latest last. */
  #downUs: number[] = [];

  constructor({ bounds }: InvariantContext) {
    this.#wholeUs = bounds.wholeUs;
  }

  /** A manager has gone down. */
  down(timeUs: number): void {
    this.#downUs.push(timeUs);
    if (this.#downUs.length > 2 * sideLength) this.#downUs = this.#downUs.slice(-sideLength - 1);
  }

  /** Whether that may have been so from then on. */
  mayHaveParted(sinceUs: number): boolean {
    const earliestUs = this.#downUs.at(-sideLength - 1) ?? -Infinity;
    const latestUs = this.#downUs.at(-1) ?? -Infinity;
    return latestUs - earliestUs <= this.#wholeUs && latestUs > sinceUs - this.#wholeUs;
  }
}
