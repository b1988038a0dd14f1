import type { Address } from '../../core/process.js';

/** What nobody keeps who could tell, and who may come back with it on the disk. */
interface Buried {
  /** By manager: how often its host had lost its store. */
  readonly keepers: ReadonlyMap<Address, number>;
  readonly resources: Set<number>;
}

/**
 * What is registered, as its agent was told, and which managers keep that. Once none of them is up,
 * or another takes the role out of the reach of all, nothing is promised, until one of them returns
 * with its disk or it is registered anew.
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

  /** Those that may return with what nobody keeps. */
  get #away(): readonly Address[] {
    return this.#buried.flatMap(({ keepers }) => [...keepers.keys()]);
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

  /** Nobody has been away with all that is kept. */
  get isWhole(): boolean {
    return this.#buried.length === 0;
  }

  /** It is to be decommissioned: nothing is promised of it until it is registered anew. */
  dismiss(resource: number): void {
    this.#dismissed.add(resource);
    this.unregister(resource);
  }

  /** True: it was to be decommissioned. */
  commission(resource: number): boolean {
    return this.#dismissed.delete(resource);
  }

  unregister(resource: number): void {
    if (this.#sinceUs !== null) this.#sinceUs[resource] = Infinity;
    for (const { resources } of this.#buried) resources.delete(resource);
  }

  /**
   * @param isNear - lives, and the coordinator and it reach each other
   * @returns what is registered by that, or no longer
   */
  keep(
    coordinator: Address, standbys: readonly Address[], timeUs: number,
    isNear: (manager: Address) => boolean,
  ): readonly number[] {
    const former = this.#keepers;
    const near = former.filter(isNear);
    const isNew = !former.includes(coordinator);
    const gone = isNew && near.length === 0 ? this.#bury() : [];
    // Who is new takes over what is kept near it.
    this.#keepers = [...new Set([coordinator, ...standbys, ...isNew ? near : []])];
    return [...gone, ...this.#returned(this.#away.filter(isNear), timeUs)];
  }

  /** Its disk is lost. */
  lose(manager: Address): void {
    this.#keepers = this.#keepers.filter((keeper) => keeper !== manager);
  }

  /** Some of consequence went. Returns what is registered no longer by that. */
  review(isUp: (manager: Address) => boolean): readonly number[] {
    return this.#keepers.some(isUp) ? [] : this.#bury();
  }

  #bury(): readonly number[] {
    if (this.#keepers.length === 0) return [];
    const resources = new Set<number>();
    this.#sinceUs?.forEach((sinceUs, resource) => {
      if (sinceUs < Infinity) resources.add(resource);
    });
    const keepers = new Map(this.#keepers.map((one) => [one, this.#generationOf(one)]));
    this.#buried.push({ keepers, resources });
    this.#keepers = [];
    this.#sinceUs?.fill(Infinity);
    return [...resources];
  }

  /**
   * Some may be back.
   *
   * @param reaches - both live, and reach each other
   * @returns what is registered again by that
   */
  comeBack(timeUs: number, reaches: (a: Address, b: Address) => boolean): readonly number[] {
    const isAmong = (manager: Address): boolean => this.#keepers.length === 0
      ? reaches(manager, manager) : this.#keepers.some((keeper) => reaches(manager, keeper));
    return this.#returned(this.#away.filter(isAmong), timeUs);
  }

  #returned(managers: readonly Address[], timeUs: number): readonly number[] {
    const brings = (manager: Address, { keepers }: Buried): boolean =>
      keepers.get(manager) === this.#generationOf(manager);
    const back = this.#buried.filter((one) => managers.some((manager) => brings(manager, one)));
    if (back.length === 0) return [];
    this.#buried = this.#buried.filter((one) => !back.includes(one));
    const by = managers.filter((manager) => back.some((one) => brings(manager, one)));
    this.#keepers = [...new Set([...this.#keepers, ...by])];
    const resources = back.flatMap((one) => [...one.resources]);
    for (const resource of resources) this.register(resource, timeUs);
    return resources;
  }
}
