import type { EventQueue } from './queue.js';

/** Who wants to know what comes out of a queue. */
export interface QueueListener {
  /** The event has become the current one of `queue`. */
  popped(queue: EventQueue): void;
}

/** Passes everything on to the queue that it is put around, and tells a listener of it. */
export class ListenedQueue implements EventQueue {
  private readonly inner: EventQueue;
  private readonly listener: QueueListener;

  constructor(inner: EventQueue, listener: QueueListener) {
    this.inner = inner;
    this.listener = listener;
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
    if (popped) this.listener.popped(this.inner);
    return popped;
  }
}
