/** What was found, by cause: of each the smallest seed, and how many seeds came to it. */
import { causeOf } from './cause.js';
import type { Failure } from './failure.js';

export interface Find {
  /** The smallest that came to it. */
  readonly seed: number;
  readonly failure: Failure;
  /** The invariant, and what its explanation comes to. */
  readonly cause: string;
  /** How many seeds came to it. */
  readonly seeds: number;
}

export class Finds {
  readonly #byCause = new Map<string, Find>();

  add(seed: number, failure: Failure): void {
    const cause = `${failure.invariant}: ${causeOf(failure)}`;
    const known = this.#byCause.get(cause);
    const seeds = (known?.seeds ?? 0) + 1;
    const isFirst = known === undefined || seed < known.seed;
    this.#byCause.set(cause, isFirst ? { seed, failure, cause, seeds } : { ...known, seeds });
  }

  /** The smallest seed first. */
  get all(): readonly Find[] {
    return [...this.#byCause.values()].sort((a, b) => a.seed - b.seed);
  }
}
