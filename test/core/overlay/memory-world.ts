/**
 * A tiny deterministic world for core's tests: processes, virtual time, links that lose, repeat
 * and delay. It is as unkind as the seam allows: every message really is encoded and decoded, its
 * storage is spoiled after `receive`, timers are numbered from 0, a crash may come at any call to
 * the Environment and forgets what was not synced.
 */
import FastPriorityQueue from 'fastpriorityqueue';
import { decode, encode } from '../../../core/codec.js';
import type { BuiltInMessage, MessageType } from '../../../core/messages.js';
import type { Observation } from '../../../core/observations.js';
import type {
  Address, Environment, Process, Store, StoreValue, TimerId,
} from '../../../core/process.js';
import { randomOf } from './random.js';

export const msUs = 1000;
export const secondUs = 1_000_000;

export interface Sent<M extends BuiltInMessage = BuiltInMessage> {
  readonly timeUs: number;
  readonly from: Address;
  readonly to: Address;
  readonly message: M;
}

export type Observed<T extends Observation['type'] = Observation['type']> = {
  readonly timeUs: number;
  readonly process: Address;
} & Extract<Observation, { type: T }>;

/** What an Environment call is, for those who crash a process inside one. */
export type Call = 'send' | 'setTimer' | 'put' | 'sync' | 'observe';

/** Thrown through the process that crashes; caught by the world. */
class Crash extends Error {}

interface Host {
  readonly make: (environment: Environment) => Process;
  readonly store: MemoryStore;
  process: Process | null;
  /** Counts the starts; timers of another life do not fire. */
  life: number;
  nextTimer: TimerId;
  readonly cancelled: Set<TimerId>;
}

interface Event {
  readonly timeUs: number;
  readonly order: number;
  readonly act: () => void;
}

export class MemoryWorld {
  nowUs = 0;
  /** What the processes' clocks show more than that: timers do not mind. */
  stepUs = 0;
  /** By how much timers fire early or late, at most. */
  timerErrorUs = 0;
  /** Every message sent, as it was on the wire. */
  readonly sent: Sent[] = [];
  readonly #observed: Observed[] = [];
  /** Latency is uniform between these. */
  delayUs: readonly [number, number] = [1 * msUs, 5 * msUs];
  loss = 0;
  repetition = 0;
  reaches: (from: Address, to: Address) => boolean = () => true;
  loses: (sent: Sent) => boolean = () => false;
  /** Asked before each call with an effect; true crashes the process instead. */
  crashesAt: (address: Address, call: Call) => boolean = () => false;
  readonly #hosts = new Map<Address, Host>();
  readonly #random: () => number;
  readonly #seed: number;
  readonly #events = new FastPriorityQueue<Event>(
    (a, b) => a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.order < b.order),
  );
  #order = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomOf(seed);
  }

  /** A host on which `make` builds the process at every start. */
  host(address: Address, make: (environment: Environment) => Process): void {
    const store = new MemoryStore((call) => this.#mayCrash(address, call));
    const cancelled = new Set<TimerId>();
    this.#hosts.set(address, { make, store, process: null, life: 0, nextTimer: 0, cancelled });
  }

  start(...addresses: Address[]): void {
    for (const address of addresses) {
      const host = this.#hosts.get(address)!;
      host.life += 1;
      host.nextTimer = 0;
      host.cancelled.clear();
      this.#guard(address, () => {
        host.process = host.make(this.#environment(address, host));
        host.process.start();
      });
    }
  }

  crash(...addresses: Address[]): void {
    for (const address of addresses) {
      const host = this.#hosts.get(address)!;
      if (host.process !== null) {
        this.#observed.push({ timeUs: this.nowUs, process: address, type: 'process-down' });
      }
      host.process = null;
      host.store.forgetUnsynced();
    }
  }

  /** Crashes if need be, and starts with what was synced. */
  restart(...addresses: Address[]): void {
    this.crash(...addresses);
    this.start(...addresses);
  }

  isUp(address: Address): boolean {
    return (this.#hosts.get(address)?.process ?? null) !== null;
  }

  live(): Address[] {
    return [...this.#hosts.keys()].filter((address) => this.isUp(address));
  }

  /** The messages of one type, of all that were sent. */
  messages<T extends MessageType>(type: T): Sent<Extract<BuiltInMessage, { type: T }>>[] {
    const found = this.sent.filter(({ message }) => message.type === type);
    return found as Sent<Extract<BuiltInMessage, { type: T }>>[];
  }

  observed<T extends Observation['type']>(type: T): Observed<T>[] {
    return this.#observed.filter((observed) => observed.type === type) as Observed<T>[];
  }

  /** Lets the host's process handle `message` at once, as if `from` had sent it. */
  deliver(from: Address, to: Address, message: BuiltInMessage): void {
    const process = this.#hosts.get(to)?.process ?? null;
    if (process === null) return;
    const copy = decode(encode(message));
    this.#guard(to, () => process.receive(from, copy));
    spoil(copy);
  }

  at(timeUs: number, act: () => void): void {
    this.#events.add({ timeUs, order: (this.#order += 1), act });
  }

  /** Runs code of the host's process at once, as a crash inside it has to be caught here. */
  within(address: Address, act: () => void): void {
    this.#guard(address, act);
  }

  runFor(durationUs: number): void {
    const endUs = this.nowUs + durationUs;
    for (let next = this.#events.peek(); next !== undefined; next = this.#events.peek()) {
      if (next.timeUs > endUs) break;
      this.#events.poll();
      this.nowUs = Math.max(this.nowUs, next.timeUs);
      next.act();
    }
    this.nowUs = endUs;
  }

  /** Runs until `done` says so; the time that it took, or Infinity if it took longer than that. */
  runUntil(done: () => boolean, atMostUs: number): number {
    const startUs = this.nowUs;
    while (!done()) {
      if (this.nowUs - startUs > atMostUs) return Infinity;
      this.runFor(10 * msUs);
    }
    return this.nowUs - startUs;
  }

  #guard(address: Address, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.crash(address);
    }
  }

  #mayCrash(address: Address, call: Call): void {
    if (this.crashesAt(address, call)) throw new Crash();
  }

  #environment(address: Address, host: Host): Environment {
    const { life } = host;
    const next = randomOf(this.#seed * 1009 + address * 31 + life);
    const setTimer = (delay: number, kind: number, argument: number): TimerId => {
      this.#mayCrash(address, 'setTimer');
      if (!Number.isInteger(delay) || delay < 0) throw new RangeError(`delay ${delay}`);
      const timer = host.nextTimer;
      host.nextTimer += 1;
      const errorUs = this.timerErrorUs === 0
        ? 0 : Math.round((2 * this.#random() - 1) * this.timerErrorUs);
      this.at(this.nowUs + Math.max(0, delay + errorUs), () => {
        if (host.process === null || host.life !== life || host.cancelled.has(timer)) return;
        const { process } = host;
        this.#guard(address, () => process.onTimer(kind, argument));
      });
      return timer;
    };
    return {
      address,
      now: () => this.nowUs + this.stepUs,
      random: { next },
      store: host.store,
      send: (to, message) => {
        this.#mayCrash(address, 'send');
        this.#send(address, to, message as BuiltInMessage);
      },
      setTimer,
      after: (delay, kind, argument) => void setTimer(delay, kind, argument),
      cancelTimer: (timer) => void host.cancelled.add(timer),
      observe: (observation) => {
        this.#mayCrash(address, 'observe');
        this.#observed.push({ timeUs: this.nowUs, process: address, ...observation });
      },
      exit: () => this.at(this.nowUs, () => {
        if (host.life === life) this.crash(address);
      }),
    };
  }

  #send(from: Address, to: Address, message: BuiltInMessage): void {
    const bytes = encode(message);
    const sent = { timeUs: this.nowUs, from, to, message: decode(bytes) };
    this.sent.push(sent);
    if (!this.reaches(from, to) || this.loses(sent)) return;
    const copies = this.#random() < this.repetition ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const [least, most] = this.delayUs;
      const delayUs = Math.floor(least + this.#random() * (most - least));
      if (this.#random() < this.loss) continue;
      this.at(this.nowUs + delayUs, () => this.deliver(from, to, sent.message));
    }
  }
}

class MemoryStore implements Store {
  #durable = new Map<string, StoreValue>();
  #values = new Map<string, StoreValue>();
  readonly #mayCrash: (call: Call) => void;

  constructor(mayCrash: (call: Call) => void) {
    this.#mayCrash = mayCrash;
  }

  put(key: string, value: StoreValue): void {
    this.#mayCrash('put');
    this.#values.set(key, value);
  }

  get(key: string): StoreValue | undefined {
    return this.#values.get(key);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  sync(): void {
    this.#mayCrash('sync');
    this.#durable = new Map(this.#values);
  }

  forgetUnsynced(): void {
    this.#values = new Map(this.#durable);
  }
}

/** What messages.ts calls immutable may be kept; all else is gone once `receive` returns. */
const kept: ReadonlySet<string> = new Set([
  'part', 'ballot', 'token', 'lost', 'offered', 'authority', 'suspected', 'descriptor', 'metrics',
  'memories',
]);

function spoil(value: object): void {
  for (const [key, inner] of Object.entries(value)) {
    if (!kept.has(key) && typeof inner === 'object' && inner !== null) spoil(inner);
    delete (value as Record<string, unknown>)[key];
  }
  if (Array.isArray(value)) value.length = 0;
}
