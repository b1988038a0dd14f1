import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import type { FaultTarget } from '../language/targets.js';
import type { FaultAction } from './kinds/index.js';
import { Succession } from './succession.js';

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
  /** The manager, or the other host, that is at the phase that the fault waited for; -1: none. */
  concerned(who: 'manager' | 'host'): Address;
  /** How many resources a manager lists. */
  load(manager: Address): number;
}

/** Of what each unit of a renewal process is one. */
export type UnitKind = 'managers' | 'hosts' | 'resources' | 'zones' | 'racks';

/** A range of addresses or resource numbers. */
interface Range {
  readonly first: number;
  readonly count: number;
}

/** A scenario names a target that its system does not have. */
export class UnknownTargetError extends Error {
  override readonly name = 'UnknownTargetError';
}

/** The units of a renewal process of that kind, one after the other. */
export function rangeOf(kind: UnitKind, inventory: Inventory): Range {
  const { managers, agents, resources } = inventory;
  if (kind === 'managers') return { first: 0, count: managers };
  if (kind === 'hosts') return { first: managers, count: agents };
  if (kind === 'zones') return { first: 0, count: inventory.zones.length };
  if (kind === 'racks') return { first: 0, count: inventory.racks };
  return { first: 0, count: resources };
}

export function targetsOf(action: FaultAction): readonly FaultTarget[] {
  return 'targets' in action ? action.targets : [];
}

/** Resolves the targets of faults, at the time at which the faults strike. */
export class TargetResolver {
  private readonly inventory: Inventory;
  private readonly named = new Map<string, { resource: boolean; number: number }>();
  /** To be told of all observations by whoever asks for successors. */
  readonly succession: Succession;

  /** @param targets - all that will be asked for, to look up their names once */
  constructor(inventory: Inventory, targets: readonly FaultTarget[]) {
    this.inventory = inventory;
    this.succession = new Succession(inventory);
    const wanted = new Set<string>();
    for (const target of targets) if (target.kind === 'named') wanted.add(target.name);
    this.find(wanted);
  }

  /** Adds the unit, or all that is in it, as far as it is eligible. */
  unit(kind: UnitKind, unit: number, eligible: Eligibility, into: Victims): void {
    if (kind === 'zones') this.within(this.inventory.zoneMembers(unit), eligible, into);
    else if (kind === 'racks') this.within(this.inventory.rackMembers(unit), eligible, into);
    else if (kind === 'resources') {
      if (eligible.resource(unit)) into.resources.add(unit);
    } else {
      const address = rangeOf(kind, this.inventory).first + unit;
      if (eligible.process(address)) into.processes.add(address);
    }
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
      case 'concerned': {
        const address = eligible.concerned(target.who);
        if (address >= 0 && eligible.process(address)) into.processes.add(address);
        return;
      }
      case 'fullest':
        for (const address of this.fullest(target.count, eligible)) into.processes.add(address);
        return;
      case 'zone':
        return this.unit('zones', target.index, eligible, into);
      case 'rack':
        return this.unit('racks', target.index, eligible, into);
      case 'zones':
      case 'racks':
        return this.places(target.kind, target.count, eligible, next, into);
      case 'managers':
      case 'hosts': {
        const isFree = (address: Address): boolean =>
          address !== eligible.coordinator() &&
          eligible.process(address) &&
          !into.processes.has(address);
        pick(rangeOf(target.kind, this.inventory), target.count, isFree, next, into.processes);
        return;
      }
      case 'resources': {
        const isFree = (resource: number): boolean =>
          eligible.resource(resource) && !into.resources.has(resource);
        pick(rangeOf('resources', this.inventory), target.count, isFree, next, into.resources);
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
    const found: Address[] = [];
    for (const address of this.succession.line) {
      if (found.length === count) break;
      if (address !== eligible.coordinator() && eligible.process(address)) found.push(address);
    }
    return found;
  }

  /** The managers with most resources, of equal ones those first that are numbered first. */
  private fullest(count: number, eligible: Eligibility): readonly Address[] {
    return Array.from({ length: this.inventory.managers }, (_, address) => address)
      .filter((address) => eligible.process(address))
      .sort((a, b) => eligible.load(b) - eligible.load(a) || a - b)
      .slice(0, count);
  }

  /** Zones or racks in which there is somebody to hit. */
  private places(
    kind: 'zones' | 'racks',
    count: number,
    eligible: Eligibility,
    next: () => number,
    into: Victims,
  ): void {
    const members = (place: number): readonly Address[] =>
      kind === 'zones' ? this.inventory.zoneMembers(place) : this.inventory.rackMembers(place);
    const picked = new Set<number>();
    const isFree = (place: number): boolean =>
      !picked.has(place) && members(place).some((address) => eligible.process(address));
    pick(rangeOf(kind, this.inventory), count, isFree, next, picked);
    for (const place of picked) this.within(members(place), eligible, into);
  }

  private within(members: readonly Address[], eligible: Eligibility, into: Victims): void {
    for (const address of members) if (eligible.process(address)) into.processes.add(address);
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
