/**
 * How much of what a message says can be true. Whoever sent it, and whatever became of it on its
 * way: a number near the greatest that there is, taken at its word, would be counted up from in
 * every later life, and one far beyond all others would have room made for all in between.
 */
import type { Ballot, Token } from './identity.js';

/** No message raises a counter by more than this above the greatest known. */
export const mostRaised = 1e6;

/** Resource numbers are less: tables by resource are gone through from end to end now and then. */
export const mostResources = 16_777_216;

/** Addresses and rows are less: four bytes hold them. */
const mostRows = 2_147_483_648;

/** Starts of a resource are less: four bytes hold them beside a state. */
const mostStarts = 268_435_456;

/** Counts of lives, changes and messages are less, with room to go on counting. */
const mostCount = 281_474_976_710_656;

export function isResource(value: number): boolean {
  return value >= 0 && value < mostResources;
}

/** Whether it may be the number of an address or a row. */
export function isRow(value: number): boolean {
  return value >= 0 && value < mostRows;
}

export function isCount(value: number): boolean {
  return value < mostCount;
}

/** Whether a resource may be in that incarnation. */
export function isIncarnation(value: number): boolean {
  return value < mostStarts;
}

/** Whether a token may be given out under a ballot of which its bearer speaks. */
export function isUnder({ ballot, sequence }: Token, spoken: Ballot): boolean {
  return ballot.counter <= spoken.counter && isCount(ballot.incarnation) && isCount(sequence);
}

/**
 * How great a ballot can be believed. What lies too far above the greatest known is not, but each
 * time such a one is heard the limit rises: so nodes that were raised to different heights, a
 * little by each message, or that forgot what they knew, come together again.
 */
export class BallotHorizon {
  #counter = 0;

  /** @param known - the greatest ballot that the node has heard of */
  admits({ counter, incarnation }: Ballot, known: Ballot | null): boolean {
    const most = Math.max(this.#counter, known?.counter ?? 0) + mostRaised;
    if (counter <= most) return isCount(incarnation);
    this.#counter = Math.min(most, mostCount);
    return false;
  }
}
