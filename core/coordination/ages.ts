import type { Address } from '../process.js';

/**
 * How old what a coordinator's model says of its resources is: since their holders were last heard,
 * who vouch for all that they have told. Of what nobody living holds since its former holder was,
 * or this coordinator began if that has never told it anything.
 */
export class Ages {
  readonly #sinceUs: number;
  readonly #holderOf: (resource: number) => Address;
  readonly #heardUs = new Map<Address, number>();
  /** Of those that are unknown. */
  readonly #lastUs = new Map<number, number>();

  constructor(sinceUs: number, holderOf: (resource: number) => Address) {
    this.#sinceUs = sinceUs;
    this.#holderOf = holderOf;
  }

  heard(manager: Address, nowUs: number): void {
    this.#heardUs.set(manager, nowUs);
  }

  /** Nobody listens to it, whom that manager listed. */
  lost(resource: number, manager: Address): void {
    if (this.#lastUs.has(resource)) return;
    this.#lastUs.set(resource, this.#heardUs.get(manager) ?? this.#sinceUs);
  }

  /** Somebody tells of it, or it is not managed any more. */
  told(resource: number): void {
    this.#lastUs.delete(resource);
  }

  ageUs(resource: number, isUnknown: boolean, nowUs: number): number {
    const heardUs = isUnknown
      ? this.#lastUs.get(resource) : this.#heardUs.get(this.#holderOf(resource));
    return Math.max(0, nowUs - (heardUs ?? this.#sinceUs));
  }
}
