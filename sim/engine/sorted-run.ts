import type { RecordPool } from './record-pool.js';

/** Up to here insertion sort alone is fastest. */
const SMALL = 24;
/** Fields of the key as `RecordPool.field` numbers them: time, receiver, sender, order. */
const TIME = 0;
const LAST_FIELD = 3;

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
  private bins = new Int32Array(64);

  get bytes(): number {
    return 2 * (this.times.byteLength + this.records.byteLength) + this.bins.byteLength;
  }

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
    this.bins = new Int32Array(capacity);
  }

  /** Sorts the first `count` entries. */
  sort(count: number, pool: RecordPool): void {
    this.head = 0;
    this.end = count;
    this.sortRange(0, count, TIME, pool);
    this.times[count] = Infinity;
  }

  /**
   * Sorts a range by the field that `times` holds in it, and by those behind it. Linear for all
   * practical purposes: the entries are dealt to as many bins as there are entries, after which
   * hardly any is far from its place. Where many share a bin they are dealt again, and where they
   * share the value, such as the one time of a burst, the next field takes its turn.
   */
  private sortRange(from: number, end: number, field: number, pool: RecordPool): void {
    if (end - from <= SMALL) {
      insertionSort(this.times, this.records, from, end, pool);
      return;
    }
    const { times } = this;
    let low = times[from];
    let high = low;
    for (let i = from + 1; i < end; i++) {
      const value = times[i];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low === high) this.sortByNextField(from, end, field, pool);
    else if (this.deal(from, end, low, high)) insertionSort(times, this.records, from, end, pool);
    else this.sortBins(from, end, low, high, field, pool);
  }

  /**
   * Deals a range to its bins, in place by way of the spare arrays.
   *
   * @returns false when so many entries share a bin that insertion sort would be slow
   */
  private deal(from: number, end: number, low: number, high: number): boolean {
    const { times, records, bins, spareTimes, spareRecords } = this;
    const count = end - from;
    const scale = binScale(count, low, high);
    bins.fill(0, 0, count);
    for (let i = from; i < end; i++) {
      const value = times[i];
      spareTimes[i] = value;
      spareRecords[i] = records[i];
      bins[((value - low) * scale) | 0]++;
    }
    let most = 0;
    let start = from;
    for (let bin = 0; bin < count; bin++) {
      const inBin = bins[bin];
      if (inBin > most) most = inBin;
      bins[bin] = start;
      start += inBin;
    }
    for (let i = from; i < end; i++) {
      const value = spareTimes[i];
      const to = bins[((value - low) * scale) | 0]++;
      times[to] = value;
      records[to] = spareRecords[i];
    }
    return most <= SMALL;
  }

  /** Sorts each bin of a range that was dealt, whose values reach from low to high. */
  private sortBins(
    from: number,
    end: number,
    low: number,
    high: number,
    field: number,
    pool: RecordPool,
  ): void {
    const { times } = this;
    const scale = binScale(end - from, low, high);
    for (let start = from; start < end; ) {
      const bin = ((times[start] - low) * scale) | 0;
      let next = start + 1;
      while (next < end && (((times[next] - low) * scale) | 0) === bin) next++;
      if (next - start > 1) this.sortRange(start, next, field, pool);
      start = next;
    }
  }

  /** Sorts a range of equal values by the fields behind this one. */
  private sortByNextField(from: number, end: number, field: number, pool: RecordPool): void {
    if (field === LAST_FIELD) return;
    const { times, records } = this;
    const value = times[from];
    for (let i = from; i < end; i++) times[i] = pool.field(records[i], field + 1);
    this.sortRange(from, end, field + 1, pool);
    times.fill(value, from, end);
  }
}

/** Values from low to high come to bins 0 to count - 1, each of the two ends to its own. */
function binScale(count: number, low: number, high: number): number {
  return (count - 1) / (high - low);
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
