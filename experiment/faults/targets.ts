import { coordinatorKey, ringDistance } from '../../core/overlay/index.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import type { FaultTarget } from '../scenario/resolved.js';

/** Whom a fault hits: hosts (each with its process), and resources whose hosts stay up. */
export interface Victims {
  readonly processes: Set<Address>;
  readonly resources: Set<number>;
}

/** Who can be hit now. */
export interface Eligibility {
  process(address: Address): boolean;
  resource(resource: number): boolean;
  /** Who coordinates; -1: nobody. */
  coordinator(): Address;
}

/** A range of addresses or resource numbers. */
interface Range {
  readonly first: number;
  readonly count: number;
}

/** A scenario names a target that its system does not have. */
export class UnknownTargetError extends Error {
  override readonly name = 'UnknownTargetError';
}

/** Resolves the targets of faults, at the time at which the faults strike. */
export class TargetResolver {
  private readonly inventory: Inventory;
  private readonly named = new Map<string, { resource: boolean; number: number }>();
  private succession: readonly Address[] | null = null;

  /** @param targets - all that will be asked for, to look up their names once */
  constructor(inventory: Inventory, targets: readonly FaultTarget[]) {
    this.inventory = inventory;
    const wanted = new Set<string>();
    for (const target of targets) if (target.kind === 'named') wanted.add(target.name);
    this.find(wanted);
  }

  /** The units of a renewal process of that kind, one after the other. */
  range(kind: 'managers' | 'hosts' | 'resources'): Range {
    const { managers, agents, resources } = this.inventory;
    if (kind === 'managers') return { first: 0, count: managers };
    if (kind === 'hosts') return { first: managers, count: agents };
    return { first: 0, count: resources };
  }

  /**
   * Adds who is hit by `target` and eligible; who is not is left out.
   *
   * @param next - uniform draws in [0, 1) for the targets that are drawn
   */
  resolve(target: FaultTarget, eligible: Eligibility, next: () => number, into: Victims): void {
    switch (target.kind) {
      case 'coordinator': {
        const address = eligible.coordinator();
        if (address >= 0 && eligible.process(address)) into.processes.add(address);
        return;
      }
      case 'successors':
        for (const address of this.successors(target.count, eligible)) into.processes.add(address);
        return;
      case 'managers':
      case 'hosts': {
        const isFree = (address: Address): boolean =>
          address !== eligible.coordinator() &&
          eligible.process(address) &&
          !into.processes.has(address);
        pick(this.range(target.kind), target.count, isFree, next, into.processes);
        return;
      }
      case 'resources': {
        const isFree = (resource: number): boolean =>
          eligible.resource(resource) && !into.resources.has(resource);
        pick(this.range('resources'), target.count, isFree, next, into.resources);
        return;
      }
      case 'named': {
        const { resource, number } = this.named.get(target.name)!;
        if (resource && eligible.resource(number)) into.resources.add(number);
        if (!resource && eligible.process(number)) into.processes.add(number);
      }
    }
  }

  /** The managers next in line for the coordinator's role, those closest to its key first. */
  private successors(count: number, eligible: Eligibility): readonly Address[] {
    this.succession ??= succession(this.inventory);
    const found: Address[] = [];
    for (const address of this.succession) {
      if (found.length === count) break;
      if (address !== eligible.coordinator() && eligible.process(address)) found.push(address);
    }
    return found;
  }

  private find(wanted: Set<string>): void {
    const { inventory } = this;
    const take = (name: string, resource: boolean, number: number): void => {
      if (wanted.delete(name)) this.named.set(name, { resource, number });
    };
    const processes = inventory.managers + inventory.agents;
    for (let address = 0; address < processes && wanted.size > 0; address += 1) {
      take(inventory.processName(address), false, address);
    }
    for (let resource = 0; resource < inventory.resources && wanted.size > 0; resource += 1) {
      take(inventory.descriptor(resource).name, true, resource);
    }
    for (const name of wanted) throw new UnknownTargetError(`nothing is named ${name}`);
  }
}

function succession(inventory: Inventory): readonly Address[] {
  return Array.from({ length: inventory.managers }, (_, address) => {
    const node = inventory.nodeId(address, 0);
    return { address, node, distance: ringDistance(coordinatorKey, node) };
  })
    .sort((a, b) => {
      if (a.distance !== b.distance) return a.distance < b.distance ? -1 : 1;
      return a.node < b.node ? -1 : 1;
    })
    .map(({ address }) => address);
}

/** Misses in a row, per wanted one, after which drawing is given up for a look at all. */
const PATIENCE = 32;

/** Draws `count` of the range that are free, or as many as there are, into `picked`. */
function pick(
  range: Range,
  count: number,
  isFree: (unit: number) => boolean,
  next: () => number,
  picked: Set<number>,
): void {
  let left = Math.min(count, range.count);
  for (let tries = left * PATIENCE; tries > 0 && left > 0; tries -= 1) {
    const unit = range.first + Math.floor(next() * range.count);
    if (!isFree(unit)) continue;
    picked.add(unit);
    left -= 1;
  }
  if (left === 0) return;
  const free: number[] = [];
  for (let unit = range.first; unit < range.first + range.count; unit += 1) {
    if (isFree(unit)) free.push(unit);
  }
  for (; left > 0 && free.length > 0; left -= 1) {
    const [unit] = free.splice(Math.floor(next() * free.length), 1);
    picked.add(unit);
  }
}
