import type { Message } from '../../core/wire/record.js';
import type { Observation } from '../../core/observations.js';
import type {
  Address,
  Environment,
  Random,
  Store,
  StoreValue,
  TimerId,
} from '../../core/process.js';
import { CrashSignal } from './errors.js';

/**
 * An environment that can crash a process inside any call: what came before happened, what comes
 * after does not. For tests and for the exploration of faults; ordinary runs do without.
 */
export class InterruptibleEnvironment implements Environment {
  readonly random: Random;
  readonly store: Store;
  private readonly inner: Environment;
  /** Calls left to each process that is to crash. */
  private readonly left = new Map<Address, number>();

  constructor(inner: Environment) {
    this.inner = inner;
    this.random = { next: () => this.pass().random.next() };
    this.store = {
      put: (key: string, value: StoreValue) => this.pass().store.put(key, value),
      get: (key: string) => this.pass().store.get(key),
      delete: (key: string) => this.pass().store.delete(key),
      sync: () => this.pass().store.sync(),
    };
  }

  get address(): Address {
    return this.inner.address;
  }

  /** The process's call after `calls` more does not happen: it crashes the host. */
  interruptAfter(address: Address, calls: number): void {
    this.left.set(address, calls);
  }

  /** Whoever goes down for another reason, or is not to go down any more. */
  spare(address: Address): void {
    this.left.delete(address);
  }

  now(): number {
    return this.pass().now();
  }

  send(to: Address, message: Message): void {
    this.pass().send(to, message);
  }

  setTimer(delay: number, kind: number, argument: number): TimerId {
    return this.pass().setTimer(delay, kind, argument);
  }

  after(delay: number, kind: number, argument: number): void {
    this.pass().after(delay, kind, argument);
  }

  cancelTimer(timer: TimerId): void {
    this.pass().cancelTimer(timer);
  }

  observe(observation: Observation): void {
    this.pass().observe(observation);
  }

  exit(): void {
    this.pass().exit();
  }

  private pass(): Environment {
    const left = this.left.get(this.address);
    if (left === undefined) return this.inner;
    if (left > 0) {
      this.left.set(this.address, left - 1);
      return this.inner;
    }
    this.left.delete(this.address);
    throw new CrashSignal('the host crashes inside this call');
  }
}
