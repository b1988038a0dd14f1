import FastPriorityQueue from 'fastpriorityqueue';
import { cpuSeconds } from '../benchmark.js';
import {
  addToChecksum,
  delayOf,
  PholdRandom,
  receiverOf,
  type PholdCase,
  type PholdOutcome,
} from '../phold-model.js';

interface Event {
  readonly time: number;
  readonly receiver: number;
  readonly sender: number;
  readonly order: number;
  readonly action: () => void;
}

/**
 * PHOLD as one writes it without a thought: an object with a closure per event, in the fastest
 * well-known heap of the npm registry.
 */
export function pholdWithClosures(run: PholdCase, delays: Int32Array): PholdOutcome {
  const queue = new FastPriorityQueue<Event>(isBefore);
  const random = new PholdRandom();
  let order = 0;
  let checksum = 0;

  function schedule(time: number, receiver: number, sender: number): void {
    const action = (): void => {
      checksum = addToChecksum(checksum, receiver);
      const draw = random.next();
      schedule(time + delayOf(draw, delays), receiverOf(draw, run.pending), receiver);
    };
    queue.add({ time, receiver, sender, order: order++, action });
  }

  function step(): void {
    const event = queue.poll();
    if (event !== undefined) event.action();
  }

  for (let i = 0; i < run.pending; i++) schedule(delayOf(random.next(), delays), i, i);
  for (let i = 0; i < run.warmUp; i++) step();
  const start = cpuSeconds();
  for (let i = 0; i < run.events; i++) step();
  const seconds = cpuSeconds() - start;
  return { eventsPerSecond: run.events / seconds, checksum };
}

function isBefore(a: Event, b: Event): boolean {
  if (a.time !== b.time) return a.time < b.time;
  if (a.receiver !== b.receiver) return a.receiver < b.receiver;
  if (a.sender !== b.sender) return a.sender < b.sender;
  return a.order < b.order;
}
