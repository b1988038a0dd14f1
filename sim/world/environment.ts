import type { Message } from '../../core/messages.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address, Environment, Random, Store, TimerId } from '../../core/process.js';
import { draw, type StreamKey } from '../../experiment/random/streams.js';
import type { EventLoop } from '../engine/loop.js';
import type { Network } from '../network/network.js';
import { HostStore } from './store.js';

/** What all environments of a world share. */
export interface EnvironmentContext {
  readonly loop: EventLoop;
  readonly network: Network;
  readonly sink: ObservationSink;
  readonly randomKey: StreamKey;
  /** Which life each process is in; timers of earlier ones do not fire. 0: not started yet. */
  readonly lives: Int32Array;
}

/**
 * What a process sees of the simulated world. There is one for each process, a million of them in
 * a big world, so it has few fields, is its own source of randomness, and makes a store only for
 * who asks for it. It outlives the process: a restarted one gets the same.
 */
export class SimEnvironment implements Environment, Random {
  readonly address: Address;
  private readonly context: EnvironmentContext;
  /** Counts messages and timers over all lives: part of the order of events. */
  private counter = 0;
  private ordinal = 0;
  private memory: HostStore | null = null;

  constructor(address: Address, context: EnvironmentContext) {
    this.address = address;
    this.context = context;
  }

  now(): number {
    return this.context.loop.now;
  }

  send(to: Address, message: Message): void {
    this.context.network.send(this.address, to, message, this.counter++);
  }

  setTimer(delay: number, kind: number, argument: number): TimerId {
    if (!(delay >= 0) || Math.floor(delay) !== delay) {
      throw new RangeError(`a timer's delay is a whole number of microseconds, not ${delay}`);
    }
    const { address } = this;
    const { loop, lives } = this.context;
    return loop.setTimer(address, delay, kind, argument, this.counter++, lives[address]);
  }

  cancelTimer(timer: TimerId): void {
    this.context.loop.cancelTimer(timer);
  }

  get random(): Random {
    return this;
  }

  /** The draws of this process, in turn; its restart does not begin them again. */
  next(): number {
    return draw(this.context.randomKey, this.address, this.ordinal++);
  }

  observe(observation: Observation): void {
    this.context.sink.observe(this.context.loop.now, this.address, observation);
  }

  get store(): Store {
    this.memory ??= new HostStore();
    return this.memory;
  }

  /** The host crashes. */
  loseUnsynced(): void {
    this.memory?.loseUnsynced();
  }
}
