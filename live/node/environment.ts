import type { Message } from '../../core/messages.js';
import type { Observation } from '../../core/observations.js';
import type { Address, Environment, Random, Store, TimerId } from '../../core/process.js';
import type { Port } from '../../core/transport.js';
import type { Clock } from './clock.js';
import type { TimerQueue } from './timers.js';

/** What the nodes of an OS process share. */
export interface EnvironmentContext {
  readonly clock: Clock;
  readonly timers: TimerQueue;
  /** Each life of a node has random numbers of its own. */
  randomOf(process: Address): Random;
  observe(timeUs: number, process: Address, observation: Observation): void;
  /** The node has nothing left to do. */
  exit(process: Address): void;
}

/** What a node sees of the real world. It lives as long as its OS process. */
export class LiveEnvironment implements Environment {
  readonly address: Address;
  readonly random: Random;
  readonly store: Store;
  private readonly context: EnvironmentContext;
  private readonly port: Port;

  constructor(address: Address, port: Port, store: Store, context: EnvironmentContext) {
    this.address = address;
    this.random = context.randomOf(address);
    this.store = store;
    this.context = context;
    this.port = port;
  }

  now(): number {
    return this.context.clock.now();
  }

  send(to: Address, message: Message): void {
    this.port.send(to, message);
  }

  setTimer(delay: number, kind: number, argument: number): TimerId {
    if (!(delay >= 0) || Math.floor(delay) !== delay) {
      throw new RangeError(`a timer's delay is a whole number of microseconds, not ${delay}`);
    }
    return this.context.timers.set(this.now() + delay, this.address, kind, argument);
  }

  after(delay: number, kind: number, argument: number): void {
    this.setTimer(delay, kind, argument);
  }

  cancelTimer(timer: TimerId): void {
    this.context.timers.cancel(timer);
  }

  observe(observation: Observation): void {
    this.context.observe(this.now(), this.address, observation);
  }

  exit(): void {
    this.context.exit(this.address);
  }
}
