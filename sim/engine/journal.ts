/** A queue that keeps what was taken from it: for comparing two runs event by event. */
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

/** Passes everything on to the queue that it is put around. */
export class JournalQueue implements EventQueue {
  /** The loop that takes the events: it knows what they are. To be set before the first. */
  loop: EventLoop | null = null;
  private readonly inner: EventQueue;
  private kept: number[] = [];

  constructor(inner: EventQueue) {
    this.inner = inner;
  }

  get size(): number {
    return this.inner.size;
  }

  get time(): number {
    return this.inner.time;
  }

  get receiver(): number {
    return this.inner.receiver;
  }

  get sender(): number {
    return this.inner.sender;
  }

  get order(): number {
    return this.inner.order;
  }

  get slot(): number {
    return this.inner.slot;
  }

  get note(): number {
    return this.inner.note;
  }

  push(
    time: number, receiver: number, sender: number, order: number, slot: number, note: number,
  ): void {
    this.inner.push(time, receiver, sender, order, slot, note);
  }

  peekTime(): number {
    return this.inner.peekTime();
  }

  pop(): boolean {
    const popped = this.inner.pop();
    if (popped) this.keep();
    return popped;
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

  private keep(): void {
    const { inner, loop } = this;
    const { slot } = inner;
    const eventClass = slot < 0 ? TIMER : loop!.classOf(slot);
    const kind = slot < 0 ? inner.note & KIND_MASK : loop!.kindOf(slot);
    this.kept.push(inner.time, inner.receiver, inner.sender, inner.order, eventClass, kind);
  }
}
