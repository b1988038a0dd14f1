/**
 * How wide the buckets of the `WheelQueue` are and how many of them there are. All of it follows
 * from pending times and from counts, never from a clock, and none of it changes the order.
 */
import { powerOfTwo } from './power-of-two.js';
import type { RecordPool } from './record-pool.js';

/** 2^10 us, where nothing is known. */
export const DEFAULT_WIDTH_BITS = 10;
const MAX_WIDTH_BITS = 44;
const MIN_LENGTH_BITS = 6;
const MAX_LENGTH_BITS = 16;
const SAMPLES = 1024;

/**
 * How many events a bucket should hold when it is opened. Few are cheap to sort; but with many
 * pending, fewer and fuller buckets are better, because the places where pushes write then stay in
 * the cache. Measured: flat around the optimum, so a factor of 2 hardly matters.
 */
export function targetPerBucket(size: number): number {
  return Math.min(512, Math.max(8, Math.sqrt(size * Math.sqrt(size)) / 40));
}

/** Some of the pending times, in order. */
export function sampleTimes(pool: RecordPool, records: Int32Array): Float64Array {
  const step = Math.max(1, records.length / SAMPLES);
  const sample = new Float64Array(Math.floor(records.length / step));
  for (let i = 0; i < sample.length; i++) {
    sample[i] = pool.doubles[records[Math.floor(i * step)] * 4];
  }
  return sample.sort();
}

/**
 * The width that fits the density of the near events, as a power of two: the median of what the
 * earliest sixteenth, quarter and half of the pending events suggest, leaving out what lies in one
 * instant. So neither a burst nor a half that lies days ahead decides alone.
 */
export function chooseWidthBits(sample: Float64Array, size: number): number {
  const spacings = [1 / 16, 1 / 4, 1 / 2]
    .map((share) => Math.floor(sample.length * share))
    .map((index) => (sample[index] - sample[0]) / Math.max(1, index))
    .filter((spacing) => spacing > 0)
    .sort((a, b) => a - b);
  if (spacings.length === 0) return DEFAULT_WIDTH_BITS;
  const spacing = spacings[spacings.length >>> 1] * (sample.length / size);
  const width = spacing * targetPerBucket(size);
  let bits = 0;
  // The nearest power of two in ratio: 1.41 is the geometric mean of 1 and 2.
  while (bits < MAX_WIDTH_BITS && powerOfTwo(bits) * 1.41 < width) bits++;
  return bits;
}

/** The width, corrected by how many events and how many different instants buckets held. */
export function correctWidthBits(
  widthBits: number,
  target: number,
  eventsPerBucket: number,
  instantsPerBucket: number,
): number {
  let bits = widthBits;
  if (instantsPerBucket > 3 * target) {
    for (let n = instantsPerBucket; n > 1.41 * target && bits > 0; n /= 2) bits--;
  } else if (eventsPerBucket < target / 4) {
    for (let n = eventsPerBucket; n * 1.41 < target && bits < MAX_WIDTH_BITS; n *= 2) bits++;
  }
  return bits;
}

/**
 * The length of the finest ring: most of what is pending should lie within it, but it should not
 * have many more buckets than the pending events would fill.
 */
export function chooseLengthBits(
  sample: Float64Array,
  size: number,
  now: number,
  widthBits: number,
): number {
  const most = sample[Math.floor(sample.length * 0.95)];
  const enough = (8 * size) / targetPerBucket(size);
  let bits = MIN_LENGTH_BITS;
  while (
    powerOfTwo(bits) < enough &&
    bits < MAX_LENGTH_BITS &&
    now + powerOfTwo(bits + widthBits) < most
  ) {
    bits++;
  }
  return bits;
}
