/**
 * What a node is assembled from. Each component has timers of its own kinds, from 0 up, and is
 * handed those only; the node's other parts use whatever numbers they like.
 */
import type { Observation } from './observations.js';
import type { Address, Environment, Random, Store, TimerId } from './process.js';
import type { Message } from './wire/record.js';

/** Kinds of timers that a component can have: the world has room for so many and a few owners. */
const kinds = 16;

/** The environment of a node, as one of its components has it. */
export class Share<Sent extends Message = Message> implements Environment<Sent> {
  readonly address: Address;
  readonly #node: Environment<Sent>;
  readonly #owner: number;

  /** @param owner - the component's number in the node; 0 is the node itself */
  constructor(node: Environment<Sent>, owner: number) {
    this.address = node.address;
    this.#node = node;
    this.#owner = owner;
  }

  now(): number {
    return this.#node.now();
  }

  send(to: Address, message: Sent): void {
    this.#node.send(to, message);
  }

  setTimer(delay: number, kind: number, argument: number): TimerId {
    return this.#node.setTimer(delay, this.#own(kind), argument);
  }

  after(delay: number, kind: number, argument: number): void {
    this.#node.after(delay, this.#own(kind), argument);
  }

  #own(kind: number): number {
    if (kind >= 0 && kind < kinds) return this.#owner * kinds + kind;
    throw new RangeError(`a timer is of a kind from 0 to ${kinds - 1}, not ${kind}`);
  }

  cancelTimer(timer: TimerId): void {
    this.#node.cancelTimer(timer);
  }

  get random(): Random {
    return this.#node.random;
  }

  get store(): Store {
    return this.#node.store;
  }

  observe(observation: Observation): void {
    this.#node.observe(observation);
  }

  exit(): void {
    this.#node.exit();
  }
}

/** Whose a timer is, and of which of its kinds. */
export function ownerOf(kind: number): { readonly owner: number; readonly kind: number } {
  return { owner: Math.floor(kind / kinds), kind: kind % kinds };
}
