import type { Address } from '../../core/process.js';

/**
 * What is registered, as its agent was told, and which managers keep that. Once none of them is up
 * nothing is promised any more, until it is registered anew: what becomes of copies on disks that
 * return later is not judged here.
 */
export class Registrations {
  readonly #resources: number;
  /** When each was registered; Infinity: it is not. Null until something is. */
  #sinceUs: Float64Array | null = null;
  #keepers: readonly Address[] = [];
  /** Those that were to be decommissioned, and have not been commissioned since. */
  readonly #dismissed = new Set<number>();

  constructor(resources: number) {
    this.#resources = resources;
  }

  /** Infinity: it is not registered. */
  sinceUs(resource: number): number {
    return this.#sinceUs === null ? Infinity : this.#sinceUs[resource];
  }

  get keepers(): readonly Address[] {
    return this.#keepers;
  }

  isKeeper(manager: Address): boolean {
    return this.#keepers.includes(manager);
  }

  register(resource: number, timeUs: number): void {
    this.#sinceUs ??= new Float64Array(this.#resources).fill(Infinity);
    this.#sinceUs[resource] = Math.min(this.#sinceUs[resource], timeUs);
  }

  isDismissed(resource: number): boolean {
    return this.#dismissed.size > 0 && this.#dismissed.has(resource);
  }

  /** It is to be decommissioned: nothing is promised of it until it is registered anew. */
  dismiss(resource: number): void {
    this.#dismissed.add(resource);
    this.unregister(resource);
  }

  commission(resource: number): void {
    this.#dismissed.delete(resource);
  }

  unregister(resource: number): void {
    if (this.#sinceUs !== null) this.#sinceUs[resource] = Infinity;
  }

  keep(keepers: readonly Address[]): void {
    this.#keepers = keepers;
  }

  /** One of the keepers came or went. */
  review(isUp: (manager: Address) => boolean): void {
    if (this.#keepers.some(isUp)) return;
    this.#keepers = [];
    this.#sinceUs?.fill(Infinity);
  }
}
