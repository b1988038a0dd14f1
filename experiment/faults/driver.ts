import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { impairmentKinds } from '../impairment.js';
import type { Inventory } from '../inventory.js';
import { sample } from '../random/distributions.js';
import { draw, EntityRandom, streamKey, type StreamKey } from '../random/streams.js';
import { partiesOf } from '../scenario/cuts.js';
import type { FaultSettings, FaultTarget, Phase, ResolvedScenario } from '../scenario/resolved.js';
import type { FaultControls } from '../world.js';
import { CoordinatorView } from './coordinator-view.js';
import { HostFaults } from './host-faults.js';
import { aimAtLinks, type LinkAction, type LinkAim } from './link-aims.js';
import { LinkFaults } from './links.js';
import { LoadView } from './load-view.js';
import { Phases } from './phases.js';
import type { FaultAim, PluggedFault } from './plugged.js';
import { hasOwnRepair, Replay, unitsOf, type Units } from './replay.js';
import { TargetResolver, type Eligibility, type UnitKind, type Victims } from './targets.js';
import { namesOf } from './words.js';

const US_PER_S = 1e6;

/** What a ticket of {@link FaultControls.schedule} is for. */
const BEGIN = 0;
const END = 1;

/** One entry of the scenario's `faults`, with streams of its own. */
interface Entry {
  readonly index: number;
  readonly settings: FaultSettings;
  readonly lifetimes: StreamKey;
  readonly repairs: StreamKey;
  readonly targets: StreamKey;
  /** Of a conditional one. */
  readonly waiting: Waiting;
  readonly flaps: StreamKey;
  /** Lifetimes drawn so far, per unit; null unless random. */
  readonly drawn: Uint32Array | null;
  /** Null for what is built in. */
  readonly own: PluggedFault | null;
  /** Null unless by a trace. */
  readonly recorded: { readonly replay: Replay; readonly units: Units } | null;
}

/** How a conditional entry waits for its phase. */
interface Waiting {
  /** How often it has been due. */
  strikes: number;
  /** A strike is still to come. */
  pending: boolean;
  /** How many such phases were over when that one began. */
  ended: number;
}

/** A fault under way. */
interface Fault {
  readonly number: number;
  readonly entry: Entry;
  /** The unit of a random entry or a trace, else how often the entry has struck before. */
  readonly unit: number;
  /** Whom it crashed or paused; not what crashed along with a host. */
  readonly victims: Victims;
  /** Resources that rules have still to repair; empty where the fault has its own repair. */
  readonly unrepaired: Set<number>;
  /** Those that were told to go or are to crash in their own time, and are not gone yet. */
  readonly leaving: Set<Address>;
  /** From its beginning to its own repair, of a leave from its end; Infinity: there is none. */
  readonly repairUs: number;
  /** It was healed while some were on their way out: they come back as soon as they are gone. */
  recalled: boolean;
  /** Of a fault of the user's own. */
  readonly aim: FaultAim | null;
  /** Of a fault of links. */
  readonly links: LinkAim | null;
  /** How often it has come and gone. */
  flaps: number;
}

/** What a strike is about to do. */
interface Hit {
  readonly victims: Victims;
  readonly aim: FaultAim | null;
  readonly links: LinkAim | null;
}

const nobody = (): Victims => ({ processes: new Set(), resources: new Set() });

/**
 * Makes the faults of a scenario happen, in whichever world. Draws belong to (entry, unit or
 * occurrence, ordinal), so an entry added at the end changes nobody else's.
 *
 * Whoever is already down when a crash is due is spared: the strike is counted as skipped, not as
 * injected, and a unit with a renewal process draws its next lifetime. Each victim belongs to the
 * fault that took it, so of overlapping faults none ends the other.
 *
 * Feed it all observations, after every other sink: it follows the coordinator and the repairs,
 * and reports the end of a fault from within.
 */
export class FaultDriver implements ObservationSink {
  /** Faults that were due and hit nobody. */
  skipped = 0;

  private readonly controls: FaultControls;
  private readonly inventory: Inventory;
  private readonly endUs: number;
  private readonly entries: readonly Entry[];
  private readonly resolver: TargetResolver;
  private readonly coordinator = new CoordinatorView();
  private readonly links: LinkFaults;
  private readonly hosts: HostFaults;
  /** Null where no fault asks for it: all observations pass here. */
  private readonly loads: LoadView | null;
  private readonly phases: Phases | null;
  private readonly underWay = new Map<number, Fault>();
  /** Which fault crashed or paused it. */
  private readonly crashed = new Map<Address, Fault>();
  private readonly paused = new Map<Address, Fault>();
  private readonly broken = new Map<number, Fault>();
  private readonly leaving = new Map<Address, Fault>();
  private injectedTotal = 0;
  private healed = false;

  constructor(
    scenario: Pick<ResolvedScenario, 'faults' | 'seed' | 'durationUs'>,
    inventory: Inventory,
    controls: FaultControls,
  ) {
    this.controls = controls;
    this.inventory = inventory;
    this.endUs = scenario.durationUs;
    this.hosts = new HostFaults(controls);
    this.links = new LinkFaults(controls, inventory.zones.length, inventory.zoneOf);
    const targets = scenario.faults.flatMap(({ action }) => [
      ...targetsOf(action), ...partiesOf(action, []).flatMap(({ parties }) => parties),
    ]);
    this.resolver = new TargetResolver(inventory, targets);
    this.loads = targets.some(({ kind }) => kind === 'fullest') ? new LoadView() : null;
    this.phases = scenario.faults.some(({ when }) => when.kind === 'during') ? new Phases() : null;
    this.entries = scenario.faults.map((settings, index) => ({
      index,
      settings,
      lifetimes: streamKey(scenario.seed, `faults/${index}/lifetime`),
      repairs: streamKey(scenario.seed, `faults/${index}/repair`),
      targets: streamKey(scenario.seed, `faults/${index}/targets`),
      waiting: { strikes: 0, pending: false, ended: 0 },
      flaps: streamKey(scenario.seed, `faults/${index}/flaps`),
      drawn: settings.when.kind === 'random' ? new Uint32Array(this.unitsOf(settings)) : null,
      own: this.ownOf(settings.action),
      recorded:
        settings.when.kind === 'trace'
          ? { replay: new Replay(settings.when), units: unitsOf(settings.action, inventory) }
          : null,
    }));
  }

  /** Faults injected so far; the next one's number. */
  get injected(): number {
    return this.injectedTotal;
  }

  /** Schedules the first strike of each entry, of each unit where random. */
  start(): void {
    for (const entry of this.entries) {
      const { when } = entry.settings;
      if (when.kind === 'at') this.scheduleStrike(entry, 0, when.atUs);
      else if (when.kind === 'every') this.scheduleStrike(entry, 0, when.fromUs);
      else if (when.kind === 'trace') {
        for (let unit = 0; unit < when.nodes; unit += 1) this.scheduleOutage(entry, unit);
      } else if (when.kind === 'random') {
        const units = entry.drawn!.length;
        for (let unit = 0; unit < units; unit += 1) this.scheduleLife(entry, unit, when.fromUs);
      }
    }
  }

  /** What {@link FaultControls.schedule} calls back. */
  due(ticket: number): void {
    if (ticket < 0) {
      const fault = this.underWay.get(-1 - ticket);
      if (fault !== undefined) this.flap(fault);
      return;
    }
    const what = ticket % 2;
    const rest = (ticket - what) / 2;
    if (what === END) {
      const fault = this.underWay.get(rest);
      if (fault !== undefined) this.end(fault);
      return;
    }
    const entry = this.entries[rest % this.entries.length];
    this.strike(entry, (rest - entry.index) / this.entries.length);
  }

  observe(_timeUs: number, process: Address, observation: Observation): void {
    this.coordinator.observe(process, observation);
    this.resolver.succession.observe(process, observation);
    this.loads?.observe(process, observation);
    const phase = this.phases?.observe(process, observation) ?? null;
    if (phase !== null) this.phaseBegan(phase);
    if (observation.type === 'process-down') this.gone(process);
    if (observation.type !== 'resource-state' || observation.state !== 'up') return;
    const fault = this.broken.get(observation.resource);
    if (fault === undefined || !fault.unrepaired.delete(observation.resource)) return;
    this.broken.delete(observation.resource);
    // Hosts that crashed in the same fault, without a repair, stay down.
    const { size } = fault.victims.processes;
    if (fault.unrepaired.size === 0 && size === 0) this.end(fault);
  }

  private strike(entry: Entry, unit: number): void {
    const { when, action } = entry.settings;
    if (this.healed && (when.kind === 'random' || when.kind === 'trace')) return;
    if (this.healed && when.kind === 'during') return;
    if (when.kind === 'during' && this.isTooLate(entry, when.phase)) {
      this.skipped += 1;
      return;
    }
    if (when.kind === 'every') {
      this.scheduleStrike(entry, unit + 1, this.controls.now() + when.everyUs);
    }
    if (action.kind === 'heal') return this.heal();
    const hit = this.hitOf(entry, unit);
    if (hit === null) {
      this.skipped += 1;
      this.scheduleNext(entry, unit);
    } else {
      this.begin(entry, unit, hit);
    }
  }

  private begin(entry: Entry, unit: number, { victims, aim, links }: Hit): void {
    const { action } = entry.settings;
    const number = this.injectedTotal;
    this.injectedTotal += 1;
    const mends = hasOwnRepair(entry.settings);
    const lasting = !mends && aim === null;
    const fault: Fault = {
      number, entry, unit, victims, aim, links,
      unrepaired: new Set(lasting ? victims.resources : []),
      leaving: new Set(),
      repairUs: this.repairOf(entry, unit),
      recalled: false,
      flaps: 0,
    };
    this.underWay.set(number, fault);
    this.controls.report({
      type: 'fault-began',
      fault: number,
      kind: action.kind === 'plugged' ? action.name : action.kind,
      target:
        (aim ?? links)?.target ??
        namesOf(victims.processes, victims.resources, this.inventory),
      processes: isOfHosts(action) ? [] : [...victims.processes],
      resources: this.resourcesTaken(action.kind, victims),
      ...(entry.recorded === null ? {} : { entry: entry.index }),
    });
    if (!endsByItself(action)) this.scheduleEnd(fault);
    if (aim !== null) entry.own!.begin(aim);
    else if (action.kind === 'leave') {
      this.leave(fault, (address) => this.controls.leaveProcess(address));
    } else if (action.kind === 'crash' && action.afterCalls !== undefined) {
      const { afterCalls } = action;
      this.leave(fault, (address) => this.controls.crashInside!(address, afterCalls));
    } else if (action.kind === 'crash') this.crash(fault, mends);
    else if (action.kind === 'restart') this.crash(fault, true);
    else if (action.kind === 'pause') this.pause(fault);
    else if (isOfHosts(action)) this.hosts.begin(number, action, victims.processes);
    else if (links !== null) this.flap(fault);
  }

  private end(fault: Fault): void {
    const { number, entry, unit, victims, aim } = fault;
    const { action } = entry.settings;
    if (action.kind === 'crash') this.spare(fault);
    if (fault.leaving.size > 0) {
      fault.recalled = true;
      return;
    }
    if (!this.underWay.delete(number)) return;
    this.controls.report({ type: 'fault-ended', fault: number });
    if (aim !== null) entry.own!.end(aim);
    else if (takesDown(action)) this.repair(fault);
    else if (action.kind === 'pause') {
      for (const address of victims.processes) {
        if (this.paused.get(address) !== fault) continue;
        this.paused.delete(address);
        this.controls.resumeProcess(address);
      }
    } else if (isOfHosts(action)) this.hosts.end(number, action, victims.processes);
    else this.links.end(number);
    this.scheduleNext(entry, unit);
  }

  /** A fault of links comes, and comes back; if it flaps, it goes in between. */
  private flap(fault: Fault): void {
    const { number, entry, unit, links, flaps } = fault;
    const { flapping } = entry.settings;
    const isThere = flaps % 2 === 0;
    if (isThere) this.links.begin(number, links!.effect);
    else this.links.end(number);
    fault.flaps += 1;
    if (flapping === undefined) return;
    const strike = entry.drawn === null ? unit : entry.drawn[unit];
    const u = draw(entry.flaps, strike, flaps);
    const lastingUs = toUs(sample(isThere ? flapping.bad : flapping.good, u));
    const untilUs = this.controls.now() + Math.max(lastingUs, flapping.atLeastUs);
    this.controls.schedule(untilUs, -1 - number);
  }

  private crash(fault: Fault, hold: boolean): void {
    for (const address of fault.victims.processes) {
      this.crashed.set(address, fault);
      this.controls.crashHost(address);
      if (losesState(fault)) this.controls.loseState!(address);
    }
    for (const resource of fault.victims.resources) {
      this.broken.set(resource, fault);
      if (hold) this.controls.holdResource(resource, true);
      this.controls.crashResource(resource);
    }
  }

  /** Its victims go down in their own time. */
  private leave(fault: Fault, go: (address: Address) => void): void {
    for (const address of fault.victims.processes) {
      // Another may have told it to go: from now on it goes by this one.
      this.released(address);
      this.crashed.set(address, fault);
      this.leaving.set(address, fault);
      fault.leaving.add(address);
    }
    for (const address of fault.victims.processes) go(address);
  }

  /** Those that are still to crash in their own time are not to any more. */
  private spare(fault: Fault): void {
    for (const address of fault.leaving) {
      this.controls.spareInside!(address);
      this.leaving.delete(address);
      this.crashed.delete(address);
    }
    fault.leaving.clear();
  }

  private gone(address: Address): void {
    const fault = this.released(address);
    if (fault !== undefined && losesState(fault)) this.controls.loseState!(address);
  }

  /** Once the last of those that a fault has told to go need not any more, its repair can begin. */
  private released(address: Address): Fault | undefined {
    const fault = this.leaving.get(address);
    if (fault === undefined) return undefined;
    this.leaving.delete(address);
    fault.leaving.delete(address);
    if (fault.leaving.size === 0) this.scheduleEnd(fault);
    return fault;
  }

  private scheduleEnd({ number, repairUs, recalled, entry, unit }: Fault): void {
    const nowUs = this.controls.now();
    const { recorded } = entry;
    // A trace says when it ends, however long it took to leave.
    const dueUs = recorded === null ? nowUs + repairUs : recorded.replay.endOf(unit);
    const atUs = recalled ? nowUs + 1 : Math.max(dueUs, nowUs + 1);
    // What heavy tails draw may be later than any time.
    if (atUs > Number.MAX_SAFE_INTEGER) return;
    this.controls.schedule(atUs, number * 2 + END);
  }

  private repairOf(entry: Entry, unit: number): number {
    const { repair } = entry.settings;
    if (repair === null) return Infinity;
    // A random entry's k-th fault has the k-th repair, whatever was skipped elsewhere.
    const ordinal = entry.drawn === null ? 0 : entry.drawn[unit];
    return toUs(sample(repair, draw(entry.repairs, unit, ordinal)));
  }

  private repair(fault: Fault): void {
    for (const address of fault.victims.processes) {
      if (this.crashed.get(address) !== fault) continue;
      this.crashed.delete(address);
      this.controls.restartHost(address);
    }
    for (const resource of fault.victims.resources) {
      if (this.broken.get(resource) !== fault) continue;
      this.broken.delete(resource);
      this.controls.holdResource(resource, false);
      this.controls.repairResource(resource);
    }
  }

  private pause(fault: Fault): void {
    for (const address of fault.victims.processes) {
      this.paused.set(address, fault);
      this.controls.pauseProcess(address);
    }
  }

  private heal(): void {
    this.healed = true;
    for (const fault of this.underWay.values()) this.end(fault);
    this.links.heal();
  }

  /** Null: there is nobody to hit. */
  private hitOf(entry: Entry, unit: number): Hit | null {
    const { action } = entry.settings;
    if (isOfLinks(action)) {
      const links = this.linkAimOf(entry, action, unit);
      return links === null ? null : { victims: nobody(), aim: null, links };
    }
    const aim = entry.own === null ? null : this.aimOf(entry, entry.own, unit);
    const victims = aim === null ? this.victimsOf(entry, unit) : victimsOf(aim);
    return victims === null ? null : { victims, aim, links: null };
  }

  private linkAimOf(entry: Entry, action: LinkAction, unit: number): LinkAim | null {
    const { inventory, resolver } = this;
    const eligible = this.eligibleFor('crash');
    const ordinal = entry.drawn === null ? unit : entry.drawn[unit];
    const random = new EntityRandom(entry.targets, ordinal);
    const next = (): number => random.next();
    const resolve = (parties: readonly FaultTarget[]): ReadonlySet<Address> => {
      const found = nobody();
      for (const party of parties) {
        // The links of a place are there whoever is up.
        if (party.kind === 'zone') addAll(inventory.zoneMembers(party.index), found);
        else if (party.kind === 'rack') addAll(inventory.rackMembers(party.index), found);
        else resolver.resolve(party, eligible, next, found);
      }
      return found.processes;
    };
    return aimAtLinks(action, { inventory, resolve, next });
  }

  /** Null: there is nobody to hit. */
  private victimsOf(entry: Entry, unit: number): Victims | null {
    const { action, when } = entry.settings;
    // It had somebody to aim at, or nobody is hit.
    if (action.kind === 'plugged') return null;
    if (!('targets' in action)) return nobody();
    const eligible = this.eligibleFor(action.kind);
    const victims = nobody();
    const { recorded } = entry;
    if (recorded !== null) {
      const process = recorded.units.process(unit);
      const resource = process < 0 ? recorded.units.resource(unit) : -1;
      if (process >= 0 && eligible.process(process)) victims.processes.add(process);
      if (resource >= 0 && eligible.resource(resource)) victims.resources.add(resource);
    } else if (when.kind === 'random') {
      this.resolver.unit(action.targets[0].kind as UnitKind, unit, eligible, victims);
    } else {
      const random = new EntityRandom(entry.targets, unit);
      const next = (): number => random.next();
      for (const target of action.targets) this.resolver.resolve(target, eligible, next, victims);
    }
    return victims.processes.size + victims.resources.size > 0 ? victims : null;
  }

  private ownOf(action: FaultSettings['action']): PluggedFault | null {
    if (action.kind !== 'plugged') return null;
    const { controls, inventory } = this;
    const coordinator = (): Address => this.coordinator.current();
    return action.implementation.create(action.settings, { controls, inventory, coordinator });
  }

  private aimOf(entry: Entry, own: PluggedFault, unit: number): FaultAim | null {
    const ordinal = entry.drawn === null ? unit : entry.drawn[unit];
    const random = new EntityRandom(entry.targets, ordinal);
    return own.aim(() => random.next());
  }

  /** A phase began that conditional entries may have been waiting for. */
  private phaseBegan(phase: Phase): void {
    const nowUs = this.controls.now();
    for (const entry of this.entries) {
      const { waiting } = entry;
      const { when } = entry.settings;
      if (when.kind !== 'during' || when.phase !== phase || waiting.pending) continue;
      if (this.healed || nowUs < when.fromUs || nowUs >= when.untilUs) continue;
      if (when.times !== null && waiting.strikes >= when.times) continue;
      const occurrence = waiting.strikes;
      waiting.strikes += 1;
      waiting.pending = true;
      waiting.ended = this.phases!.ended(phase);
      const delayUs = toUs(sample(when.delay, draw(entry.lifetimes, 0, occurrence)));
      if (nowUs + delayUs >= this.endUs) continue;
      this.controls.schedule(nowUs + delayUs, this.ticketOf(entry, occurrence));
    }
  }

  private isTooLate({ waiting }: Entry, phase: Phase): boolean {
    waiting.pending = false;
    return this.phases!.ended(phase) > waiting.ended;
  }

  private eligibleFor(kind: FaultSettings['action']['kind']): Eligibility {
    const { controls } = this;
    return {
      process: (address) =>
        // What is wrong with a machine does not depend on whether anything runs on it.
        (kind === 'restart' || kind === 'clock' || kind === 'slow' || controls.isHostUp(address)) &&
        !(kind === 'pause' && controls.isPaused(address)) &&
        !(kind === 'leave' && this.leaving.has(address)),
      // A resource on its way up may still be in the hands of the fault that crashed it.
      resource: (resource) =>
        (kind === 'crash' || kind === 'restart') &&
        controls.isResourceUp(resource) &&
        !this.broken.has(resource),
      coordinator: () => this.coordinator.current(),
      load: (manager) => this.loads!.of(manager),
    };
  }

  /** With the resources that run on the hosts that crash. */
  private resourcesTaken(kind: string, victims: Victims): readonly number[] {
    const taken = new Set(victims.resources);
    if (kind === 'crash' || kind === 'restart') {
      for (const address of victims.processes) {
        for (const resource of this.inventory.resourcesOf(address)) {
          if (this.controls.isResourceUp(resource)) taken.add(resource);
        }
      }
    }
    return [...taken];
  }

  /** What comes after a fault is over, or was spared. */
  private scheduleNext(entry: Entry, unit: number): void {
    if (entry.recorded === null) this.scheduleLife(entry, unit, this.controls.now());
    else this.scheduleOutage(entry, unit);
  }

  private scheduleOutage(entry: Entry, unit: number): void {
    const { replay } = entry.recorded!;
    const nowUs = this.controls.now();
    if (this.healed) return;
    while (replay.next(unit)) {
      // Of an outage that was over before the one ahead of it came to an end, nothing is left.
      if (replay.endUs <= nowUs + 1) continue;
      return this.scheduleStrike(entry, unit, Math.max(replay.beginUs, nowUs + 1));
    }
  }

  private scheduleLife(entry: Entry, unit: number, fromUs: number): void {
    const { when } = entry.settings;
    if (when.kind !== 'random' || this.healed) return;
    const ordinal = entry.drawn![unit];
    entry.drawn![unit] = ordinal + 1;
    const u = draw(entry.lifetimes, unit, ordinal);
    this.scheduleStrike(entry, unit, fromUs + toUs(sample(when.lifetime, u)));
  }

  private scheduleStrike(entry: Entry, unit: number, atUs: number): void {
    const { when } = entry.settings;
    // What would come too late needs no pending event: a million long-lived units cost nothing.
    const within = when.kind === 'at' || when.kind === 'trace' || atUs < when.untilUs;
    if (atUs >= this.endUs || !within) return;
    this.controls.schedule(atUs, this.ticketOf(entry, unit));
  }

  private ticketOf(entry: Entry, unit: number): number {
    return (unit * this.entries.length + entry.index) * 2 + BEGIN;
  }

  private unitsOf({ action }: FaultSettings): number {
    const [target] = targetsOf(action);
    if (target === undefined) return 1;
    return this.resolver.range(target.kind as UnitKind).count;
  }
}

function victimsOf({ processes, resources }: FaultAim): Victims {
  return { processes: new Set(processes), resources: new Set(resources) };
}

function isOfLinks(action: FaultSettings['action']): action is LinkAction {
  const kinds: readonly string[] = impairmentKinds;
  return action.kind === 'partition' || kinds.includes(action.kind);
}

function targetsOf(action: FaultSettings['action']): readonly FaultTarget[] {
  return 'targets' in action ? action.targets : [];
}

function takesDown({ kind }: FaultSettings['action']): boolean {
  return kind === 'crash' || kind === 'restart' || kind === 'leave';
}

function isOfHosts(
  action: FaultSettings['action'],
): action is Extract<FaultSettings['action'], { kind: 'clock' | 'slow' }> {
  return action.kind === 'clock' || action.kind === 'slow';
}

function addAll(members: readonly Address[], { processes }: Victims): void {
  for (const address of members) processes.add(address);
}

function losesState({ entry }: Fault): boolean {
  return 'loseState' in entry.settings.action;
}

/** Its end is reckoned from when the last of its victims is down. */
function endsByItself(action: FaultSettings['action']): boolean {
  return action.kind === 'leave' || (action.kind === 'crash' && action.afterCalls !== undefined);
}

/** At least 1: what a fault causes is never at its own instant. */
function toUs(seconds: number): number {
  return Math.max(1, Math.round(seconds * US_PER_S));
}
