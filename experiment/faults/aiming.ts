import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { impairmentKinds } from '../impairment.js';
import type { Inventory } from '../inventory.js';
import { EntityRandom } from '../random/streams.js';
import { partiesOf } from '../scenario/cuts.js';
import type { FaultSettings, FaultTarget } from '../scenario/resolved.js';
import type { FaultControls } from '../world.js';
import { CoordinatorView } from './coordinator-view.js';
import type { Damage } from './damage.js';
import type { Entry } from './entries.js';
import { aimAtLinks, type LinkAction, type LinkAim } from './link-aims.js';
import { LoadView } from './load-view.js';
import type { FaultAim, PluggedFault } from './plugged.js';
import {
  TargetResolver, targetsOf, type Eligibility, type UnitKind, type Victims,
} from './targets.js';

/** What a strike is about to do. */
export interface Hit {
  readonly victims: Victims;
  readonly aim: FaultAim | null;
  readonly links: LinkAim | null;
}

const nobody = (): Victims => ({ processes: new Set(), resources: new Set() });

/** Chooses whom a fault hits when it strikes, among those that it can hit then. */
export class Aiming {
  readonly #inventory: Inventory;
  readonly #controls: FaultControls;
  readonly #damage: Damage;
  readonly #resolver: TargetResolver;
  readonly #coordinator = new CoordinatorView();
  /** Null where no fault asks for it: all observations pass here. */
  readonly #loads: LoadView | null;

  constructor(
    faults: readonly FaultSettings[], inventory: Inventory, controls: FaultControls, damage: Damage,
  ) {
    this.#inventory = inventory;
    this.#controls = controls;
    this.#damage = damage;
    const targets = faults.flatMap(({ action }) => [
      ...targetsOf(action), ...partiesOf(action, []).flatMap(({ parties }) => parties),
    ]);
    this.#resolver = new TargetResolver(inventory, targets);
    this.#loads = targets.some(({ kind }) => kind === 'fullest') ? new LoadView() : null;
  }

  observe(process: Address, observation: Observation): void {
    this.#coordinator.observe(process, observation);
    this.#resolver.succession.observe(process, observation);
    this.#loads?.observe(process, observation);
  }

  /** Who coordinates; -1: nobody. */
  coordinator(): Address {
    return this.#coordinator.current();
  }

  /** Null: there is nobody to hit. */
  hitOf(entry: Entry, unit: number): Hit | null {
    const { action } = entry.settings;
    if (isOfLinks(action)) {
      const links = this.#linkAimOf(entry, action, unit);
      return links === null ? null : { victims: nobody(), aim: null, links };
    }
    const aim = entry.own === null ? null : this.#aimOf(entry, entry.own, unit);
    const victims = aim === null ? this.#victimsOf(entry, unit) : victimsOf(aim);
    return victims === null ? null : { victims, aim, links: null };
  }

  #linkAimOf(entry: Entry, action: LinkAction, unit: number): LinkAim | null {
    const inventory = this.#inventory;
    const eligible = this.#eligibleFor('crash', entry);
    const ordinal = entry.drawn === null ? unit : entry.drawn[unit];
    const random = new EntityRandom(entry.targets, ordinal);
    const next = (): number => random.next();
    const resolve = (parties: readonly FaultTarget[]): ReadonlySet<Address> => {
      const found = nobody();
      for (const party of parties) {
        // The links of a place are there whoever is up.
        if (party.kind === 'zone') addAll(inventory.zoneMembers(party.index), found);
        else if (party.kind === 'rack') addAll(inventory.rackMembers(party.index), found);
        else this.#resolver.resolve(party, eligible, next, found);
      }
      return found.processes;
    };
    return aimAtLinks(action, { inventory, resolve, next });
  }

  /** Null: there is nobody to hit. */
  #victimsOf(entry: Entry, unit: number): Victims | null {
    const { action, when } = entry.settings;
    // It had somebody to aim at, or nobody is hit.
    if (action.kind === 'plugged') return null;
    if (!('targets' in action)) return nobody();
    const eligible = this.#eligibleFor(action.kind, entry);
    const victims = nobody();
    const { recorded } = entry;
    if (recorded !== null) {
      const process = recorded.units.process(unit);
      const resource = process < 0 ? recorded.units.resource(unit) : -1;
      if (process >= 0 && eligible.process(process)) victims.processes.add(process);
      if (resource >= 0 && eligible.resource(resource)) victims.resources.add(resource);
    } else if (when.kind === 'random') {
      this.#resolver.unit(action.targets[0].kind as UnitKind, unit, eligible, victims);
    } else {
      const random = new EntityRandom(entry.targets, unit);
      const next = (): number => random.next();
      for (const target of action.targets) this.#resolver.resolve(target, eligible, next, victims);
    }
    return victims.processes.size + victims.resources.size > 0 ? victims : null;
  }

  #aimOf(entry: Entry, own: PluggedFault, unit: number): FaultAim | null {
    const ordinal = entry.drawn === null ? unit : entry.drawn[unit];
    const random = new EntityRandom(entry.targets, ordinal);
    return own.aim(() => random.next());
  }

  #eligibleFor(kind: FaultSettings['action']['kind'], { waiting }: Entry): Eligibility {
    const controls = this.#controls;
    return {
      process: (address) =>
        // What is wrong with a machine does not depend on whether anything runs on it.
        (kind === 'restart' || kind === 'clock' || kind === 'slow' || controls.isHostUp(address)) &&
        !(kind === 'pause' && controls.isPaused(address)) &&
        !(kind === 'leave' && this.#damage.isLeaving(address)),
      // A resource on its way up may still be in the hands of the fault that crashed it.
      resource: (resource) =>
        (kind === 'crash' || kind === 'restart') &&
        controls.isResourceUp(resource) &&
        !this.#damage.isBroken(resource),
      coordinator: () => this.coordinator(),
      concerned: (who) => waiting.begun?.[who] ?? -1,
      load: (manager) => this.#loads!.of(manager),
    };
  }
}

function victimsOf({ processes, resources }: FaultAim): Victims {
  return { processes: new Set(processes), resources: new Set(resources) };
}

function isOfLinks(action: FaultSettings['action']): action is LinkAction {
  const kinds: readonly string[] = impairmentKinds;
  return action.kind === 'partition' || kinds.includes(action.kind);
}

function addAll(members: readonly Address[], { processes }: Victims): void {
  for (const address of members) processes.add(address);
}
