/** A trace that begins anew whenever it is over. */
import type { OutageCursor } from './trace.js';

/**
 * Outages of the window [from, until), again and again, each lap later by the window's length. What
 * lasts beyond the window ends with it, and what touches the next lap's goes on in it.
 */
export class Laps implements OutageCursor {
  beginUs = 0;
  endUs = 0;
  private readonly inner: OutageCursor;
  private readonly fromUs: number;
  private readonly untilUs: number;
  /** Infinity: down for good. */
  private readonly lap: Float64Array;
  /** Whether the node had an outage in this lap: one that never has any is not asked for ever. */
  private readonly found: Uint8Array;
  /** The first of those that are read and not told yet; NaN: none. */
  private readonly heldBeginUs: Float64Array;
  private readonly heldEndUs: Float64Array;
  private pulledBeginUs = 0;
  private pulledEndUs = 0;

  constructor(inner: OutageCursor, nodes: number, fromUs: number, untilUs: number) {
    this.inner = inner;
    this.fromUs = fromUs;
    this.untilUs = untilUs;
    this.lap = new Float64Array(nodes);
    this.found = new Uint8Array(nodes);
    this.heldBeginUs = new Float64Array(nodes).fill(NaN);
    this.heldEndUs = new Float64Array(nodes);
  }

  next(node: number): boolean {
    if (Number.isNaN(this.heldBeginUs[node])) {
      if (!this.pull(node)) return false;
    } else {
      this.pulledBeginUs = this.heldBeginUs[node];
      this.pulledEndUs = this.heldEndUs[node];
    }
    const beginUs = this.pulledBeginUs;
    let endUs = this.pulledEndUs;
    this.heldBeginUs[node] = NaN;
    while (this.pull(node)) {
      if (this.pulledBeginUs > endUs) {
        this.heldBeginUs[node] = this.pulledBeginUs;
        this.heldEndUs[node] = this.pulledEndUs;
        break;
      }
      endUs = this.pulledEndUs;
      // Down for a whole lap, and so for all that follow.
      if (endUs - beginUs > 2 * (this.untilUs - this.fromUs)) {
        endUs = Infinity;
        this.lap[node] = Infinity;
        break;
      }
    }
    this.beginUs = beginUs;
    this.endUs = endUs;
    return true;
  }

  rewind(node: number): void {
    this.inner.rewind(node);
    this.lap[node] = 0;
    this.found[node] = 0;
    this.heldBeginUs[node] = NaN;
  }

  private pull(node: number): boolean {
    const { inner, fromUs, untilUs } = this;
    while (this.lap[node] < Infinity) {
      while (inner.next(node)) {
        if (inner.endUs <= fromUs) continue;
        if (inner.beginUs >= untilUs) break;
        const laterUs = this.lap[node] * (untilUs - fromUs);
        this.found[node] = 1;
        this.pulledBeginUs = Math.max(inner.beginUs, fromUs) + laterUs;
        this.pulledEndUs = Math.min(inner.endUs, untilUs) + laterUs;
        return true;
      }
      if (this.found[node] === 0) return false;
      this.found[node] = 0;
      this.lap[node] += 1;
      inner.rewind(node);
    }
    return false;
  }
}
