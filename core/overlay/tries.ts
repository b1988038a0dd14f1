/**
 * How often a node is asked before it is taken for dead. Who was heard since the last try may have
 * come back after it, and lives: it is asked anew, in a round that ends as if it had begun then.
 */

/** A probe or hop is sent so often. */
export const tries = 2;

/** How often something was asked. A class: objects that are spread are slow to make and change. */
export class Asked {
  attempt = 0;
  /** Given up after so many attempts. */
  most: number;
  isSecondRound = false;
  sentUs = -Infinity;

  constructor(most: number) {
    this.most = most;
  }
}

/**
 * How long the next try waits for an answer; null: it has been asked often enough.
 *
 * @param heardUs - when it was last heard, by the same clock
 */
export function nextWaitUs(
  one: Asked, heardUs: number, nowUs: number, hopTimeoutUs: number,
): number | null {
  if (one.attempt < one.most) return hopTimeoutUs;
  if (one.isSecondRound || heardUs <= one.sentUs) return null;
  one.isSecondRound = true;
  one.most += tries;
  // A clock that was set meanwhile tells nothing.
  return Math.min(hopTimeoutUs, Math.max(0, heardUs + hopTimeoutUs - nowUs));
}
