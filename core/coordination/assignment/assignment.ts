/** Which manager a resource goes to, and what should move once it is placed. */
import type { NodeId } from '../../identity.js';
import type { Configurable } from '../../configured.js';
import type { Address } from '../../process.js';

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

/** Who holds what, with each resource that is on its way counted where it goes. */
export interface Holdings {
  /** Managers that may hold resources. */
  readonly managers: Iterable<Address>;
  load(manager: Address): number;
  /** What the manager holds and could give away now, longest held first. */
  movable(manager: Address): Iterable<number>;
  /** One more than the greatest resource number. */
  readonly extent: number;
  /** Who holds the resource, or will once it has arrived; -1: nobody. */
  manager(resource: number): Address;
  /** Whether it could be given away now. */
  isMovable(resource: number): boolean;
  /** Whether its agent did not come to that manager lately. */
  shuns?(resource: number, manager: Address): boolean;
  name(resource: number): string;
}

export interface RebalanceLimits {
  /** A spread of loads, as a share of the mean, that is put up with. */
  readonly threshold: number;
  /** How many resources each manager may give or take now. */
  readonly perManager: number;
}

export interface Transfer {
  readonly resource: number;
  readonly from: Address;
  readonly to: Address;
}
