import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import type { FaultControls } from '../world.js';
import { Aiming, type Hit } from './aiming.js';
import { Damage } from './damage.js';
import { entryOf, type Entry, type Fault } from './entries.js';
import { HostFaults } from './host-faults.js';
import { kindOf, type AnyFault, type BuiltInAction } from './kinds/index.js';
import type { Hands, NodeFault, SerialFault, Unfolding } from './kinds/kind.js';
import { LinkFaults } from './links.js';
import { hasOwnRepair } from './replay.js';
import type { FaultPlan } from './settings.js';
import type { Victims } from './targets.js';
import { Timetable } from './timetable.js';
import { namesOf } from './words.js';

/**
 * Makes the faults of a scenario happen, in whichever world. Draws belong to (entry, unit or
 * occurrence, ordinal), so an entry added at the end changes nobody else's.
 *
 * Whoever is already down when a crash is due is spared: the strike is counted as skipped, not as
 * injected, and a unit with a renewal process draws its next lifetime.
 *
 * Feed it all observations, after every other sink: it follows the coordinator and the repairs,
 * and reports the end of a fault from within.
 */
export class FaultDriver implements ObservationSink {
  /** Faults that were due and hit nobody. */
  skipped = 0;

  private readonly controls: FaultControls;
  private readonly inventory: Inventory;
  private readonly timetable: Timetable;
  private readonly aiming: Aiming;
  private readonly damage: Damage;
  private readonly links: LinkFaults;
  private readonly hosts = new HostFaults();
  private readonly underWay = new Map<number, Fault>();
  /** By entry: what goes on by itself. */
  private readonly unfolding = new Map<number, Unfolding>();
  private injectedTotal = 0;

  constructor(
    { faults, seed, durationUs }: FaultPlan,
    inventory: Inventory,
    controls: FaultControls,
  ) {
    this.controls = controls;
    this.inventory = inventory;
    this.links = new LinkFaults(controls, inventory.zones.length, inventory.zoneOf);
    this.damage = new Damage(controls, (fault) => this.timetable.scheduleEnd(fault));
    this.aiming = new Aiming(faults, inventory, controls, this.damage);
    const coordinator = (): Address => this.aiming.coordinator();
    const entries = faults.map((settings, index) =>
      entryOf(settings, index, seed, inventory, { controls, inventory, coordinator }));
    this.timetable = new Timetable(entries, inventory, controls, durationUs);
  }

  /** Faults injected so far; the next one's number. */
  get injected(): number {
    return this.injectedTotal;
  }

  /** Schedules what comes first. */
  start(): void {
    this.timetable.start();
  }

  /** What {@link FaultControls.schedule} calls back. */
  due(ticket: number): void {
    const due = this.timetable.read(ticket);
    if (due.what === 'strike') return this.strike(due.entry, due.unit);
    const fault = this.underWay.get(due.fault);
    if (fault === undefined) return;
    if (due.what === 'end') this.end(fault);
    else this.flap(fault);
  }

  observe(_timeUs: number, process: Address, observation: Observation): void {
    this.aiming.observe(process, observation);
    this.timetable.observe(process, observation);
    if (this.unfolding.size > 0) {
      for (const one of this.unfolding.values()) one.observe(process, observation);
    }
    if (observation.type === 'process-down') this.damage.gone(process);
    if (observation.type !== 'resource-state' || observation.state !== 'up') return;
    const fault = this.damage.mended(observation.resource);
    if (fault !== null) this.end(fault);
  }

  /** Hosts go down, and no entry of the scenario asked for it. To be told before they are down. */
  accident(why: string, processes: readonly Address[]): void {
    const number = this.injectedTotal;
    this.injectedTotal += 1;
    const victims = { processes: new Set(processes), resources: new Set<number>() };
    this.controls.report({
      type: 'fault-began', fault: number, kind: 'crash',
      target: `${namesOf(victims.processes, victims.resources, this.inventory)} (${why})`,
      processes: [...processes], resources: this.resourcesTaken(victims),
    });
  }

  private strike(entry: Entry, unit: number): void {
    const { when, action } = entry.settings;
    const { timetable } = this;
    if (timetable.healed && when.kind !== 'at' && when.kind !== 'every') return;
    if (when.kind === 'during' && timetable.isTooLate(entry)) {
      this.skipped += 1;
      return;
    }
    timetable.scheduleAgain(entry, unit);
    const kind = action.kind === 'from-plugin' ? null : kindOf(action);
    if (kind?.hits === 'all') return this.heal();
    if (kind?.hits === 'in turn') return this.unfold(entry, kind, unit);
    const hit = this.aiming.hitOf(entry, unit);
    if (hit === null) {
      this.skipped += 1;
      timetable.scheduleNext(entry, unit);
    } else {
      this.begin(entry, unit, hit);
    }
  }

  /** It begins, or goes on: each step is a fault. */
  private unfold(entry: Entry, kind: SerialFault<BuiltInAction, unknown>, unit: number): void {
    const known = this.unfolding.get(entry.index);
    if (known !== undefined) return known.due(unit);
    const action = entry.settings.action as BuiltInAction;
    const unfolding = kind.unfold(action, this.inventory, this.controls, {
      schedule: (what, delayUs) => this.timetable.scheduleStep(entry, what, delayUs),
      restart: (resource, what) => {
        const victims = { processes: new Set<Address>(), resources: new Set([resource]) };
        this.begin(entry, what, { victims, aim: null, links: null });
      },
      skipped: () => {
        this.skipped += 1;
      },
    });
    this.unfolding.set(entry.index, unfolding);
    unfolding.begin();
  }

  private begin(entry: Entry, unit: number, { victims, aim, links }: Hit): void {
    const { action } = entry.settings;
    const kind = action.kind === 'from-plugin' ? null : kindOf(action);
    const number = this.injectedTotal;
    this.injectedTotal += 1;
    const mends = hasOwnRepair(entry.settings);
    const takes = kind === null || !('takes' in kind) ? 'life' : kind.takes;
    const lasting = !mends && aim === null && takes === 'life';
    const fault: Fault = {
      number, entry, unit, victims, aim, links,
      unrepaired: new Set(lasting ? victims.resources : []),
      leaving: new Set(),
      repairUs: this.timetable.repairOf(entry, unit),
      recalled: false,
      flaps: 0,
    };
    this.underWay.set(number, fault);
    this.controls.report({
      type: 'fault-began',
      fault: number,
      kind: action.kind === 'from-plugin' ? action.name : action.kind,
      target:
        (aim ?? links)?.target ??
        namesOf(victims.processes, victims.resources, this.inventory),
      processes: takes === 'nothing' ? [] : [...victims.processes],
      resources: takes === 'nothing' ? [] : takes === 'life' && aim === null
        ? this.resourcesTaken(victims) : [...victims.resources],
      ...(entry.recorded === null ? {} : { entry: entry.index }),
    });
    const builtIn = action as BuiltInAction;
    const node = kind === null ? null : asNodeFault(kind);
    if (node?.takesItsTime?.(builtIn) !== true) this.timetable.scheduleEnd(fault);
    if (aim !== null) entry.own!.begin(aim);
    else if (node !== null) node.begin(builtIn, this.handsOn(fault, node.name));
    else if (links !== null) this.flap(fault);
    else this.damage.crash(fault, true);
  }

  private end(fault: Fault): void {
    const { number, entry, unit, aim, links } = fault;
    const { action } = entry.settings;
    const kind = action.kind === 'from-plugin' ? null : kindOf(action);
    const node = kind === null ? null : asNodeFault(kind);
    const hands = node === null ? null : this.handsOn(fault, node.name);
    node?.recall?.(hands!);
    if (fault.leaving.size > 0) {
      fault.recalled = true;
      return;
    }
    if (!this.underWay.delete(number)) return;
    this.controls.report({ type: 'fault-ended', fault: number });
    if (aim !== null) entry.own!.end(aim);
    else if (node !== null) node.end(action as BuiltInAction, hands!);
    else if (links !== null) this.links.end(number);
    else this.damage.repair(fault);
    this.timetable.scheduleNext(entry, unit);
  }

  private handsOn(fault: Fault, kind: string): Hands {
    const { controls, damage, hosts } = this;
    const { number, entry, victims: { processes, resources } } = fault;
    return {
      controls,
      mends: hasOwnRepair(entry.settings),
      crash: (hold) => damage.crash(fault, hold),
      goDown: (go) => damage.leave(fault, go),
      spare: () => damage.spare(fault),
      repair: () => damage.repair(fault),
      resources: () => [...new Set([
        ...resources, ...[...processes].flatMap((host) => this.inventory.resourcesOf(host)),
      ])],
      hosts: () => [...processes],
      pause: () => damage.pause(fault),
      resume: () => damage.resume(fault),
      put: (value, apply) => hosts.begin(kind, number, processes, value, apply),
      take: (apply) => hosts.end(kind, number, processes, apply),
    };
  }

  /** A fault of links comes, and comes back; if it flaps, it goes in between. */
  private flap(fault: Fault): void {
    const { number, links, flaps } = fault;
    if (flaps % 2 === 0) this.links.begin(number, links!.effect);
    else this.links.end(number);
    this.timetable.scheduleFlap(fault);
    fault.flaps += 1;
  }

  private heal(): void {
    this.timetable.healed = true;
    for (const one of this.unfolding.values()) one.stop();
    for (const fault of this.underWay.values()) this.end(fault);
    this.links.heal();
  }

  /** With the resources that run on the hosts that go down. */
  private resourcesTaken(victims: Victims): readonly number[] {
    const taken = new Set(victims.resources);
    for (const address of victims.processes) {
      for (const resource of this.inventory.resourcesOf(address)) {
        if (this.controls.isResourceUp(resource)) taken.add(resource);
      }
    }
    return [...taken];
  }
}

function asNodeFault(kind: AnyFault): NodeFault<BuiltInAction, unknown> | null {
  return 'begin' in kind ? kind : null;
}
