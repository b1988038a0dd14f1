/**
 * The one seam between the management system and the world it runs in. The simulator and the
 * live runtime each implement {@link Environment}; nothing in core may know which one it has.
 */
import type { Address } from './identity.js';
import type { Message } from './wire/record.js';
import type { Observation } from './observations.js';
import type { ResourceState } from './metamodel/entity.js';
import type { Verb } from './verbs/index.js';

export type { Address } from './identity.js';
export type { Verb } from './verbs/index.js';

/** Names one pending timer until it fires or is cancelled. */
export type TimerId = number;

/** A part of the management system: plain synchronous code, driven by its world. */
export interface Process {
  /** Called once per life, before anything else. */
  start(): void;
  /** `message` and all it refers to may be kept only where its definition calls it immutable. */
  receive(from: Address, message: Message): void;
  onTimer(kind: number, argument: number): void;
  /**
   * Told to go: hands over what it has, then calls {@link Environment.exit}. The world waits for
   * that only so long. A process without it has nothing to hand over.
   */
  leave?(): void;
  /**
   * Whoever runs the system wants these gone: they are to be managed no longer. Without it nothing
   * is ever decommissioned. Nothing tells whether that comes about before the process ends.
   */
  decommission?(resources: readonly number[]): void;
  /**
   * These are to be managed, or again, as new ones. An agent hears it of its own host's; a manager
   * lest it goes on telling that they are to be decommissioned.
   */
  commission?(resources: readonly number[]): void;
}

/** A process that has resources behind actuators: the world tells it how an actuation ended. */
export interface AgentProcess extends Process {
  onActuated(resource: number, actuation: number, succeeded: boolean): void;
}

/**
 * All that a process can do to the world. A world may crash the process inside any call. It carries
 * whatever message is defined; each protocol says which it sends.
 */
export interface Environment<Sent extends Message = Message> {
  readonly address: Address;
  /**
   * The local clock in integer microseconds: not for comparing hosts, and it may be set, or go on
   * while the process stands still. Waits are reckoned in running time: see running.ts. It stands
   * still while the process handles one thing: who waits by it within a handler waits for ever.
   */
  now(): number;
  /** Datagram semantics: lost, late, repeated, out of order. The world owns `message` now. */
  send(to: Address, message: Sent): void;
  /**
   * Fires `onTimer(kind, argument)` after `delay` microseconds (whole, at least 0), by the rate of
   * the local clock and whatever it is set to; up to a millisecond early, or late. What arrived
   * before that time is received before, even if the process stood still meanwhile.
   */
  setTimer(delay: number, kind: number, argument: number): TimerId;
  /** As `setTimer`, for what is never cancelled: cheaper where there are a million of them. */
  after(delay: number, kind: number, argument: number): void;
  /** Cancelling a timer that has fired or was cancelled does nothing. */
  cancelTimer(timer: TimerId): void;
  readonly random: Random;
  observe(observation: Observation): void;
  /** This process has nothing left to do: the world takes it down, after the present call. */
  exit(): void;
  readonly store: Store;
}

/**
 * What each world asks of the delay of a timer.
 *
 * @throws RangeError
 */
export function checkDelay(delay: number): void {
  if (!(delay >= 0 && Number.isSafeInteger(delay))) {
    throw new RangeError(`a timer's delay is a whole number of microseconds, not ${delay}`);
  }
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
}

/** Key-value memory of a host: what is put survives a crash only after `sync`. */
export interface Store {
  put(key: string, value: StoreValue): void;
  get(key: string): StoreValue | undefined;
  delete(key: string): void;
  sync(): void;
}

/** JSON-like, treated as immutable once put. */
export type StoreValue =
  | string
  | number
  | boolean
  | null
  | readonly StoreValue[]
  | { readonly [key: string]: StoreValue };

/** The resources of one host, named by their numbers in the configured system. */
export interface Resources {
  /** Ascending; numbers between them may be of resources that come later. */
  readonly ids: readonly number[];
  /** Serves this host's resources; all hosts of a world may share one, which saves memory. */
  readonly devices: Devices;
}

/** Sensors and actuators, as the world gives them to agents. */
export interface Devices {
  /** A crashed resource reads as `down`, one that is being stopped as `stopping`. */
  state(resource: number): ResourceState;
  /** Counts the starts of the resource; survives crashes of resource and host. */
  incarnation(resource: number): number;
  /** Values in the order of the kind's metrics, or null where the kind has none. */
  metrics(resource: number): readonly number[] | null;
  /**
   * Carries out `verb`; ends with `onActuated(resource, actuation, succeeded)`. The agent has
   * compared the incarnation before; the world does not compare again.
   */
  actuate(resource: number, verb: Verb, actuation: number): void;
  /** It is decommissioned: it is not to run any more. */
  retire?(resource: number): void;
  /** It was decommissioned, or its host, when it lost its disk, was set up without it. */
  isRetired?(resource: number): boolean;
}
