import { powerOfTwo } from './power-of-two.js';
import { needsChunk, type RecordPool } from './record-pool.js';

/**
 * A ring of buckets, each 2^widthBits microseconds wide: the one of a time is found by a
 * multiplication and a mask. A bucket's *unit* is the number of widths from time 0 to its start;
 * whoever uses the ring keeps all units in it within one length of the ring.
 */
export class BucketRing {
  readonly widthBits: number;
  /** Microseconds a bucket lasts. A power of two, so that units come out exactly. */
  readonly width: number;
  readonly unitsPerMicrosecond: number;
  /** Number of buckets, at least 32, a power of two; and that minus 1. */
  readonly length: number;
  readonly mask: number;
  /** Per bucket the cursor of its chain in the pool, 0 when it holds nothing. */
  readonly cursors: Int32Array;
  /** A bit per bucket: set when it holds something. */
  private readonly occupied: Int32Array;

  constructor(widthBits: number, lengthBits: number) {
    this.widthBits = widthBits;
    this.width = powerOfTwo(widthBits);
    this.unitsPerMicrosecond = 1 / this.width;
    this.length = 1 << lengthBits;
    this.mask = this.length - 1;
    this.cursors = new Int32Array(this.length);
    this.occupied = new Int32Array(this.length >>> 5);
  }

  unitOf(time: number): number {
    return Math.floor(time * this.unitsPerMicrosecond);
  }

  /** A new record's number, in the bucket of this time. */
  reserve(time: number, pool: RecordPool): number {
    const bucket = (time * this.unitsPerMicrosecond) & this.mask;
    let cursor = this.cursors[bucket];
    if (needsChunk(cursor)) cursor = this.extend(bucket, cursor, pool);
    this.cursors[bucket] = cursor + 1;
    return cursor;
  }

  /** A further chunk for a bucket that is full, or its first. */
  extend(bucket: number, cursor: number, pool: RecordPool): number {
    if (cursor === 0) this.occupied[bucket >>> 5] |= 1 << (bucket & 31);
    return pool.extend(cursor);
  }

  /** Empties the bucket of this unit; returns the cursor of the chain it held. */
  take(unit: number): number {
    const bucket = unit & this.mask;
    const cursor = this.cursors[bucket];
    this.cursors[bucket] = 0;
    this.occupied[bucket >>> 5] &= ~(1 << (bucket & 31));
    return cursor;
  }

  /** The first unit, from this one on, whose bucket holds something; Infinity when none does. */
  nextOccupied(unit: number): number {
    const occupied = this.occupied;
    const words = occupied.length;
    const first = unit & this.mask;
    let word = first >>> 5;
    let bits = occupied[word] & (-1 << (first & 31));
    // One step more than there are words: the first comes again for the bits below `first`.
    for (let step = 0; step <= words; step++) {
      if (bits !== 0) {
        const bucket = (word << 5) + 31 - Math.clz32(bits & -bits);
        return unit + ((bucket - first) & this.mask);
      }
      word = (word + 1) & (words - 1);
      bits = occupied[word];
    }
    return Infinity;
  }
}
