import type { NodeId } from '../../identity.js';
import type { Address } from '../../process.js';
import type {
  Assignment, AssignmentImplementation, Holdings, RebalanceLimits, Transfer,
} from './assignment.js';
import { OwnerRebalancer } from './owner-rebalancer.js';

/** Points per manager: with 64 the fullest of many gets about 1.3 times its fair share. */
const points = 64;

/**
 * Managers and resources on one circle; a resource goes to the next manager clockwise, so a
 * manager that leaves or joins moves only its own share (Karger et al., STOC 1997).
 */
export class ConsistentHashing implements Assignment {
  readonly #nodes = new Map<Address, NodeId>();
  #circle: { readonly point: number; readonly manager: Address }[] | null = null;
  readonly #rebalancer = new OwnerRebalancer();

  add(manager: Address, node: NodeId): void {
    if (this.#nodes.get(manager) === node) return;
    this.#nodes.set(manager, node);
    this.#changed();
  }

  remove(manager: Address): void {
    if (this.#nodes.delete(manager)) this.#changed();
  }

  loaded(): void {
    // The place on the circle does not depend on the load.
  }

  choose(name: string, except: Address): Address {
    const circle = (this.#circle ??= this.#build());
    if (circle.length === 0) return -1;
    const point = hash(name);
    let low = 0;
    for (let high = circle.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (circle[middle].point < point) low = middle + 1;
      else high = middle;
    }
    for (let step = 0; step < circle.length; step += 1) {
      const { manager } = circle[(low + step) % circle.length];
      if (manager === except) continue;
      if (step > 0) this.#rebalancer.divert();
      return manager;
    }
    return except;
  }

  diverted(): void {
    this.#rebalancer.divert();
  }

  /** Moves just the resources that belong to another manager, a newcomer for example. */
  plan(holdings: Holdings, limits: RebalanceLimits): Transfer[] {
    return this.#rebalancer.plan(holdings, limits, (name) => this.choose(name, -1));
  }

  #changed(): void {
    this.#circle = null;
    this.#rebalancer.disturb();
  }

  #build(): { point: number; manager: Address }[] {
    const circle: { point: number; manager: Address }[] = [];
    for (const [manager, node] of this.#nodes) {
      for (let copy = 0; copy < points; copy += 1) {
        circle.push({ point: hash(`${node}/${copy}`), manager });
      }
    }
    return circle.sort((a, b) => a.point - b.point || a.manager - b.manager);
  }
}

export const consistentHashing: AssignmentImplementation = {
  create: () => new ConsistentHashing(), byName: true,
};

/** 32 bits of a string: FNV-1a, finished by the mixer of MurmurHash3 (both public domain). */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
  }
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
