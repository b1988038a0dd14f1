/** Which runs a sweep still needs: the whole grid at once, or ever more until it is precise. */
import { meanInterval } from '../../analysis/statistics/mean.js';
import type { Precision } from '../../experiment/sweep/index.js';

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
  private readonly precision: Precision | null;
  private readonly measured = new Map<number, (number | null)[]>();
  /** Replications wanted so far, per cell of this shard. */
  private readonly wanted = new Map<number, number>();
  private readonly ended = new Map<number, number>();

  /** Slots of the design that are wanted from the start. */
  readonly first: readonly Slot[];

  constructor(cells: number, replications: number | Precision, shard: Shard | null) {
    this.precision = typeof replications === 'number' ? null : replications;
    const start = typeof replications === 'number' ? replications : replications.min;
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

  /** At least so many replications the cell will have. */
  planned(cell: number): number {
    return this.wanted.get(cell) ?? 0;
  }

  /**
   * A run has ended, with this value of the measure (null: it has none, or the run crashed).
   * Returns the slots that are wanted therefore.
   */
  end({ cell, replication }: Slot, value: number | null): readonly Slot[] {
    if (this.precision === null) return [];
    const values = this.measured.get(cell) ?? [];
    values[replication - 1] = value;
    this.measured.set(cell, values);
    const ended = (this.ended.get(cell) ?? 0) + 1;
    this.ended.set(cell, ended);
    const before = this.planned(cell);
    if (ended < before) return [];
    const after = enough(values, before, this.precision);
    this.wanted.set(cell, after);
    return Array.from({ length: after - before }, (_, index) => ({
      cell,
      replication: before + index + 1,
    }));
  }
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
