import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Break, Invariant, InvariantContext } from './invariant.js';

/** What the invariants that come along have in common: they remember their first break. */
export abstract class Watch implements Invariant {
  abstract readonly name: string;
  abstract readonly description: string;
  #broken: Break | null = null;
  protected readonly context: InvariantContext;

  constructor(context: InvariantContext) {
    this.context = context;
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
