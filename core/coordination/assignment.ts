/** Which manager a resource goes to. */
import type { NodeId } from '../identity.js';
import type { Configurable, Configured } from '../configured.js';
import type { Address } from '../process.js';
import {
  LoadRebalancer, OwnerRebalancer, type Holdings, type RebalanceLimits, type Transfer,
} from './balance.js';

/** Chooses among the managers that are in. Deterministic: the same calls, the same choices. */
export interface Assignment {
  add(manager: Address, node: NodeId, load: number): void;
  remove(manager: Address): void;
  /** The manager's number of resources changed by `change`. */
  loaded(manager: Address, change: number): void;
  /** A manager for the resource of that name, another than `except` if there is one; -1: none. */
  choose(name: string, except: Address): Address;
  /** A resource went to another manager than was chosen. */
  diverted?(): void;
  /**
   * What to move now, towards what this policy calls balanced; nothing once it is. Carried out,
   * plans end: from some time on there is nothing to move, as long as managers stay the same.
   */
  plan(holdings: Holdings, limits: RebalanceLimits): Transfer[];
  /** Balanced means to it that loads differ by the threshold, or by one, at most. */
  readonly evens?: boolean;
}

/** An assignment of the user's own. */
export interface AssignmentImplementation<Settings = unknown> extends Configurable<Settings> {
  /** Called by each coordinator. */
  create(settings: Settings): Assignment;
  /** Each resource belongs to the manager that its name leads to; left out: to any. */
  readonly byName?: true;
}

/** The manager with the fewest resources; of several, the one that has been so for longest. */
export class LeastLoaded implements Assignment {
  readonly evens = true;
  readonly #loads = new Map<Address, number>();
  /** Managers by load, so that the least is found without a search. */
  readonly #byLoad: Set<Address>[] = [];
  readonly #rebalancer = new LoadRebalancer();

  add(manager: Address, _node: NodeId, load: number): void {
    this.#loads.set(manager, load);
    this.#at(load).add(manager);
  }

  remove(manager: Address): void {
    const load = this.#loads.get(manager);
    if (load === undefined) return;
    this.#at(load).delete(manager);
    this.#loads.delete(manager);
  }

  loaded(manager: Address, change: number): void {
    const load = this.#loads.get(manager);
    if (load === undefined) return;
    this.#at(load).delete(manager);
    this.#loads.set(manager, load + change);
    this.#at(load + change).add(manager);
  }

  choose(_name: string, except: Address): Address {
    for (const managers of this.#byLoad) {
      for (const manager of managers) if (manager !== except) return manager;
    }
    return this.#loads.has(except) ? except : -1;
  }

  plan(holdings: Holdings, limits: RebalanceLimits): Transfer[] {
    return this.#rebalancer.plan(holdings, limits);
  }

  #at(load: number): Set<Address> {
    while (this.#byLoad.length <= load) this.#byLoad.push(new Set());
    return this.#byLoad[load];
  }
}

/** Each manager in turn. */
export class RoundRobin implements Assignment {
  readonly evens = true;
  #managers: Address[] = [];
  #turn = 0;
  readonly #rebalancer = new LoadRebalancer();

  add(manager: Address): void {
    if (!this.#managers.includes(manager)) this.#managers.push(manager);
  }

  remove(manager: Address): void {
    const index = this.#managers.indexOf(manager);
    if (index < 0) return;
    this.#managers.splice(index, 1);
    if (index < this.#turn) this.#turn -= 1;
  }

  loaded(): void {
    // The turn does not depend on the load.
  }

  choose(_name: string, except: Address): Address {
    const count = this.#managers.length;
    if (count === 0) return -1;
    if (this.#managers[this.#turn % count] === except && count > 1) this.#turn += 1;
    const manager = this.#managers[this.#turn % count];
    this.#turn = (this.#turn + 1) % count;
    return manager;
  }

  /** Turns give to all alike: so does this, to those that came after their turn. */
  plan(holdings: Holdings, limits: RebalanceLimits): Transfer[] {
    return this.#rebalancer.plan(holdings, limits);
  }
}

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

/** Those that a scenario can name, the one taken by default first. */
export const assignments = {
  'least-loaded': { create: () => new LeastLoaded() },
  'round-robin': { create: () => new RoundRobin() },
  'consistent-hashing': { create: () => new ConsistentHashing(), byName: true },
} as const satisfies Readonly<Record<string, AssignmentImplementation>>;

type AssignmentName = keyof typeof assignments;
export const assignmentNames = Object.keys(assignments) as [AssignmentName, ...AssignmentName[]];

/** Whether each resource belongs to the manager that its name leads to. */
export function isByName(name: string): boolean {
  return (assignments as Readonly<Record<string, AssignmentImplementation>>)[name]?.byName === true;
}

/**
 * The assignment of that name, or the user's own.
 *
 * @throws RangeError for a name that is none of {@link assignmentNames}.
 */
export function createAssignment(
  name: string, own?: Configured<AssignmentImplementation>,
): Assignment {
  if (own !== undefined) return own.implementation.create(own.settings);
  if (Object.hasOwn(assignments, name)) return assignments[name as AssignmentName].create();
  throw new RangeError(`no assignment is called ${name}`);
}
