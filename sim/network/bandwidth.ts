import type { Address } from '../../core/process.js';
import type { ImpairmentOf } from '../../experiment/impairment.js';

const BIT_US_PER_BYTE = 8e6;

/** The way out of each host: what it sends leaves one message after the other, in order. */
export class Bandwidth {
  /** By host: when all that it has sent so far is out, in microseconds and fractions. */
  private readonly freeUs: Float64Array;

  constructor(hosts: number) {
    this.freeUs = new Float64Array(hosts);
  }

  /**
   * Microseconds, and fractions, until the last bit of a message is out; -1 if there is no room for
   * it in the queue.
   */
  takes(
    { bitsPerSecond, queueUs }: ImpairmentOf<'bandwidth'>,
    sender: Address,
    bytes: number,
    nowUs: number,
  ): number {
    const startUs = Math.max(nowUs, this.freeUs[sender]);
    if (startUs - nowUs > queueUs) return -1;
    const endUs = startUs + (bytes * BIT_US_PER_BYTE) / bitsPerSecond;
    this.freeUs[sender] = endUs;
    return endUs - nowUs;
  }
}
