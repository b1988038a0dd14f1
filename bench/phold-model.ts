import { quantile } from '../experiment/random/distributions.js';

/**
 * PHOLD (Fujimoto 1990) as a test of queues: so many events are pending, and each, when its time
 * comes, schedules one new event for a random receiver after an exponential delay. All sides
 * (`phold.ts`, `yardstick/`) do the same work and prove it by the same checksum.
 */
export interface PholdCase {
  readonly pending: number;
  /** Counted events, after `warmUp` others. */
  readonly events: number;
  readonly warmUp: number;
}

export interface PholdOutcome {
  readonly eventsPerSecond: number;
  /** Over the receivers of all events in order, warm-up included. */
  readonly checksum: number;
}

/** Mean delay: that of a 10 s timer. */
const MEAN_DELAY_US = 10_000_000;
const CELLS = 4096;

/** Quantiles of the delay in us: drawing is a look-up, so that the queue is what counts. */
export function delayTable(): Int32Array {
  const exponential = { kind: 'exponential', mean: MEAN_DELAY_US } as const;
  return Int32Array.from({ length: CELLS }, (_, cell) =>
    Math.floor(quantile(exponential, (cell + 0.5) / CELLS)),
  );
}

/** A small generator (mulberry32), the same in yardstick/phold.cpp. */
export class PholdRandom {
  private state = 12345;

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let z = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return (z ^ (z >>> 14)) >>> 0;
  }
}

/** The delay of a draw: a cell of the table and up to 65 ms more, so that few times are equal. */
export function delayOf(draw: number, delays: Int32Array): number {
  return delays[draw >>> 20] + (draw & 0xffff);
}

export function receiverOf(draw: number, pending: number): number {
  return (draw >>> 3) % pending;
}

export function addToChecksum(checksum: number, receiver: number): number {
  return (Math.imul(checksum, 31) + receiver) | 0;
}
