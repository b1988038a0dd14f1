import { BucketRing } from './bucket-ring.js';
import { LateHeap } from './late-heap.js';
import { EqualKeysError, type EventQueue, type EventsAhead } from './queue.js';
import { RecordPool, needsChunk } from './record-pool.js';
import { SortedRun } from './sorted-run.js';
import {
  DEFAULT_WIDTH_BITS,
  chooseLengthBits,
  chooseWidthBits,
  correctWidthBits,
  sampleTimes,
  targetPerBucket,
} from './wheel-tuning.js';

/** Buckets of a coarser ring, as a power of two. */
const COARSE_LENGTH_BITS = 8;
/** Times are below 2^53; one bit more leaves room for the ends of intervals. */
const TIME_BITS = 54;
const FIRST_LENGTH_BITS = 6;
/** Tuning is worth its while only every so many events. */
const TUNING_INTERVAL = 4096;
/** Below this it does not matter how many events there are. */
const SMALL_SIZE = 64;

/**
 * The default event queue: O(1) amortised at any size, whatever the mix of near and far events.
 *
 * Events are 32-byte records in typed arrays (`RecordPool`). Time is cut into buckets, and a ring
 * of them (`BucketRing`) covers the near future; rings of ever wider buckets cover the rest, up to
 * 2^53 us, and a wide bucket is dealt out to the finer rings when its time has come. Bitmaps of the
 * buckets that hold something make leaping over empty ones cheap.
 *
 * The earliest bucket of the finest ring is opened when it is needed: its times and record numbers
 * go into the run (`SortedRun`), which is sorted and then popped from the front. An event pushed
 * into time that is already open is *late*: it goes into a small heap (`LateHeap`) beside the run,
 * and `pop` takes the earlier of the two fronts. So most events cost one record written, one place
 * in a small sort, and one record read.
 *
 * The width of the buckets follows the events: it is chosen from a sample of the pending times when
 * their number has changed a lot, and corrected when the buckets that were opened held too many
 * different instants or too few events. That depends on the calls made and on nothing else, and the
 * order of events not even on them.
 */
export class WheelQueue implements EventQueue {
  time = 0;
  receiver = 0;
  sender = 0;
  order = 0;
  slot = 0;
  note = 0;
  size = 0;
  /** Is told of the events of each bucket that is opened. */
  ahead: EventsAhead | null = null;

  private pool = new RecordPool(0);
  /** The finest ring first. Each next one has a bucket for the whole length of the one before. */
  private rings: BucketRing[] = [];
  private ring: BucketRing;
  /** Time before this is open: its events are in the run or late. */
  private openEnd = 0;
  /** Events from here on belong to the coarser rings. */
  private ringEnd = 0;
  /** Start of the earliest bucket with something in it among the coarser rings. */
  private coarseStart = Infinity;
  private coarseRing: BucketRing;
  private run = new SortedRun();
  private late = new LateHeap();
  /** The records that are open: cursor of their chain, and of its oldest chunk alone. */
  private openCursor = 0;
  private openLast = 0;

  // What tuning goes by, all since the last one.
  private tunedSize = 0;
  private opened = 0;
  private events = 0;
  private lateInBucket = 0;
  private ties = 0;

  constructor() {
    this.ring = this.makeRings(DEFAULT_WIDTH_BITS, FIRST_LENGTH_BITS);
    this.coarseRing = this.ring;
    this.moveTo(0);
  }

  push(
    time: number, receiver: number, sender: number, order: number, slot: number, note: number,
  ): void {
    let record;
    if (time >= this.openEnd && time < this.ringEnd) {
      const ring = this.ring;
      const bucket = (time * ring.unitsPerMicrosecond) & ring.mask;
      record = ring.cursors[bucket];
      if (needsChunk(record)) record = ring.extend(bucket, record, this.pool);
      ring.cursors[bucket] = record + 1;
    } else {
      record = this.reserveElsewhere(time);
    }
    const { doubles, ints } = this.pool;
    doubles[record * 4] = time;
    doubles[record * 4 + 1] = order;
    ints[record * 8 + 4] = receiver;
    ints[record * 8 + 5] = sender;
    ints[record * 8 + 6] = slot;
    ints[record * 8 + 7] = note;
    this.size++;
    if (time < this.openEnd) this.late.push(time, record, this.pool);
  }

  pop(): boolean {
    const run = this.run;
    const head = run.head;
    const time = run.times[head];
    // An empty run shows Infinity, as the empty heap does: so this finds out that the run has an
    // event, that no late one may come before it, and that the next is not of the same instant.
    if (time >= this.late.times[0] || time === run.times[head + 1]) return this.popWithCare();
    run.head = head + 1;
    this.makeCurrent(run.records[head]);
    return true;
  }

  peekTime(): number {
    if (this.run.head === this.run.end && this.late.size === 0) this.open();
    return Math.min(this.run.times[this.run.head], this.late.times[0]);
  }

  /** Memory taken up by what the queue holds and has room for. */
  get bytes(): number {
    const rings = this.rings.reduce((sum, ring) => sum + ring.cursors.byteLength, 0);
    return this.pool.bytes + this.run.bytes + this.late.bytes + rings;
  }

  private makeCurrent(record: number): void {
    const { doubles, ints } = this.pool;
    this.time = doubles[record * 4];
    this.order = doubles[record * 4 + 1];
    this.receiver = ints[record * 8 + 4];
    this.sender = ints[record * 8 + 5];
    this.slot = ints[record * 8 + 6];
    this.note = ints[record * 8 + 7];
    this.size--;
  }

  /** `pop` when the run is used up, when a late event may be earlier, and when times are equal. */
  private popWithCare(): boolean {
    const { run, late, pool } = this;
    if (run.head === run.end && late.size === 0) return this.open() && this.pop();
    const fromRun = this.runIsFirst();
    const record = fromRun ? run.records[run.head++] : late.records[0];
    if (!fromRun) late.drop(pool);
    this.makeCurrent(record);
    if (this.time < run.times[run.head] && this.time < late.times[0]) return true;
    this.ties++;
    const next = this.runIsFirst() ? run.records[run.head] : late.records[0];
    if (pool.compareInInstant(record, next) === 0) {
      throw new EqualKeysError(this.time, this.receiver, this.sender, this.order);
    }
    return true;
  }

  /** Whether the run's first event comes before the first late one. One of them must be there. */
  private runIsFirst(): boolean {
    const { run, late } = this;
    const time = run.times[run.head];
    if (time !== late.times[0]) return time < late.times[0];
    return this.pool.compareInInstant(run.records[run.head], late.records[0]) < 0;
  }

  /** A record's number for a time that the finest ring does not cover. */
  private reserveElsewhere(time: number): number {
    if (time < this.openEnd) return this.reserveLate(time);
    for (let i = 1; ; i++) {
      const ring = this.rings[i];
      const unit = ring.unitOf(time);
      if (unit >= ring.unitOf(this.openEnd) + ring.length) continue;
      if (unit * ring.width < this.coarseStart) {
        this.coarseStart = unit * ring.width;
        this.coarseRing = ring;
      }
      return ring.reserve(time, this.pool);
    }
  }

  private reserveLate(time: number): number {
    this.lateInBucket++;
    if (this.lateInBucket > Math.max(TUNING_INTERVAL, 2 * this.size)) {
      // The bucket is far too wide, or its chunks, which come back only when it is used up, too
      // many. Afterwards this time may well not be open any more.
      this.correctWidth(true);
      if (time >= this.ringEnd) return this.reserveElsewhere(time);
      if (time >= this.openEnd) return this.ring.reserve(time, this.pool);
    }
    const cursor = this.openCursor;
    const record = needsChunk(cursor) ? this.pool.extend(cursor) : cursor;
    this.openCursor = record + 1;
    if (cursor === 0) this.openLast = this.openCursor;
    return record;
  }

  /** Opens the next bucket that holds something; false when nothing is pending. */
  private open(): boolean {
    if (this.openCursor !== 0) this.pool.recycle(this.openCursor, this.openLast);
    this.openCursor = 0;
    this.events += this.lateInBucket;
    this.lateInBucket = 0;
    if (this.size === 0) return false;
    this.tune();
    const ring = this.ring;
    let unit = ring.nextOccupied(this.openEnd * ring.unitsPerMicrosecond);
    while (unit * ring.width >= this.coarseStart) {
      this.dealOut();
      unit = ring.nextOccupied(this.openEnd * ring.unitsPerMicrosecond);
    }
    this.moveTo((unit + 1) * ring.width);
    this.load(ring.take(unit));
    return true;
  }

  private moveTo(openEnd: number): void {
    this.openEnd = openEnd;
    this.ringEnd = openEnd + this.ring.length * this.ring.width;
  }

  /** Brings a bucket's chain into the run, in order. */
  private load(chain: number): void {
    const { pool, run } = this;
    let count = 0;
    this.openCursor = chain;
    for (let cursor = chain; cursor !== 0; cursor = pool.older(cursor)) {
      const from = pool.newestStart(cursor);
      run.makeRoom(count + cursor - from);
      const { times, records } = run;
      const doubles = pool.doubles;
      for (let record = from; record < cursor; record++) {
        times[count] = doubles[record * 4];
        records[count++] = record;
      }
      this.openLast = cursor;
    }
    run.sort(count, pool);
    if (this.ahead !== null) this.tellAhead(this.ahead, count);
    this.opened++;
    this.events += count;
  }

  private tellAhead(ahead: EventsAhead, count: number): void {
    const { records } = this.run;
    const { ints } = this.pool;
    for (let index = 0; index < count; index++) {
      const at = records[index] * 8;
      ahead.add(ints[at + 4], ints[at + 6]);
    }
    ahead.end();
  }

  /** Deals the earliest bucket of the coarser rings out to finer ones. */
  private dealOut(): void {
    const { pool, coarseRing } = this;
    const chain = coarseRing.take(this.coarseStart * coarseRing.unitsPerMicrosecond);
    this.moveTo(this.coarseStart);
    let last = 0;
    for (let cursor = chain; cursor !== 0; cursor = pool.older(cursor)) {
      for (let record = pool.newestStart(cursor); record < cursor; record++) {
        this.place(pool, record);
      }
      last = cursor;
    }
    pool.recycle(chain, last);
    this.findCoarseStart();
  }

  /** Puts a copy of a record, of this pool or a former one, where it belongs now. */
  private place(source: RecordPool, record: number): void {
    const time = source.doubles[record * 4];
    const to =
      time < this.ringEnd ? this.ring.reserve(time, this.pool) : this.reserveElsewhere(time);
    this.pool.copy(source.ints, record, to);
  }

  private findCoarseStart(): void {
    this.coarseStart = Infinity;
    for (let i = 1; i < this.rings.length; i++) {
      const ring = this.rings[i];
      const unit = ring.nextOccupied(Math.ceil(this.openEnd * ring.unitsPerMicrosecond));
      if (unit * ring.width >= this.coarseStart) continue;
      this.coarseStart = unit * ring.width;
      this.coarseRing = ring;
    }
  }

  private tune(): void {
    const { tunedSize } = this;
    const size = Math.max(this.size, SMALL_SIZE);
    if (size > 4 * tunedSize || size * 8 < tunedSize) this.rebuild(undefined);
    else if (this.events > Math.max(TUNING_INTERVAL, 2 * size)) this.correctWidth(false);
  }

  /** Changes the width of the buckets if those opened since the last time were badly filled. */
  private correctWidth(rebuildAnyhow: boolean): void {
    const target = targetPerBucket(this.size);
    const events = this.events + this.lateInBucket;
    const opened = Math.max(1, this.opened);
    const instants = (events - this.ties) / opened;
    const bits = correctWidthBits(this.ring.widthBits, target, events / opened, instants);
    if (rebuildAnyhow || bits !== this.ring.widthBits) this.rebuild(bits);
    else this.startCounting();
  }

  private startCounting(): void {
    this.events = 0;
    this.opened = 0;
    this.ties = 0;
  }

  /** Lays everything pending out anew, in buckets of 2^widthBits us or of what seems best. */
  private rebuild(widthBits: number | undefined): void {
    const records = this.pendingRecords();
    const former = this.pool;
    const sample = sampleTimes(former, records);
    const bits = widthBits ?? chooseWidthBits(sample, records.length);
    this.pool = new RecordPool(records.length);
    this.ring = this.makeRings(bits, chooseLengthBits(sample, records.length, this.time, bits));
    this.run.clear();
    this.late.clear();
    this.openCursor = 0;
    this.lateInBucket = 0;
    this.moveTo(this.ring.unitOf(this.time) * this.ring.width);
    this.coarseStart = Infinity;
    for (const record of records) this.place(former, record);
    this.tunedSize = Math.max(this.size, SMALL_SIZE);
    this.startCounting();
  }

  /** The numbers of all pending records, in no particular order. */
  private pendingRecords(): Int32Array {
    const { pool, run, late, rings } = this;
    const records = new Int32Array(this.size);
    records.set(run.records.subarray(run.head, run.end));
    records.set(late.records.subarray(0, late.size), run.end - run.head);
    let count = run.end - run.head + late.size;
    for (const ring of rings) {
      for (const chain of ring.cursors) {
        for (let cursor = chain; cursor !== 0; cursor = pool.older(cursor)) {
          for (let record = pool.newestStart(cursor); record < cursor; record++) {
            records[count++] = record;
          }
        }
      }
    }
    return records;
  }

  private makeRings(widthBits: number, lengthBits: number): BucketRing {
    const finest = new BucketRing(widthBits, lengthBits);
    this.rings = [finest];
    for (let bits = widthBits + lengthBits; bits < TIME_BITS; bits += COARSE_LENGTH_BITS) {
      this.rings.push(new BucketRing(bits, COARSE_LENGTH_BITS));
    }
    return finest;
  }
}
