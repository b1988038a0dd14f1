/** Records in a chunk, as a power of two: a small bucket fits one chunk, a large one fills many. */
const CHUNK_BITS = 4;
const CHUNK_RECORDS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_RECORDS - 1;
const FIRST_CHUNKS = 64;

/** A cursor that is full, or empty, needs a chunk before the next record. */
export function needsChunk(cursor: number): boolean {
  return (cursor & CHUNK_MASK) === 0;
}

/**
 * Storage of event records, without an object per event: 32 bytes each, in two views of one
 * buffer. Record r has its time and order at doubles[4r] and [4r + 1], and its receiver, sender
 * and slot at ints[8r + 4], [8r + 5] and [8r + 6].
 *
 * Records come in chunks, and chunks in chains, so that what is in a bucket lies together and can
 * be read at the speed of memory. A chain is known by its *cursor*: the number of the record that
 * would come next in its newest chunk. 0 means an empty chain, a multiple of the chunk's length
 * that the newest chunk is full; all older chunks are full anyway.
 */
export class RecordPool {
  doubles: Float64Array;
  ints: Int32Array;
  /** Of a chunk in a chain: the next older chunk, 0 for none. Of a free one: the next free. */
  private links: Int32Array;
  private freeChunk = 0;
  /** Chunks from here on were never used. Chunk 0 stays unused, so that 0 can mean none. */
  private untouched = 1;

  /** With room for about so many records, until it grows. */
  constructor(records: number) {
    // A quarter more: the newest chunk of each chain is half empty on average.
    const chunks = FIRST_CHUNKS + (Math.floor(records * 1.25) >>> CHUNK_BITS);
    const buffer = new ArrayBuffer(chunks * CHUNK_RECORDS * 32);
    this.doubles = new Float64Array(buffer);
    this.ints = new Int32Array(buffer);
    this.links = new Int32Array(chunks);
  }

  get bytes(): number {
    return this.ints.byteLength + this.links.byteLength;
  }

  /** Adds a chunk to the chain that `cursor` stands for; returns the new cursor. */
  extend(cursor: number): number {
    let chunk = this.freeChunk;
    if (chunk !== 0) {
      this.freeChunk = this.links[chunk];
    } else {
      if (this.untouched === this.links.length) this.grow();
      chunk = this.untouched++;
    }
    this.links[chunk] = cursor === 0 ? 0 : chunkOf(cursor);
    return chunk << CHUNK_BITS;
  }

  /** First record of the newest chunk of a chain that is not empty. */
  newestStart(cursor: number): number {
    return chunkOf(cursor) << CHUNK_BITS;
  }

  /** Cursor of the same chain without its newest chunk. */
  older(cursor: number): number {
    const chunk = this.links[chunkOf(cursor)];
    return chunk === 0 ? 0 : (chunk + 1) << CHUNK_BITS;
  }

  /** Takes back the chunks of a chain, `last` being the cursor of its oldest chunk alone. */
  recycle(cursor: number, last: number): void {
    this.links[chunkOf(last)] = this.freeChunk;
    this.freeChunk = chunkOf(cursor);
  }

  /** Copies a record of this pool or another one. */
  copy(source: Int32Array, from: number, to: number): void {
    const ints = this.ints;
    const f = from * 8;
    const t = to * 8;
    // As integers: a copy as doubles might not keep every pattern of bits.
    ints[t] = source[f];
    ints[t + 1] = source[f + 1];
    ints[t + 2] = source[f + 2];
    ints[t + 3] = source[f + 3];
    ints[t + 4] = source[f + 4];
    ints[t + 5] = source[f + 5];
    ints[t + 6] = source[f + 6];
    ints[t + 7] = source[f + 7];
  }

  /** Order of two records of the same time: < 0 when a comes first, 0 when their keys are equal. */
  compareInInstant(a: number, b: number): number {
    const ints = this.ints;
    const receivers = ints[a * 8 + 4] - ints[b * 8 + 4];
    if (receivers !== 0) return receivers;
    const senders = ints[a * 8 + 5] - ints[b * 8 + 5];
    if (senders !== 0) return senders;
    return this.doubles[a * 4 + 1] - this.doubles[b * 4 + 1];
  }

  /** A field of a record's key: 0 time, 1 receiver, 2 sender, 3 order. */
  field(record: number, field: number): number {
    if (field === 0) return this.doubles[record * 4];
    if (field === 1) return this.ints[record * 8 + 4];
    if (field === 2) return this.ints[record * 8 + 5];
    return this.doubles[record * 4 + 1];
  }

  private grow(): void {
    const chunks = Math.floor(this.links.length * 1.5);
    const buffer = new ArrayBuffer(chunks * CHUNK_RECORDS * 32);
    const ints = new Int32Array(buffer);
    ints.set(this.ints);
    const links = new Int32Array(chunks);
    links.set(this.links);
    this.doubles = new Float64Array(buffer);
    this.ints = ints;
    this.links = links;
  }
}

/** The chunk that a chain's cursor is in: just behind its end, when it is full. */
function chunkOf(cursor: number): number {
  return (cursor - 1) >>> CHUNK_BITS;
}
