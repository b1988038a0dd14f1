/**
 * The coordinator's view of the whole managed system, in columns by resource number. They have
 * holes where nothing is known: a number far beyond the others takes no more room than they.
 */
import { mostRaised } from '../plausible.js';
import type { Address } from '../identity.js';
import type { Descriptor, Entity, ResourceState } from './entity.js';

/** What is reported of a resource; a null descriptor or metrics says "as before". */
export interface Report {
  readonly resource: number;
  readonly agent: Address;
  readonly descriptor: Descriptor | null;
  readonly state: ResourceState;
  readonly incarnation: number;
  readonly metrics: readonly number[] | null;
}

export class Model {
  readonly #descriptors: (Descriptor | undefined)[] = [];
  readonly #states: ResourceState[] = [];
  readonly #incarnations: number[] = [];
  readonly #metrics: (readonly number[] | null)[] = [];
  readonly #agents: Address[] = [];

  has(resource: number): boolean {
    return this.#descriptors[resource] !== undefined;
  }

  /** One more than the greatest resource number known. */
  get extent(): number {
    return this.#descriptors.length;
  }

  /** The resource's agent; -1 where it is not known. */
  agent(resource: number): Address {
    return this.#agents[resource] ?? -1;
  }

  /** Null for a resource that nobody has described. */
  entity(resource: number): Entity | null {
    const descriptor = this.#descriptors[resource];
    if (descriptor === undefined) return null;
    return {
      resource,
      descriptor,
      state: this.#states[resource],
      incarnation: this.#incarnations[resource],
      metrics: this.#metrics[resource]!,
    };
  }

  remove(resource: number): void {
    this.#descriptors[resource] = undefined;
    this.#metrics[resource] = null;
  }

  /**
   * Takes a report over. A report of an earlier incarnation is late, and one without a descriptor
   * of a resource never described is of no use: both change nothing. Says what changed.
   */
  update(report: Report): 'nothing' | 'metrics' | 'state' {
    const { resource, descriptor, state, incarnation, metrics } = report;
    const known = this.has(resource);
    if (!known && descriptor === null) return 'nothing';
    if (known && incarnation < this.#incarnations[resource]) return 'nothing';
    if (known && incarnation > this.#incarnations[resource] + mostRaised) return 'nothing';
    const changed = !known || state !== this.#states[resource] ||
      incarnation !== this.#incarnations[resource];
    if (descriptor !== null) this.#descriptors[resource] = descriptor;
    this.#states[resource] = state;
    this.#incarnations[resource] = incarnation;
    this.#agents[resource] = report.agent;
    const measured = metrics !== null && metrics !== this.#metrics[resource];
    if (metrics !== null || !known) this.#metrics[resource] = metrics;
    return changed ? 'state' : measured ? 'metrics' : 'nothing';
  }
}
