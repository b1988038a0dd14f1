import {
  messageTypes, type ResourceHeartbeat, type ResourceHeartbeatAnswer,
} from '../../core/messages.js';
import type { Address } from '../../core/process.js';
import { type EventLoop, MESSAGE } from '../engine/loop.js';
import type { EventsAhead } from '../engine/queue.js';

/**
 * Reads of memory that an event will need. What they return is anything, and only there so that no
 * compiler leaves them out; they change nothing.
 */
export interface Reads {
  /** What an agent needs for a heartbeat of the resource, or an answer to one. */
  pointer(resource: number): number;
  /** What a manager needs for a heartbeat with that handle. */
  listing(manager: Address, handle: number): number;
}

/** So many events need as much as the nearer caches hold. */
const most = 1024;

const heartbeatCode = messageTypes.indexOf('resource-heartbeat');
const answerCode = messageTypes.indexOf('resource-heartbeat-answer');

/**
 * In a large system the rows that an event needs are in no cache, and the processor would wait for
 * one after the other; of places that it knows together it waits for many at once. So what the next
 * heartbeats and answers need is read ahead, sort by sort: in loops so plain that the processor
 * guesses their way right, and is a dozen reads further before the first has come.
 */
export class Lookahead implements EventsAhead {
  private readonly loop: EventLoop;
  private readonly firstAgent: Address;
  private readonly reads: Reads;
  private readonly ofProcess: (address: Address) => number;
  private readonly receivers = new Int32Array(most);
  private readonly slots = new Int32Array(most);
  private count = 0;
  /** Resources whose heartbeat is due. */
  private readonly due = new Int32Array(most);
  /** Slots of the messages. */
  private readonly answers = new Int32Array(most);
  private readonly heartbeats = new Int32Array(most);
  /** Of the heartbeats. */
  private readonly managers = new Int32Array(most);
  /** What was read ends up here. */
  private sum = 0;

  /**
   * @param firstAgent - the addresses before are managers'
   * @param ofProcess - reads what any event of a process needs
   */
  constructor(
    loop: EventLoop, firstAgent: Address, reads: Reads, ofProcess: (address: Address) => number,
  ) {
    this.loop = loop;
    this.firstAgent = firstAgent;
    this.reads = reads;
    this.ofProcess = ofProcess;
  }

  add(receiver: number, slot: number): void {
    const { count } = this;
    if (count === most || receiver === 0) return;
    this.receivers[count] = receiver - 1;
    this.slots[count] = slot;
    this.count = count + 1;
  }

  end(): void {
    const { loop, firstAgent, receivers, slots, due, answers, heartbeats, managers } = this;
    this.readSlots();
    let dueCount = 0;
    let answerCount = 0;
    let heartbeatCount = 0;
    for (let index = 0; index < this.count; index += 1) {
      const slot = slots[index];
      if (slot < 0) {
        if (receivers[index] >= firstAgent) due[dueCount++] = -1 - slot;
      } else if (loop.classOf(slot) === MESSAGE) {
        const code = loop.kindOf(slot);
        if (code === answerCode) answers[answerCount++] = slot;
        if (code === heartbeatCode) {
          managers[heartbeatCount] = receivers[index];
          heartbeats[heartbeatCount++] = slot;
        }
      }
    }
    this.count = 0;
    this.readPointers(dueCount);
    this.readAnswers(answerCount);
    this.readHeartbeats(heartbeatCount);
  }

  private readSlots(): void {
    const { loop, receivers, slots, ofProcess } = this;
    let sum = 0;
    for (let index = 0; index < this.count; index += 1) {
      sum ^= loop.classOf(Math.max(slots[index], 0)) ^ ofProcess(receivers[index]);
    }
    this.sum ^= sum;
  }

  private readPointers(count: number): void {
    const { reads, due } = this;
    let sum = 0;
    for (let index = 0; index < count; index += 1) sum ^= reads.pointer(due[index]);
    this.sum ^= sum;
  }

  private readAnswers(count: number): void {
    const { loop, reads, answers } = this;
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      const message = loop.messageOf(answers[index]) as ResourceHeartbeatAnswer;
      sum ^= reads.pointer(message.resource);
    }
    this.sum ^= sum;
  }

  private readHeartbeats(count: number): void {
    const { loop, reads, heartbeats, managers } = this;
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      const message = loop.messageOf(heartbeats[index]) as ResourceHeartbeat;
      sum ^= reads.listing(managers[index], message.handle);
    }
    this.sum ^= sum;
  }
}
