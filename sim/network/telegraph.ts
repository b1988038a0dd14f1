import type { Address } from '../../core/process.js';
import type { Spells } from '../../experiment/impairments/kind.js';
import { draw, streamKey, type StreamKey } from '../../experiment/random/streams.js';

/** P(at most k points) of a Poisson law of mean 1; more than 19 points have no chance at all. */
const atMost: readonly number[] = poisson();

/** Cells are numbered from 1; what the first points find is drawn as that of cell 0. */
const FIRST_CELL = 1;

/**
 * Good and bad spells of every link, each direction by itself, as a pure function of time: no state
 * is kept, so it makes no difference who sends what and when, and a link without traffic is free.
 *
 * At the points of a Poisson process of the rate 1/good + 1/bad a link forgets its state and draws
 * it anew, bad with the probability bad / (good + bad). That is the Markov chain with exponential
 * spells of these means (it turns bad at the rate (1/good + 1/bad) bad / (good + bad) = 1/good), so
 * only the last point before an instant counts. Time falls into cells with one point in the mean,
 * whose points are hashes of (link, cell): one looks back 1.6 cells in the mean.
 */
export class Telegraph {
  private readonly countKey: StreamKey;
  private readonly pointKey: StreamKey;
  private readonly stateKey: StreamKey;

  constructor(seed: number, name: string) {
    this.countKey = streamKey(seed, `${name}/count`);
    this.pointKey = streamKey(seed, `${name}/point`);
    this.stateKey = streamKey(seed, `${name}/state`);
  }

  /** Whether the link from `sender` to `receiver` is in a bad spell. */
  isBad({ goodUs, badUs }: Spells, sender: Address, receiver: Address, atUs: number): boolean {
    const share = badUs / (goodUs + badUs);
    const place = atUs / (goodUs * share);
    const present = Math.floor(place);
    let cell = present + FIRST_CELL;
    let point = this.last(sender, receiver, cell, place - present);
    while (point < 0 && cell > FIRST_CELL) {
      cell -= 1;
      point = this.last(sender, receiver, cell, 1);
    }
    if (point < 0) return draw(this.stateKey, sender, receiver, 0, 0) < share;
    return draw(this.stateKey, sender, receiver, cell, point) < share;
  }

  /** Number of the last point of a cell that lies before `end`, a part of it; -1: there is none. */
  private last(sender: Address, receiver: Address, cell: number, end: number): number {
    const u = draw(this.countKey, sender, receiver, cell);
    let last = -1;
    let latest = -1;
    for (let point = 0; point < atMost.length && u >= atMost[point]; point += 1) {
      const at = draw(this.pointKey, sender, receiver, cell, point);
      if (at >= end || at <= latest) continue;
      last = point;
      latest = at;
    }
    return last;
  }
}

function poisson(): number[] {
  // 1/e, written out: engines may differ in the last bit of Math.exp.
  let term = 0.36787944117144233;
  let sum = 0;
  return Array.from({ length: 19 }, (_, k) => {
    sum += term;
    term /= k + 1;
    return sum;
  });
}
