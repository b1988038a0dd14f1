import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { InvariantContext } from './invariant.js';

/** Since when managers have followed whom they follow. */
export class Followers {
  readonly #context: InvariantContext;
  readonly #acknowledgedUs = new Map<Address, number>();

  constructor(context: InvariantContext) {
    this.#context = context;
  }

  observe(timeUs: number, process: Address, { type }: Observation): void {
    if (type === 'ballot-acknowledged') this.#acknowledgedUs.set(process, timeUs);
  }

  /** Infinity: it follows another, or nobody. */
  sinceUs(manager: Address, coordinator: Address): number {
    const { truth } = this.#context.health;
    if (manager === coordinator) return 0;
    if (truth.acknowledged(manager) !== truth.acting(coordinator)) return Infinity;
    return this.#acknowledgedUs.get(manager) ?? Infinity;
  }
}
