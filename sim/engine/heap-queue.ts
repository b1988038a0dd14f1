import FastPriorityQueue from 'fastpriorityqueue';
import { EqualKeysError, type EventQueue } from './queue.js';

interface Event {
  readonly time: number;
  readonly receiver: number;
  readonly sender: number;
  readonly order: number;
  readonly slot: number;
  readonly note: number;
}

/**
 * The reference: a binary heap of plain objects, from a library that others use too. Slow, but
 * short enough to be seen to be right; `WheelQueue` must agree with it event by event.
 */
export class HeapQueue implements EventQueue {
  time = 0;
  receiver = 0;
  sender = 0;
  order = 0;
  slot = 0;
  note = 0;
  private readonly heap = new FastPriorityQueue<Event>(isBefore);

  get size(): number {
    return this.heap.size;
  }

  push(
    time: number, receiver: number, sender: number, order: number, slot: number, note: number,
  ): void {
    this.heap.add({ time, receiver, sender, order, slot, note });
  }

  pop(): boolean {
    const event = this.heap.poll();
    if (event === undefined) return false;
    this.time = event.time;
    this.receiver = event.receiver;
    this.sender = event.sender;
    this.order = event.order;
    this.slot = event.slot;
    this.note = event.note;
    const next = this.heap.peek();
    if (next !== undefined && !isBefore(event, next)) {
      throw new EqualKeysError(event.time, event.receiver, event.sender, event.order);
    }
    return true;
  }

  peekTime(): number {
    return this.heap.peek()?.time ?? Infinity;
  }
}

function isBefore(a: Event, b: Event): boolean {
  if (a.time !== b.time) return a.time < b.time;
  if (a.receiver !== b.receiver) return a.receiver < b.receiver;
  if (a.sender !== b.sender) return a.sender < b.sender;
  return a.order < b.order;
}
