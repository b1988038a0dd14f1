import type { Address } from '../../core/process.js';

/** What nobody who is up keeps, and what may come back: those that have it on their disks. */
interface Buried {
  /** By manager: how often its host had lost its store. */
  readonly keepers: ReadonlyMap<Address, number>;
  readonly resources: Set<number>;
}

/**
 * What is registered, as its agent was told, and which managers keep that. Once none of them is up
 * nothing is promised, until one of them returns with its disk or it is registered anew.
 */
export class Registrations {
  readonly #resources: number;
  readonly #generationOf: (manager: Address) => number;
  /** When each was registered; Infinity: it is not. Null until something is. */
  #sinceUs: Float64Array | null = null;
  #keepers: readonly Address[] = [];
  #buried: Buried[] = [];
  /** Those that were to be decommissioned, and have not been commissioned since. */
  readonly #dismissed = new Set<number>();

  /** @param generationOf - how often the manager's host has lost its store */
  constructor(resources: number, generationOf: (manager: Address) => number) {
    this.#resources = resources;
    this.#generationOf = generationOf;
  }

  /** Infinity: it is not registered. */
  sinceUs(resource: number): number {
    return this.#sinceUs === null ? Infinity : this.#sinceUs[resource];
  }

  get keepers(): readonly Address[] {
    return this.#keepers;
  }

  /** Whether it is of any consequence that the manager comes or goes. */
  concerns(manager: Address): boolean {
    return this.#keepers.includes(manager) ||
      this.#buried.some(({ keepers }) => keepers.has(manager));
  }

  register(resource: number, timeUs: number): void {
    this.#sinceUs ??= new Float64Array(this.#resources).fill(Infinity);
    this.#sinceUs[resource] = Math.min(this.#sinceUs[resource], timeUs);
  }

  isDismissed(resource: number): boolean {
    return this.#dismissed.size > 0 && this.#dismissed.has(resource);
  }

  /** Some who keep it may not have been told that it was decommissioned: all were down. */
  isBuried(resource: number): boolean {
    return this.#buried.some(({ resources }) => resources.has(resource));
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

  /** One that is of consequence came or went. Returns what is registered again by that. */
  review(
    manager: Address, timeUs: number, isUp: (manager: Address) => boolean,
  ): readonly number[] {
    if (isUp(manager)) return this.#return(manager, timeUs);
    if (this.#keepers.length > 0 && !this.#keepers.some(isUp)) this.#bury();
    return [];
  }

  #bury(): void {
    const resources = new Set<number>();
    this.#sinceUs?.forEach((sinceUs, resource) => {
      if (sinceUs < Infinity) resources.add(resource);
    });
    const keepers = new Map(this.#keepers.map((one) => [one, this.#generationOf(one)]));
    this.#buried.push({ keepers, resources });
    this.#keepers = [];
    this.#sinceUs?.fill(Infinity);
  }

  #return(manager: Address, timeUs: number): readonly number[] {
    const generation = this.#generationOf(manager);
    const back = this.#buried.filter(({ keepers }) => keepers.get(manager) === generation);
    if (back.length === 0) return [];
    this.#buried = this.#buried.filter((one) => !back.includes(one));
    if (!this.#keepers.includes(manager)) this.#keepers = [...this.#keepers, manager];
    const resources = back.flatMap((one) => [...one.resources])
      .filter((resource) => !this.#dismissed.has(resource));
    for (const resource of resources) this.register(resource, timeUs);
    return resources;
  }
}
