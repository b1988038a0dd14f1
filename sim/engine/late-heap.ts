import type { RecordPool } from './record-pool.js';

/**
 * A binary heap of record numbers in typed arrays, for the few events that are pushed into the
 * bucket which is just being drained. With a million at once it is slow, but not wrong.
 */
export class LateHeap {
  /** times[0] is the earliest, Infinity when there is none. */
  times = new Float64Array(64).fill(Infinity);
  records = new Int32Array(64);
  size = 0;

  get bytes(): number {
    return this.times.byteLength + this.records.byteLength;
  }

  push(time: number, record: number, pool: RecordPool): void {
    if (this.size === this.times.length) this.grow();
    const { times, records } = this;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const parentTime = times[parent];
      if (parentTime < time) break;
      if (parentTime === time && pool.compareInInstant(records[parent], record) <= 0) break;
      times[at] = parentTime;
      records[at] = records[parent];
      at = parent;
    }
    times[at] = time;
    records[at] = record;
  }

  /** Removes the earliest. */
  drop(pool: RecordPool): void {
    const { times, records } = this;
    const last = --this.size;
    const time = times[last];
    const record = records[last];
    times[last] = Infinity;
    if (last === 0) return;
    let at = 0;
    for (let child = 1; child < last; child = at * 2 + 1) {
      // times[last] is Infinity, so a right child that is not there is never the earlier one.
      const right = child + 1;
      if (
        times[right] < times[child] ||
        (times[right] === times[child] &&
          pool.compareInInstant(records[right], records[child]) < 0)
      ) {
        child = right;
      }
      if (times[child] > time) break;
      if (times[child] === time && pool.compareInInstant(records[child], record) >= 0) break;
      times[at] = times[child];
      records[at] = records[child];
      at = child;
    }
    times[at] = time;
    records[at] = record;
  }

  clear(): void {
    this.times.fill(Infinity, 0, this.size);
    this.size = 0;
  }

  private grow(): void {
    const times = new Float64Array(this.times.length * 2).fill(Infinity);
    times.set(this.times);
    const records = new Int32Array(times.length);
    records.set(this.records);
    this.times = times;
    this.records = records;
  }
}
