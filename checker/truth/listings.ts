import type { Address } from '../../core/process.js';

/** No listing. */
export const NONE = -1;

/**
 * Which managers list which resources. A listing is a row in a pool; each is in the chain of its
 * resource (nearly always one long) and in the ring-less double chain of its manager, so both can
 * be walked, and a manager's death costs as much as it held.
 */
export class ListingTable {
  readonly #ofResource: Int32Array;
  readonly #ofManager: Int32Array;
  #manager: Int32Array;
  #resource: Int32Array;
  #ballot: Int32Array;
  #sequence: Float64Array;
  #since: Float64Array;
  #begun: Float64Array;
  #nextOfResource: Int32Array;
  #nextOfManager: Int32Array;
  #previousOfManager: Int32Array;
  #rows = 0;
  #free = NONE;

  constructor(managers: number, resources: number) {
    this.#ofResource = new Int32Array(resources).fill(NONE);
    this.#ofManager = new Int32Array(managers).fill(NONE);
    const room = Math.max(16, resources);
    this.#manager = new Int32Array(room);
    this.#resource = new Int32Array(room);
    this.#ballot = new Int32Array(room);
    this.#sequence = new Float64Array(room);
    this.#since = new Float64Array(room);
    this.#begun = new Float64Array(room);
    this.#nextOfResource = new Int32Array(room);
    this.#nextOfManager = new Int32Array(room);
    this.#previousOfManager = new Int32Array(room);
  }

  /** First listing of a resource; {@link NONE} ends the chain. */
  firstOfResource(resource: number): number {
    return this.#ofResource[resource];
  }

  nextOfResource(listing: number): number {
    return this.#nextOfResource[listing];
  }

  firstOfManager(manager: Address): number {
    return this.#ofManager[manager];
  }

  nextOfManager(listing: number): number {
    return this.#nextOfManager[listing];
  }

  manager(listing: number): Address {
    return this.#manager[listing];
  }

  resource(listing: number): number {
    return this.#resource[listing];
  }

  /** Number of the token's ballot. */
  ballot(listing: number): number {
    return this.#ballot[listing];
  }

  sequence(listing: number): number {
    return this.#sequence[listing];
  }

  /** When it was last added or given another token. */
  since(listing: number): number {
    return this.#since[listing];
  }

  /** Since when its manager has listed its resource, under whatever tokens. */
  begun(listing: number): number {
    return this.#begun[listing];
  }

  find(manager: Address, resource: number): number {
    let listing = this.#ofResource[resource];
    while (listing !== NONE && this.#manager[listing] !== manager) {
      listing = this.#nextOfResource[listing]!;
    }
    return listing;
  }

  /** A manager lists a resource once: a new token takes the place of the former. */
  add(
    manager: Address,
    resource: number,
    ballot: number,
    sequence: number,
    timeUs: number,
  ): void {
    let listing = this.find(manager, resource);
    if (listing === NONE) {
      listing = this.#link(manager, resource);
      this.#begun[listing] = timeUs;
    }
    this.#ballot[listing] = ballot;
    this.#sequence[listing] = sequence;
    this.#since[listing] = timeUs;
  }

  /** False if the manager does not list the resource. */
  remove(manager: Address, resource: number): boolean {
    const listing = this.find(manager, resource);
    if (listing === NONE) return false;
    this.#unlink(listing);
    return true;
  }

  #link(manager: Address, resource: number): number {
    const listing = this.#take();
    this.#manager[listing] = manager;
    this.#resource[listing] = resource;
    this.#nextOfResource[listing] = this.#ofResource[resource]!;
    this.#ofResource[resource] = listing;
    const next = this.#ofManager[manager];
    this.#nextOfManager[listing] = next;
    this.#previousOfManager[listing] = NONE;
    if (next !== NONE) this.#previousOfManager[next] = listing;
    this.#ofManager[manager] = listing;
    return listing;
  }

  #unlink(listing: number): void {
    const resource = this.#resource[listing];
    const after = this.#nextOfResource[listing];
    let before = this.#ofResource[resource];
    if (before === listing) {
      this.#ofResource[resource] = after;
    } else {
      while (this.#nextOfResource[before] !== listing) before = this.#nextOfResource[before]!;
      this.#nextOfResource[before] = after;
    }
    const next = this.#nextOfManager[listing];
    const previous = this.#previousOfManager[listing];
    if (next !== NONE) this.#previousOfManager[next] = previous;
    if (previous === NONE) this.#ofManager[this.#manager[listing]] = next;
    else this.#nextOfManager[previous] = next;
    this.#nextOfResource[listing] = this.#free;
    this.#free = listing;
  }

  #take(): number {
    const free = this.#free;
    if (free !== NONE) {
      this.#free = this.#nextOfResource[free]!;
      return free;
    }
    if (this.#rows === this.#manager.length) this.#grow();
    this.#rows += 1;
    return this.#rows - 1;
  }

  #grow(): void {
    const room = this.#manager.length + (this.#manager.length >> 1);
    this.#manager = grown(this.#manager, new Int32Array(room));
    this.#resource = grown(this.#resource, new Int32Array(room));
    this.#ballot = grown(this.#ballot, new Int32Array(room));
    this.#sequence = grown(this.#sequence, new Float64Array(room));
    this.#since = grown(this.#since, new Float64Array(room));
    this.#begun = grown(this.#begun, new Float64Array(room));
    this.#nextOfResource = grown(this.#nextOfResource, new Int32Array(room));
    this.#nextOfManager = grown(this.#nextOfManager, new Int32Array(room));
    this.#previousOfManager = grown(this.#previousOfManager, new Int32Array(room));
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
