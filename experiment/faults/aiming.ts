import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import { EntityRandom } from '../random/streams.js';
import type { FaultTarget } from '../language/targets.js';
import type { FaultControls } from '../world.js';
import { CoordinatorView } from './coordinator-view.js';
import type { Damage } from './damage.js';
import type { Entry } from './entries.js';
import { kindOf, type AnyFault, type BuiltInAction, type LinkFault } from './kinds/index.js';
import type { LinkAim } from './link-aims.js';
import { LoadView } from './load-view.js';
import type { FaultAim, PluginFault } from './plugin-fault.js';
import type { FaultSettings } from './settings.js';
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
      ...targetsOf(action), ...partiesOf(action),
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
    if (action.kind !== 'from-plugin') {
      const kind = kindOf(action);
      if (kind.hits === 'links') {
        const links = this.#linkAimOf(entry, kind, action, unit);
        return links === null ? null : { victims: nobody(), aim: null, links };
      }
    }
    const aim = entry.own === null ? null : this.#aimOf(entry, entry.own, unit);
    const victims = aim === null ? this.#victimsOf(entry, unit) : victimsOf(aim);
    return victims === null ? null : { victims, aim, links: null };
  }

  #linkAimOf(
    entry: Entry, kind: LinkFault<BuiltInAction, unknown>, action: BuiltInAction, unit: number,
  ): LinkAim | null {
    const inventory = this.#inventory;
    const eligible = this.#eligibleFor(kind, entry);
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
    return kind.aim(action, { terrain: inventory, resolve, next });
  }

  /** Null: there is nobody to hit. */
  #victimsOf(entry: Entry, unit: number): Victims | null {
    const { action, when } = entry.settings;
    // It had somebody to aim at, or nobody is hit.
    if (action.kind === 'from-plugin') return null;
    if (!('targets' in action)) return nobody();
    const eligible = this.#eligibleFor(kindOf(action), entry);
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

  #aimOf(entry: Entry, own: PluginFault, unit: number): FaultAim | null {
    const ordinal = entry.drawn === null ? unit : entry.drawn[unit];
    const random = new EntityRandom(entry.targets, ordinal);
    return own.aim(() => random.next());
  }

  #eligibleFor(kind: AnyFault, { waiting }: Entry): Eligibility {
    const controls = this.#controls;
    const hitsTheDown = 'hitsTheDown' in kind && kind.hitsTheDown === true;
    const hitsAny = 'hitsAnyResource' in kind && kind.hitsAnyResource === true;
    return {
      process: (address) =>
        (hitsTheDown || controls.isHostUp(address)) &&
        !('passesOver' in kind && kind.passesOver?.({
          isPaused: controls.isPaused(address), isLeaving: this.#damage.isLeaving(address),
        })),
      // A resource on its way up may still be in the hands of the fault that crashed it.
      resource: (resource) =>
        kind.hits === 'nodes' &&
        (hitsAny || controls.isResourceUp(resource) && !this.#damage.isBroken(resource)),
      coordinator: () => this.coordinator(),
      concerned: (who) => waiting.begun?.[who] ?? -1,
      load: (manager) => this.#loads!.of(manager),
    };
  }
}

function victimsOf({ processes, resources }: FaultAim): Victims {
  return { processes: new Set(processes), resources: new Set(resources) };
}

function partiesOf(action: FaultSettings['action']): FaultTarget[] {
  const kind = action.kind === 'from-plugin' ? null : kindOf(action);
  if (kind?.hits !== 'links') return [];
  return (kind.parties?.(action as BuiltInAction) ?? []).flatMap(({ parties }) => parties);
}

function addAll(members: readonly Address[], { processes }: Victims): void {
  for (const address of members) processes.add(address);
}
