import { messageTypes } from '../../core/messages.js';
import type {
  ResourceHeartbeat, ResourceHeartbeatAnswer,
} from '../../core/coordination/messages.js';
import type { Address, Process } from '../../core/process.js';
import type { ResourceBehaviour } from '../../experiment/behaviour.js';
import { type EventLoop, MESSAGE } from '../engine/loop.js';
import type { EventsAhead } from '../engine/queue.js';
import type { SimEnvironment } from './environment.js';

/**
 * Reads of memory that an event will need. What they return is anything, and only there so that no
 * compiler leaves them out; they change nothing.
 */
export interface Reads {
  /** What an agent needs for a heartbeat of the resource, or an answer to one. */
  pointer(resource: number): number;
  /** What a manager of the same factory needs for a heartbeat. */
  heartbeat(manager: Process, message: ResourceHeartbeat): number;
}

/** What is looked at of a world: its tables by address, and its resources. */
export interface LookaheadOptions {
  readonly loop: EventLoop;
  readonly environment: SimEnvironment;
  readonly behaviour: ResourceBehaviour;
  readonly processes: readonly (Process | null)[];
  readonly status: Uint8Array;
  readonly lives: Int32Array;
  /** The addresses before are managers'. */
  readonly firstAgent: Address;
  readonly reads: Reads;
}

/** So many resources, with all that belongs to them, fit into a processor's own caches. */
export const cachedResources = 20_000;
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
  private readonly options: LookaheadOptions;
  private readonly receivers = new Int32Array(most);
  private readonly slots = new Int32Array(most);
  private count = 0;
  /** Resources with a timer of their agent's: nearly always their next heartbeat. */
  private readonly due = new Int32Array(most);
  /** Slots of the messages. */
  private readonly answers = new Int32Array(most);
  private readonly heartbeats = new Int32Array(most);
  /** Of the heartbeats. */
  private readonly managers = new Int32Array(most);
  /** What was read ends up here. */
  private sum = 0;

  constructor(options: LookaheadOptions) {
    this.options = options;
  }

  add(receiver: number, slot: number): void {
    const { count } = this;
    if (count === most || receiver === 0) return;
    this.receivers[count] = receiver - 1;
    this.slots[count] = slot;
    this.count = count + 1;
  }

  end(): void {
    const { loop, firstAgent } = this.options;
    const { receivers, slots, due, answers, heartbeats, managers } = this;
    this.readProcesses();
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

  private readProcesses(): void {
    const { loop, environment, processes, status, lives } = this.options;
    const { receivers, slots } = this;
    let sum = 0;
    for (let index = 0; index < this.count; index += 1) {
      const address = receivers[index];
      sum ^= loop.classOf(Math.max(slots[index], 0)) ^ (processes[address] === null ? 0 : 1) ^
        status[address] ^ lives[address] ^ environment.made(address);
    }
    this.sum ^= sum;
  }

  private readPointers(count: number): void {
    const { reads, behaviour } = this.options;
    const { due } = this;
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      sum ^= reads.pointer(due[index]) ^ behaviour.incarnation(due[index]);
    }
    this.sum ^= sum;
  }

  private readAnswers(count: number): void {
    const { loop, reads } = this.options;
    const { answers } = this;
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      const message = loop.messageOf(answers[index]) as ResourceHeartbeatAnswer;
      sum ^= reads.pointer(message.resource);
    }
    this.sum ^= sum;
  }

  private readHeartbeats(count: number): void {
    const { loop, reads, processes } = this.options;
    const { heartbeats, managers } = this;
    let sum = 0;
    for (let index = 0; index < count; index += 1) {
      const message = loop.messageOf(heartbeats[index]) as ResourceHeartbeat;
      const manager = processes[managers[index]];
      if (manager !== null) sum ^= reads.heartbeat(manager, message);
    }
    this.sum ^= sum;
  }
}
