/**
 * What managers list and the inventory does not have: too new to be registered, or decommissioned
 * while somebody could not hear of it. Their agents can tell, by the number that they keep.
 */
import type { Address } from '../process.js';

export interface UnregisteredOptions {
  /** How long an agent may take to register something by itself. */
  readonly patienceUs: number;
  /** It has been registered meanwhile, or the model does not show it any more. */
  isKnown(resource: number): boolean;
  /** Null: it cannot be asked. */
  agentOf(resource: number): Address | null;
  ask(agent: Address, resources: readonly number[]): void;
  /** Its agent cannot be asked. */
  dismiss(resource: number): void;
}

export class Unregistered {
  readonly #options: UnregisteredOptions;
  /** By resource: when its agent is to be asked. */
  readonly #dueUs = new Map<number, number>();

  constructor(options: UnregisteredOptions) {
    this.#options = options;
  }

  /** It is known now, or gone. */
  delete(resource: number): void {
    this.#dueUs.delete(resource);
  }

  /** Its agent has so long to register it. */
  met(resource: number, nowUs: number): void {
    if (this.#dueUs.has(resource)) return;
    this.#dueUs.set(resource, nowUs + this.#options.patienceUs);
  }

  check(nowUs: number): void {
    if (this.#dueUs.size === 0) return;
    const options = this.#options;
    const asked = new Map<Address, number[]>();
    for (const [resource, dueUs] of this.#dueUs) {
      if (dueUs > nowUs) continue;
      if (options.isKnown(resource)) {
        this.#dueUs.delete(resource);
        continue;
      }
      const agent = options.agentOf(resource);
      if (agent === null) {
        this.#dueUs.delete(resource);
        options.dismiss(resource);
        continue;
      }
      this.#dueUs.set(resource, nowUs + options.patienceUs);
      asked.set(agent, [...asked.get(agent) ?? [], resource]);
    }
    for (const [agent, resources] of asked) options.ask(agent, resources);
  }
}
