import FastPriorityQueue from 'fastpriorityqueue';
import type { TimerId } from '../../core/process.js';
import type { Clock } from './clock.js';

interface Timer {
  readonly id: TimerId;
  readonly dueUs: number;
  readonly owner: number;
  readonly kind: number;
  readonly argument: number;
}

/** The longest that Node's own timers can wait is 2^31 ms; a look now and then costs nothing. */
const LONGEST_MS = 1e9;

/**
 * Timers in the order in which they are due, behind a single one of Node's. None fires early:
 * Node's own count whole milliseconds from a clock of their own, so each is checked against ours.
 */
export class TimerQueue {
  private readonly clock: Clock;
  private readonly onDue: (owner: number, kind: number, argument: number) => void;
  private readonly onFired: (dueUs: number, firedUs: number) => void;
  private readonly heap = new FastPriorityQueue<Timer>(isBefore);
  private readonly pending = new Set<TimerId>();
  private created = 0;
  private alarm: NodeJS.Timeout | null = null;
  private alarmUs = Infinity;
  private stopped = false;
  private paused = false;

  /** @param onFired - told of each timer, when it was due and when its turn came */
  constructor(
    clock: Clock, onDue: TimerQueue['onDue'], onFired: TimerQueue['onFired'] = () => {},
  ) {
    this.clock = clock;
    this.onDue = onDue;
    this.onFired = onFired;
  }

  set(dueUs: number, owner: number, kind: number, argument: number): TimerId {
    this.created += 1;
    const id = this.created;
    this.pending.add(id);
    this.heap.add({ id, dueUs, owner, kind, argument });
    if (dueUs < this.alarmUs) this.arm();
    return id;
  }

  cancel(id: TimerId): void {
    this.pending.delete(id);
  }

  /** None fires any more. */
  stop(): void {
    this.stopped = true;
    if (this.alarm !== null) clearTimeout(this.alarm);
  }

  /** None fires until {@link resume}. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.arm();
  }

  private arm(): void {
    if (this.alarm !== null) clearTimeout(this.alarm);
    this.alarm = null;
    const next = this.heap.peek();
    this.alarmUs = next?.dueUs ?? Infinity;
    if (next === undefined || this.stopped) return;
    const delayMs = Math.ceil((next.dueUs - this.clock.now()) / 1000);
    this.alarm = setTimeout(() => this.wake(), Math.min(LONGEST_MS, Math.max(0, delayMs)));
  }

  /** What has arrived comes first: after a stall of the machine there may be much of it. */
  private wake(): void {
    setImmediate(() => this.fire());
  }

  private fire(): void {
    if (this.paused) return;
    // What a timer sets anew for at once waits for the next round: sockets have their turn.
    const now = this.clock.now();
    const due: Timer[] = [];
    for (let next = this.heap.peek(); next !== undefined && next.dueUs <= now; ) {
      due.push(next);
      this.heap.poll();
      next = this.heap.peek();
    }
    for (const { id, dueUs, owner, kind, argument } of due) {
      if (this.stopped) return;
      if (!this.pending.delete(id)) continue;
      this.onFired(dueUs, this.clock.now());
      this.onDue(owner, kind, argument);
    }
    this.arm();
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueUs !== b.dueUs ? a.dueUs < b.dueUs : a.id < b.id;
}
