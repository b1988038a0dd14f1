import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { NONE } from '../truth/index.js';
import type { InvariantContext } from './invariant.js';

/** What it has to be told. */
export const handOversHear = ['listing-removed', 'resource-moved'] as const;

/** The resource has gone on, and who has it knows of it. */
export interface HandOver<Memory> {
  readonly resource: number;
  readonly to: Address;
  readonly memory: Memory;
}

interface Parted<Memory> {
  readonly from: Address;
  /** Who listed it by then, and was told. */
  readonly heirs: readonly Address[];
  readonly memory: Memory;
}

/** What a manager has kept in mind of a resource since `knownUs` or before; null: nothing. */
type MemoryOf<Memory> = (process: Address, resource: number, knownUs: number) => Memory | null;

/**
 * Resources that managers pass on to each other, with what their rules keep in mind of them: who
 * lists one before the former holder lets go of it was told of it then, and knows what was before.
 * Where that takes long, a coordinator may have told it anew, and knew less.
 */
export class HandOvers<Memory> {
  readonly #context: InvariantContext;
  readonly #memoryOf: MemoryOf<Memory>;
  /** By resource, of which its coordinator has not said yet that it has moved. */
  readonly #parted = new Map<number, Parted<Memory>>();

  constructor(context: InvariantContext, memoryOf: MemoryOf<Memory>) {
    this.#context = context;
    this.#memoryOf = memoryOf;
  }

  /** To be told before whoever listens forgets what is let go of. */
  observe(
    timeUs: number, process: Address, observation: Heard<typeof handOversHear>,
  ): HandOver<Memory> | null {
    if (this.#context.scenario.coordination.actions.handOn !== true) return null;
    const { resource } = observation;
    if (observation.type === 'listing-removed') {
      this.#parted.delete(resource);
      const { heirs, knownUs } = this.#heirsOf(resource, timeUs);
      const memory = heirs.length === 0 ? null : this.#memoryOf(process, resource, knownUs);
      if (memory !== null) this.#parted.set(resource, { from: process, heirs, memory });
      return null;
    }
    const parted = this.#parted.get(resource);
    this.#parted.delete(resource);
    const { from, to } = observation;
    return parted?.from === from ? { resource, to, memory: parted.memory } : null;
  }

  /** What it was told is gone with its life. @returns that */
  lose(heir: Address): Memory[] {
    const lost = [...this.#parted].filter(([, { heirs }]) => heirs.includes(heir));
    for (const [resource] of lost) this.#parted.delete(resource);
    return lost.map(([, { memory }]) => memory);
  }

  /** Who has come to list it just now; what was before `knownUs` these know. */
  #heirsOf(
    resource: number, timeUs: number,
  ): { readonly heirs: readonly Address[]; readonly knownUs: number } {
    const { bounds: { moveUs, maxDelayUs }, health: { truth: { listings } } } = this.#context;
    const heirs: Address[] = [];
    let lastUs = -Infinity;
    let listing = listings.firstOfResource(resource);
    for (; listing !== NONE; listing = listings.nextOfResource(listing)) {
      const sinceUs = listings.since(listing);
      if (timeUs - sinceUs >= moveUs / 4) continue;
      heirs.push(listings.manager(listing));
      lastUs = Math.max(lastUs, sinceUs);
    }
    return { heirs, knownUs: lastUs - 2 * maxDelayUs };
  }
}
