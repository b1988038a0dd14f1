import type { Message } from '../../core/wire/record.js';
import type { Observation } from '../../core/observations.js';
import {
  checkDelay, type Address, type Environment, type Random, type Store, type TimerId,
} from '../../core/process.js';
import type { Port } from '../../core/transport.js';
import type { TimerQueue } from './timers.js';

/** What one life of a node has of the real world. */
export interface Surroundings {
  /** The time of what it handles. */
  now(): number;
  readonly port: Port;
  readonly random: Random;
  readonly store: Store;
  readonly timers: TimerQueue;
  observe(observation: Observation): void;
  /** The node has nothing left to do. */
  exit(): void;
}

/** What a node sees of the real world. */
export class LiveEnvironment implements Environment {
  readonly address: Address;
  readonly random: Random;
  readonly store: Store;
  private readonly surroundings: Surroundings;

  constructor(address: Address, surroundings: Surroundings) {
    this.address = address;
    this.random = surroundings.random;
    this.store = surroundings.store;
    this.surroundings = surroundings;
  }

  now(): number {
    return this.surroundings.now();
  }

  send(to: Address, message: Message): void {
    this.surroundings.port.send(to, message);
  }

  setTimer(delay: number, kind: number, argument: number): TimerId {
    checkDelay(delay);
    return this.surroundings.timers.set(this.now() + delay, this.address, kind, argument);
  }

  after(delay: number, kind: number, argument: number): void {
    this.setTimer(delay, kind, argument);
  }

  cancelTimer(timer: TimerId): void {
    this.surroundings.timers.cancel(timer);
  }

  observe(observation: Observation): void {
    this.surroundings.observe(observation);
  }

  exit(): void {
    this.surroundings.exit();
  }
}
