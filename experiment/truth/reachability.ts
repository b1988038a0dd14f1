import type { Address } from '../../core/process.js';

/** The components that the zones form, numbered densely in the order of their first zone. */
export class Reachability {
  readonly #zoneOf: Uint16Array;
  readonly #componentOfZone: Int32Array;
  #components: readonly (readonly number[])[];

  constructor(zoneOf: Uint16Array, zones: number) {
    this.#zoneOf = zoneOf;
    this.#componentOfZone = new Int32Array(zones);
    this.#components = [Array.from({ length: zones }, (_, zone) => zone)];
  }

  /** Takes the group number of each zone. */
  set(groups: readonly number[]): void {
    const numbers = new Map<number, number>();
    const components: number[][] = [];
    for (let zone = 0; zone < this.#componentOfZone.length; zone += 1) {
      const group = groups[zone];
      let component = numbers.get(group);
      if (component === undefined) {
        component = components.length;
        numbers.set(group, component);
        components.push([]);
      }
      this.#componentOfZone[zone] = component;
      components[component].push(zone);
    }
    this.#components = components;
  }

  /** Zones of each component, ascending. */
  get components(): readonly (readonly number[])[] {
    return this.#components;
  }

  componentOf(address: Address): number {
    return this.#componentOfZone[this.#zoneOf[address]];
  }

  reach(a: Address, b: Address): boolean {
    return this.componentOf(a) === this.componentOf(b);
  }
}
