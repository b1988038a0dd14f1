import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Break, Invariant } from '../../experiment/invariant.js';
import type { InvariantContext } from './invariant.js';

/** What invariants have in common: a name, words for whom they are about, their first break. */
export abstract class Watch implements Invariant {
  #broken: Break | null = null;
  protected readonly context: InvariantContext;

  constructor(context: InvariantContext) {
    this.context = context;
  }

  get name(): string {
    return this.context.name;
  }

  get broken(): Break | null {
    return this.#broken;
  }

  abstract observe(timeUs: number, process: Address, observation: Observation): void;

  /** Only the first break counts: what follows may be its consequence. */
  protected break(timeUs: number, explanation: string): void {
    this.#broken ??= { timeUs, explanation };
  }

  protected process(address: Address): string {
    return address < 0 ? 'the world' : this.context.inventory.processName(address);
  }

  protected resource(resource: number): string {
    return this.context.inventory.descriptor(resource).name;
  }
}
