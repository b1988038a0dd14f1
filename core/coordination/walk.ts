/**
 * The order in which an agent asks managers, round after round: those it heard of lately, then
 * everyone else that it knows, at random; whom it gave up for being silent comes last. Each once a
 * round, so that a round reaches whoever is left, and its own zone's spread evenly among all the
 * others, so that wherever a search begins neither kind is far. What that makes of the bound
 * stands in walk-terms.ts.
 */
import type { Address } from '../process.js';
import { permuted } from './permutation.js';

/** Managers heard of lately that an agent remembers. */
export const alternatesKept = 4;

/** Configured managers: those of the agent's own zone, and all others. */
export interface Seeds {
  readonly near: readonly Address[];
  readonly far: readonly Address[];
}

export class Walk {
  /** Rounds that are over. */
  round = 0;
  readonly #seeds: Seeds;
  /** Heard of lately, without the last. */
  readonly #first: readonly Address[];
  /** -1: nobody was given up. */
  readonly #last: Address;
  /** What the random order follows from. */
  readonly #key: number;
  /** Of the seeds, how many are neither among the first nor the last. */
  readonly #nearLeft: number;
  readonly #seedsLeft: number;
  /** How far the round is: in all, and in either order of seeds. */
  #place = 0;
  #nearPlace = 0;
  #farPlace = 0;

  /** @param draw uniform in [0, 1) */
  constructor(seeds: Seeds, alternates: readonly Address[], last: Address, draw: number) {
    this.#seeds = seeds;
    this.#first = alternates.filter((address) => address !== last);
    this.#last = last;
    this.#key = Math.floor(draw * 4294967296) | 0;
    const placed = [...this.#first, last];
    const left = (some: readonly Address[]): number =>
      some.length - placed.filter((address) => some.includes(address)).length;
    this.#nearLeft = left(seeds.near);
    this.#seedsLeft = this.#nearLeft + left(seeds.far);
  }

  /** Whether the round has nobody left. */
  get isRoundOver(): boolean {
    const last = this.#last === -1 ? 0 : 1;
    return this.#place >= this.#first.length + this.#seedsLeft + last;
  }

  /** Whom to ask now: of the next round, if this one is over; -1 only if nobody is known. */
  take(): Address {
    if (this.isRoundOver) {
      this.round += 1;
      this.#place = 0;
      this.#nearPlace = 0;
      this.#farPlace = 0;
    }
    const place = this.#place - this.#first.length;
    this.#place += 1;
    if (place < 0) return this.#first[this.#place - 1];
    return place < this.#seedsLeft ? this.#seed(place) : this.#last;
  }

  #seed(place: number): Address {
    const { near, far } = this.#seeds;
    const upTo = (end: number): number => Math.ceil((end * this.#nearLeft) / this.#seedsLeft);
    const isNear = upTo(place + 1) > upTo(place);
    for (;;) {
      const seed = isNear
        ? near[permuted(this.#key, near.length, this.#nearPlace)]
        : far[permuted(~this.#key, far.length, this.#farPlace)];
      if (isNear) this.#nearPlace += 1;
      else this.#farPlace += 1;
      if (seed !== this.#last && !this.#first.includes(seed)) return seed;
    }
  }
}
