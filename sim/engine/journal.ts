/** The events of a run, kept: for comparing two runs event by event. */
import type { QueueListener } from './listened-queue.js';
import { CLASS, COPIES, type EventLoop, KIND_MASK, TIMER } from './loop.js';
import type { EventQueue } from './queue.js';

/** One event of a run; the world is -1, processes have their addresses. */
export interface JournalEvent {
  readonly timeUs: number;
  readonly receiver: number;
  readonly sender: number;
  /** MESSAGE, TIMER, WORLD of the loop, or another number for a timer that was cancelled. */
  readonly eventClass: number;
  /** Of a message the code of its type, of all else a number of its own. */
  readonly kind: number;
  /** Which event of its sender it is. */
  readonly counter: number;
  readonly copy: number;
}

/** Numbers that are kept of an event. */
const FIELDS = 6;

export class Journal implements QueueListener {
  /** The loop that takes the events: it knows what they are. To be set before the first. */
  loop: EventLoop | null = null;
  private kept: number[] = [];

  popped(queue: EventQueue): void {
    const { slot, time, receiver, sender, order, note } = queue;
    const eventClass = slot < 0 ? TIMER : this.loop!.classOf(slot);
    const kind = slot < 0 ? note & KIND_MASK : this.loop!.kindOf(slot);
    this.kept.push(time, receiver, sender, order, eventClass, kind);
  }

  /** Events that are kept. */
  get length(): number {
    return this.kept.length / FIELDS;
  }

  event(index: number): JournalEvent {
    const at = index * FIELDS;
    const [time, receiver, sender, order, eventClass, kind] = this.kept.slice(at, at + FIELDS);
    return {
      timeUs: time,
      receiver: receiver - 1,
      sender: sender - 1,
      eventClass,
      kind,
      counter: Math.floor((order % CLASS) / COPIES),
      copy: order % COPIES,
    };
  }

  /** Keeps none of what is kept so far. */
  forget(): void {
    this.kept = [];
  }
}
