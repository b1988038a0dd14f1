import type { RecordPool } from './record-pool.js';

/** Up to here insertion sort alone is fastest. */
const SMALL = 24;
/** Of a run spread over as many bins as it has events: more than this in one bin is uneven. */
const UNEVEN = 32;

/**
 * The open bucket: times and numbers of its records, in order from `head` on. An Infinity behind
 * the last time spares the reader a test for the end.
 */
export class SortedRun {
  times = new Float64Array(64).fill(Infinity);
  records = new Int32Array(64);
  head = 0;
  end = 0;
  private spareTimes = new Float64Array(64);
  private spareRecords = new Int32Array(64);
  private bins = new Int32Array(65);

  clear(): void {
    this.head = 0;
    this.end = 0;
    this.times[0] = Infinity;
  }

  /** Makes room for so many entries and the closing Infinity, keeping what is there. */
  makeRoom(count: number): void {
    if (count < this.times.length) return;
    let capacity = this.times.length * 2;
    while (capacity <= count) capacity *= 2;
    const { times, records } = this;
    this.times = new Float64Array(capacity);
    this.times.set(times);
    this.records = new Int32Array(capacity);
    this.records.set(records);
    this.spareTimes = new Float64Array(capacity);
    this.spareRecords = new Int32Array(capacity);
    this.bins = new Int32Array(capacity + 1);
  }

  /** Sorts the first `count` entries, whose times lie within `width` from `start` on. */
  sort(count: number, start: number, width: number, pool: RecordPool): void {
    this.head = 0;
    this.end = count;
    const even = count <= SMALL || this.spread(count, start, width);
    if (even) insertionSort(this.times, this.records, 0, count, pool);
    else this.mergeSort(count, pool);
    this.times[count] = Infinity;
  }

  /**
   * Deals the entries to as many bins as there are entries, by time, so that hardly any is far from
   * its place afterwards: linear, where sorting by comparison is not.
   *
   * @returns false when the times are too uneven for that
   */
  private spread(count: number, start: number, width: number): boolean {
    const { times, records, bins, spareTimes, spareRecords } = this;
    const binsPerMicrosecond = count / width;
    bins.fill(0, 0, count + 1);
    for (let i = 0; i < count; i++) bins[((times[i] - start) * binsPerMicrosecond) | 0]++;
    let from = 0;
    for (let bin = 0; bin < count; bin++) {
      const inBin = bins[bin];
      if (inBin > UNEVEN) return false;
      bins[bin] = from;
      from += inBin;
    }
    for (let i = 0; i < count; i++) {
      const time = times[i];
      const to = bins[((time - start) * binsPerMicrosecond) | 0]++;
      spareTimes[to] = time;
      spareRecords[to] = records[i];
    }
    this.swap();
    return true;
  }

  /** For runs with many events in few instants. Blocks sorted by insertion, merged pairwise. */
  private mergeSort(count: number, pool: RecordPool): void {
    for (let from = 0; from < count; from += SMALL) {
      insertionSort(this.times, this.records, from, Math.min(from + SMALL, count), pool);
    }
    for (let width = SMALL; width < count; width *= 2) {
      for (let from = 0; from < count; from += 2 * width) {
        const middle = Math.min(from + width, count);
        this.merge(from, middle, Math.min(middle + width, count), pool);
      }
      this.swap();
    }
  }

  private merge(from: number, middle: number, end: number, pool: RecordPool): void {
    const { times, records, spareTimes, spareRecords } = this;
    let left = from;
    let right = middle;
    for (let to = from; to < end; to++) {
      const takeLeft =
        right === end ||
        (left < middle &&
          (times[left] < times[right] ||
            (times[left] === times[right] &&
              pool.compareInInstant(records[left], records[right]) <= 0)));
      const taken = takeLeft ? left++ : right++;
      spareTimes[to] = times[taken];
      spareRecords[to] = records[taken];
    }
  }

  private swap(): void {
    const { times, records } = this;
    this.times = this.spareTimes;
    this.records = this.spareRecords;
    this.spareTimes = times;
    this.spareRecords = records;
  }
}

function insertionSort(
  times: Float64Array,
  records: Int32Array,
  from: number,
  end: number,
  pool: RecordPool,
): void {
  for (let i = from + 1; i < end; i++) {
    const time = times[i];
    let at = i - 1;
    // Most entries are near their place. Ties are rare: they are settled behind the first test.
    if (times[at] < time) continue;
    const record = records[i];
    while (at >= from) {
      const before = times[at];
      if (before < time) break;
      if (before === time && pool.compareInInstant(records[at], record) < 0) break;
      times[at + 1] = before;
      records[at + 1] = records[at];
      at--;
    }
    times[at + 1] = time;
    records[at + 1] = record;
  }
}
