import type { Address } from '../../core/process.js';
import type { ImpairmentOf } from '../../experiment/impairments/index.js';

const BIT_US_PER_BYTE = 8e6;

/** The way out of each host, or the way in: one message after the other, in order. */
export class Bandwidth {
  /** By host: when all so far will be through, in microseconds and fractions. */
  private readonly freeUs: Float64Array;

  constructor(hosts: number) {
    this.freeUs = new Float64Array(hosts);
  }

  /**
   * Microseconds, and fractions, until the last bit of a message is through; -1 if there is no room
   * for it in the queue.
   */
  takes(
    { bitsPerSecond, queueUs }: ImpairmentOf<'bandwidth'>,
    host: Address,
    bytes: number,
    nowUs: number,
  ): number {
    const startUs = Math.max(nowUs, this.freeUs[host]);
    if (startUs - nowUs > queueUs) return -1;
    const endUs = startUs + (bytes * BIT_US_PER_BYTE) / bitsPerSecond;
    this.freeUs[host] = endUs;
    return endUs - nowUs;
  }
}
