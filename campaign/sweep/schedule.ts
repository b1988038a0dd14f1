/** Which runs a sweep still needs: the whole grid at once, or ever more until it is precise. */
import { meanInterval } from '../../analysis/statistics/mean.js';
import {
  extentOf, type Precision, type Replications, type Sequential,
} from '../../experiment/sweep/index.js';

/** A cell of the grid, by index, and a replication, counted from 1. */
export interface Slot {
  readonly cell: number;
  readonly replication: number;
}

export interface Shard {
  /** Counted from 1. */
  readonly index: number;
  readonly count: number;
}

/**
 * What is wanted depends on nothing but results, so the same runs are made whatever the number of
 * jobs and in whatever order they end.
 */
export class Schedule {
  private readonly precision: Precision | Sequential | null;
  /** By cell and replication, of each measure in turn. */
  private readonly measured = new Map<number, (readonly (number | null)[])[]>();
  /** Replications wanted so far, per cell of this shard. */
  private readonly wanted = new Map<number, number>();
  private readonly ended = new Map<number, number>();

  /** Slots of the design that are wanted from the start. */
  readonly first: readonly Slot[];

  constructor(cells: number, replications: Replications, shard: Shard | null) {
    this.precision = typeof replications === 'number' ? null : replications;
    const start = extentOf(replications).min;
    const slots: Slot[] = [];
    for (let cell = 0; cell < cells; cell += 1) {
      for (let replication = 1; replication <= start; replication += 1) {
        const place = this.precision ? cell : cell * start + replication - 1;
        if (shard && place % shard.count !== shard.index - 1) continue;
        slots.push({ cell, replication });
        this.wanted.set(cell, start);
      }
    }
    this.first = slots;
  }

  /**
   * A run has ended, with these values of the measures (null: it has none, or the run crashed).
   * Returns the slots that are wanted therefore.
   */
  end({ cell, replication }: Slot, value: readonly (number | null)[]): readonly Slot[] {
    if (this.precision === null) return [];
    const values = this.measured.get(cell) ?? [];
    values[replication - 1] = value;
    this.measured.set(cell, values);
    const ended = (this.ended.get(cell) ?? 0) + 1;
    this.ended.set(cell, ended);
    const before = this.wanted.get(cell) ?? 0;
    if (ended < before) return [];
    const { precision } = this;
    const after = 'batch' in precision
      ? batches(values, before, precision)
      : enough(values.map(([one]) => one), before, precision);
    this.wanted.set(cell, after);
    return Array.from({ length: after - before }, (_, index) => ({
      cell,
      replication: before + index + 1,
    }));
  }
}

/** One batch more, unless all measures are known well enough by the `count` replications. */
function batches(
  values: readonly (readonly (number | null)[])[],
  count: number,
  { measures, confidence, batch, max }: Sequential,
): number {
  const known = measures.every(({ halfWidth, relative }, index) => {
    const own = values.map((row) => row[index]).filter((value) => value !== null);
    const interval = meanInterval(own, confidence);
    const target = relative ? halfWidth * Math.abs(interval?.mean ?? 0) : halfWidth;
    return (interval?.halfWidth ?? Infinity) <= target;
  });
  return known ? count : Math.min(max, count + batch);
}

/**
 * How many replications seem to be enough, judged by the `count` there are: the half-width shrinks
 * as one over the square root of their number. Never more than twice as many, since few
 * replications tell little about the spread.
 */
function enough(values: readonly (number | null)[], count: number, precision: Precision): number {
  const { halfWidth, relative, confidence, max } = precision;
  const known = values.filter((value) => value !== null);
  const interval = meanInterval(known, confidence);
  const reached = interval?.halfWidth ?? Infinity;
  const target = relative ? halfWidth * Math.abs(interval?.mean ?? 0) : halfWidth;
  if (reached <= target || count >= max) return count;
  const shrink = reached / target;
  const needed = Math.ceil(known.length * shrink * shrink) + count - known.length;
  // Nothing measured, or a mean of zero, gives no hint.
  const hint = Number.isFinite(needed) ? Math.max(count + 1, needed) : 2 * count;
  return Math.min(max, 2 * count, hint);
}
