import type { Message } from '../../core/wire/record.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import {
  checkDelay, type Address, type Environment, type Random, type Store, type TimerId,
} from '../../core/process.js';
import { draw, type StreamKey } from '../../experiment/random/streams.js';
import type { EventLoop } from '../engine/loop.js';
import type { Network } from '../network/network.js';
import { HostStore } from './store.js';

/** What the environment of a world is made of. */
export interface EnvironmentParts {
  readonly loop: EventLoop;
  readonly network: Network;
  readonly sink: ObservationSink;
  readonly randomKey: StreamKey;
  /** Which life each process is in; timers of earlier ones do not fire. 0: not started yet. */
  readonly lives: Int32Array;
  /** The process has nothing left to do. */
  readonly exit: (address: Address) => void;
}

/** Nobody's turn. */
export const NOBODY = -1;

/**
 * What processes see of the simulated world. One object serves them all, since only one of them
 * runs at a time: the world says whose turn it is, and what belongs to each process lies in tables.
 * So a million processes have no environment each that an event would have to find first.
 */
export class SimEnvironment implements Environment, Random {
  /** Whose turn it is. */
  address: Address = NOBODY;
  private readonly loop: EventLoop;
  private readonly network: Network;
  private readonly sink: ObservationSink;
  private readonly randomKey: StreamKey;
  private readonly lives: Int32Array;
  private readonly onExit: (address: Address) => void;
  /** Messages and timers of each process over all its lives: part of the order of events. */
  private readonly counters: Float64Array;
  /** Random draws of each process over all its lives. */
  private readonly ordinals: Float64Array;
  /** Of those who asked for one. */
  private readonly stores = new Map<Address, HostStore>();

  constructor({ loop, network, sink, randomKey, lives, exit }: EnvironmentParts) {
    this.loop = loop;
    this.network = network;
    this.sink = sink;
    this.randomKey = randomKey;
    this.lives = lives;
    this.onExit = exit;
    this.counters = new Float64Array(lives.length);
    this.ordinals = new Float64Array(lives.length);
  }

  now(): number {
    return this.loop.now;
  }

  send(to: Address, message: Message): void {
    this.network.send(this.address, to, message, this.count());
  }

  setTimer(delay: number, kind: number, argument: number): TimerId {
    checkDelay(delay);
    const { address } = this;
    return this.loop.setTimer(address, delay, kind, argument, this.count(), this.lives[address]);
  }

  after(delay: number, kind: number, argument: number): void {
    checkDelay(delay);
    const { address } = this;
    this.loop.after(address, delay, kind, argument, this.count(), this.lives[address]);
  }

  cancelTimer(timer: TimerId): void {
    this.loop.cancelTimer(timer);
  }

  get random(): Random {
    return this;
  }

  /** The draws of the process, in turn; its restart does not begin them again. */
  next(): number {
    const { address } = this;
    const ordinal = this.ordinals[address];
    this.ordinals[address] = ordinal + 1;
    return draw(this.randomKey, address, ordinal);
  }

  observe(observation: Observation): void {
    this.sink.observe(this.loop.now, this.address, observation);
  }

  exit(): void {
    this.onExit(this.address);
  }

  get store(): Store {
    let store = this.stores.get(this.address);
    if (store === undefined) {
      store = new HostStore();
      this.stores.set(this.address, store);
    }
    return store;
  }

  /** The host crashes. */
  loseUnsynced(address: Address): void {
    this.stores.get(address)?.loseUnsynced();
  }

  /** The host's disk is new. */
  loseState(address: Address): void {
    this.stores.delete(address);
  }

  /** How many messages and timers the process has made, over all its lives. */
  made(address: Address): number {
    return this.counters[address];
  }

  private count(): number {
    const { address } = this;
    if (address === NOBODY) throw new Error('a process acts only when it is its turn');
    const count = this.counters[address];
    this.counters[address] = count + 1;
    return count;
  }
}
