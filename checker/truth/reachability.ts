import type { HostCut } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { componentsOf, passes, SCATTERED } from '../../experiment/cut.js';

/**
 * The components of two-way reachability that zones or hosts form, numbered densely; those of
 * zones in the order of their first zone.
 */
export class Reachability {
  readonly #zoneOf: Uint16Array;
  readonly #componentOfZone: Int32Array;
  #components: readonly (readonly number[])[];
  /** Where zones do not say it all; null: they do. */
  #cut: HostCut | null = null;
  /** Component of each host, while there is a cut. */
  #componentOfHost: Int32Array | null = null;
  #clean = true;

  constructor(zoneOf: Uint16Array, zones: number) {
    this.#zoneOf = zoneOf;
    this.#componentOfZone = new Int32Array(zones);
    this.#components = [Array.from({ length: zones }, (_, zone) => zone)];
  }

  /** Takes the group number of each zone. */
  set(groups: readonly number[]): void {
    this.#cut = null;
    this.#componentOfHost = null;
    this.#clean = true;
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

  /** Takes who reaches whom, host by host. */
  setCut(cut: HostCut): void {
    const { componentOf, components, clean } = componentsOf(cut);
    this.#cut = cut;
    this.#clean = clean;
    const zones = Array.from({ length: components }, () => new Set<number>());
    this.#componentOfHost = Int32Array.from(this.#zoneOf, (zone, address) => {
      const component = componentOf[cut.classOf[address]];
      if (component === SCATTERED) return zones.push(new Set([zone])) - 1;
      zones[component].add(zone);
      return component;
    });
    this.#components = zones.map((some) => [...some].sort((a, b) => a - b));
  }

  /** Zones of each component, ascending; where hosts are cut off, one may be in several. */
  get components(): readonly (readonly number[])[] {
    return this.#components;
  }

  /**
   * Whether all of a component reach each other, and nobody else. Not so where messages pass one
   * way only, or by way of a third host only.
   */
  get isClean(): boolean {
    return this.#clean;
  }

  /** Whether hosts of one zone may be in different components. */
  get isByHosts(): boolean {
    return this.#cut !== null;
  }

  componentOf(address: Address): number {
    if (this.#componentOfHost !== null) return this.#componentOfHost[address];
    return this.#componentOfZone[this.#zoneOf[address]];
  }

  /** Whether messages of each get through to the other. */
  reach(a: Address, b: Address): boolean {
    const cut = this.#cut;
    if (cut !== null) return passes(cut, a, b) && passes(cut, b, a);
    return this.componentOf(a) === this.componentOf(b);
  }
}
