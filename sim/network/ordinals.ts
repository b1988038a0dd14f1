/**
 * Counts alike messages (same sender, receiver and type) that are sent at the very same instant,
 * so that each has draws of its own. A hash table of one instant: leaving the instant empties it
 * by counting up the stamp that its entries must bear.
 */
export class InstantOrdinals {
  private readonly processes: number;
  private readonly types: number;
  private keys = new Float64Array(64);
  private stamps = new Int32Array(64);
  private counts = new Int32Array(64);
  private mask = 63;
  private stamp = 0;
  private timeUs = -1;
  private used = 0;

  /**
   * @param processes - how many there are: addresses are less
   * @param types - how many there are: their codes are less
   */
  constructor(processes: number, types: number) {
    this.processes = processes;
    this.types = types;
  }

  /** How many such messages were counted at `timeUs` before; times do not decrease. */
  next(timeUs: number, sender: number, receiver: number, type: number): number {
    if (timeUs !== this.timeUs) this.enter(timeUs);
    if (this.used * 2 > this.mask) this.grow();
    const key = (sender * this.processes + receiver) * this.types + type;
    const index = this.find(key);
    if (this.stamps[index] !== this.stamp) {
      this.stamps[index] = this.stamp;
      this.keys[index] = key;
      this.counts[index] = 1;
      this.used += 1;
      return 0;
    }
    const count = this.counts[index];
    this.counts[index] = count + 1;
    return count;
  }

  private enter(timeUs: number): void {
    this.timeUs = timeUs;
    this.used = 0;
    this.stamp = (this.stamp + 1) | 0;
    if (this.stamp === 0) {
      this.stamps.fill(0);
      this.stamp = 1;
    }
  }

  /** Where `key` is in this instant, or where it would go. */
  private find(key: number): number {
    const { stamps, keys, stamp, mask } = this;
    const mixed = Math.imul((key | 0) ^ Math.floor(key / 4294967296), 0x7feb352d);
    let index = (mixed ^ (mixed >>> 15)) & mask;
    while (stamps[index] === stamp && keys[index] !== key) index = (index + 1) & mask;
    return index;
  }

  private grow(): void {
    const { keys, stamps, counts, stamp } = this;
    const size = keys.length * 2;
    this.keys = new Float64Array(size);
    this.stamps = new Int32Array(size);
    this.counts = new Int32Array(size);
    this.mask = size - 1;
    for (let old = 0; old < keys.length; old += 1) {
      if (stamps[old] !== stamp) continue;
      const index = this.find(keys[old]);
      this.keys[index] = keys[old]!;
      this.stamps[index] = stamp;
      this.counts[index] = counts[old]!;
    }
  }
}
