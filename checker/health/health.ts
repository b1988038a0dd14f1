import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import { NO_BALLOT, NONE, Truth, type TruthListener } from '../truth/index.js';
import { Component, HELD, LISTED_TWICE, LIVE, UNHELD } from './component.js';
import { Deadlines } from './deadlines.js';
import { Differences } from './differences.js';
import { FaultRecoveries } from './fault-recoveries.js';
import { isListedElsewhere, standing } from './holding.js';
import { conditions, type ConditionStates, type Disturbance } from './listener.js';
import type { HealthListener, Violation } from './listener.js';
import { disturbanceOf, suspicionOf } from './signals.js';
import { violationsOf } from './violations.js';

/** The allowances of the definition of health; `Bounds` has them. */
export interface HealthWindows {
  /** J: a process counts once it has been up for so long. */
  readonly registrationUs: number;
  /** W: a listing elsewhere is tolerated for so long. */
  readonly handOverUs: number;
  /** delta: changes younger than this need not show in the coordinator's model. */
  readonly stalenessUs: number;
}

/** As a counted manager stands: it is counted in its component under its ballot. */
const COUNTED = 2;

/**
 * Judges the management plane by the observation stream alone, incrementally: each observation
 * touches the tallies of what it concerns; deadlines wait in queues and take effect at their due
 * instants, in order of time, once a later instant is reached. All resources are looked at only
 * when reachability changes, and by a new coordinator's {@link Differences}.
 *
 * An instant is judged when it is over, so several observations at one time are one change.
 */
export class Health implements ObservationSink, TruthListener {
  /** What is true, kept up to date by this class: do not feed it. */
  readonly truth: Truth;
  readonly #inventory: Inventory;
  readonly #windows: HealthWindows;
  readonly #listeners: HealthListener[];
  readonly #recoveries: FaultRecoveries;
  #nowUs = 0;
  /** Something has been since the last instant was judged. */
  #observed = false;
  #disturbedUs = 0;
  #disturbed = false;
  #components: readonly Component[];
  /** How each resource stands; the tallies of the components are the sums of these. */
  readonly #standing: Uint8Array;
  /** How each manager stands (LIVE, COUNTED), and the ballot that it is counted under. */
  readonly #managerStanding: Uint8Array;
  readonly #countedUnder: Int32Array;
  readonly #differences = new Map<Address, Differences>();
  readonly #resourceCounts: Deadlines;
  readonly #managerCounts: Deadlines;
  readonly #handOvers: Deadlines;
  /** A resource that lately came to violate the second condition. */
  #suspect = -1;
  /** As last told; null before the first instant is over. */
  #told: { healthy: boolean; sinceUs: number; conditions: ConditionStates } | null = null;

  constructor(
    inventory: Inventory,
    windows: HealthWindows,
    listeners: readonly HealthListener[] = [],
  ) {
    this.#inventory = inventory;
    this.#windows = windows;
    this.#listeners = [...listeners];
    this.truth = new Truth(inventory, this);
    this.#recoveries = new FaultRecoveries(this.truth);
    this.#components = this.truth.reachability.components.map((zones) => new Component(zones));
    this.#standing = new Uint8Array(inventory.resources);
    this.#managerStanding = new Uint8Array(inventory.managers);
    this.#countedUnder = new Int32Array(inventory.managers).fill(NO_BALLOT);
    this.#resourceCounts = new Deadlines(windows.registrationUs);
    this.#managerCounts = new Deadlines(windows.registrationUs);
    this.#handOvers = new Deadlines(windows.handOverUs);
  }

  /** Adds a listener; it hears of what happens from now on. */
  listen(listener: HealthListener): void {
    this.#listeners.push(listener);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.advance(timeUs);
    this.#observed = true;
    const disturbance = disturbanceOf(this.truth, timeUs, process, observation);
    if (disturbance !== null) this.#disturb(disturbance);
    if (observation.type === 'fault-began') {
      this.#recoveries.began(timeUs, observation, this.#standing);
    } else if (observation.type === 'fault-ended') {
      this.#recoveries.ended(observation.fault);
    } else {
      const suspicion = suspicionOf(this.truth, timeUs, process, observation);
      if (suspicion !== null) {
        for (const listener of this.#listeners) listener.suspected?.(suspicion);
      }
    }
    this.truth.observe(timeUs, process, observation);
  }

  /**
   * Lets time pass: what falls due up to `timeUs`, inclusive, takes effect.
   *
   * @throws RangeError when time would run backwards
   */
  advance(timeUs: number): void {
    if (timeUs < this.#nowUs) {
      throw new RangeError(`observed at ${timeUs} us, after ${this.#nowUs} us`);
    }
    for (;;) {
      const { dueUs } = this;
      if (dueUs > timeUs) break;
      if (dueUs > this.#nowUs) this.#pass(dueUs);
      this.#takeDue();
      // What time alone has changed is to be judged when this instant is over, as well.
      this.#observed = true;
    }
    if (timeUs > this.#nowUs) this.#pass(timeUs);
  }

  /**
   * The next instant at which there is something to judge: when the present one is over, if
   * anything has been observed in it, else when time alone changes something.
   */
  get nextUs(): number {
    return this.#observed ? this.#nowUs + 1 : this.dueUs;
  }

  /** When time alone changes something next. */
  get dueUs(): number {
    let dueUs = Math.min(
      this.#resourceCounts.nextUs,
      this.#managerCounts.nextUs,
      this.#handOvers.nextUs,
    );
    for (const component of this.#components) {
      const staleUs = this.#staleAtUs(component);
      if (staleUs > this.#nowUs && staleUs < dueUs) dueUs = staleUs;
    }
    return dueUs;
  }

  /** Ends the stream: also judges the instant `timeUs` itself. */
  finish(timeUs: number): void {
    this.advance(timeUs);
    this.#settle();
  }

  /** Whether the plane is healthy, by all that was observed up to now. */
  healthy(): boolean {
    return conditions.every((condition) => this.#holds(condition));
  }

  /** Since when it is as was last told to listeners. */
  sinceUs(): number {
    return this.#told?.sinceUs ?? 0;
  }

  /** t0: when a manager or link last failed, returned, was paused or resumed. */
  get lastDisturbanceUs(): number {
    return this.#disturbedUs;
  }

  conditions(): ConditionStates {
    return this.#conditionsNow();
  }

  /** The present ones; each is the same object until reachability changes. */
  get components(): readonly Component[] {
    return this.#components;
  }

  /** All ways in which conditions are violated at present, or those of one component. */
  violations(only: Component | null = null): Violation[] {
    return violationsOf({
      truth: this.truth,
      components: this.#components,
      only,
      standing: this.#standing,
      suspect: this.#suspect,
      windows: this.#windows,
      nowUs: this.#nowUs,
      differences: (coordinator) => this.#differences.get(coordinator)!,
      isCounted: (manager) => (this.#managerStanding[manager] & COUNTED) !== 0,
    });
  }

  /** Components with a live manager. Without any the plane is unhealthy, but promises nothing. */
  judgedComponents(): number {
    return this.#components.reduce((sum, { isJudged }) => sum + (isJudged ? 1 : 0), 0);
  }

  /** Resources whose agent is up and unpaused and that are not down themselves. */
  liveResources(): number {
    return this.#components.reduce((sum, { liveResources }) => sum + liveResources, 0);
  }

  /** Live resources that are held by a live manager of their component. */
  heldResources(): number {
    return this.#components.reduce((sum, { heldResources }) => sum + heldResources, 0);
  }

  /** heldResources / liveResources; 1 when nothing is live. */
  managedShare(): number {
    const live = this.liveResources();
    return live === 0 ? 1 : this.heldResources() / live;
  }

  /** Live managers that act as coordinator, in all components. */
  coordinators(): number {
    return this.#components.reduce((sum, { acting }) => sum + acting.length, 0);
  }

  /**
   * Age of the oldest change in a judged component that its coordinator's model does not show;
   * null where no component has a coordinator.
   */
  stalenessUs(): number | null {
    let oldest: number | null = null;
    for (const component of this.#components) {
      const { leader } = component;
      if (leader === -1) continue;
      const age = Math.max(0, this.#nowUs - this.#differences.get(leader)!.oldestUs);
      oldest = Math.max(oldest ?? 0, age);
    }
    return oldest;
  }

  // -- the truth has changed

  processChanged(process: Address): void {
    const { processes } = this.truth;
    if (!processes.isLive(process)) this.#recoveries.processFailed(process);
    if (!this.truth.isManager(process)) return;
    const came = processes.isLive(process) && processes.upSince(process) === this.#nowUs;
    if (came) this.#managerCounts.set(process, this.#nowUs);
    this.managerChanged(process);
    this.#listActing();
    const { listings } = this.truth;
    let listing = listings.firstOfManager(process);
    for (; listing !== NONE; listing = listings.nextOfManager(listing)) {
      this.#restand(listings.resource(listing));
    }
  }

  managerChanged(manager: Address): void {
    const component = this.#componentOf(manager);
    this.#countManager(component, manager, -1);
    const live = this.truth.processes.isLive(manager);
    const countsAt = this.truth.processes.upSince(manager) + this.#windows.registrationUs;
    const counts = live && countsAt <= this.#nowUs;
    this.#managerStanding[manager] = (live ? LIVE : 0) | (counts ? COUNTED : 0);
    this.#countedUnder[manager] = this.truth.acknowledged(manager);
    this.#countManager(component, manager, 1);
    this.#reviewActing(manager);
  }

  resourceChanged(resource: number): void {
    const live = this.truth.isResourceLive(resource);
    if (live && this.truth.resourceSteadySince(resource) === this.#nowUs) {
      this.#resourceCounts.set(resource, this.#nowUs);
    }
    this.#restand(resource);
    for (const differences of this.#differences.values()) {
      differences.truthChanged(resource, this.#nowUs);
    }
  }

  holdingChanged(resource: number): void {
    if (isListedElsewhere(this.truth, resource)) this.#handOvers.set(resource, this.#nowUs);
    this.#restand(resource);
  }

  modelChanged(coordinator: Address, resource: number): void {
    this.#differences.get(coordinator)!.modelChanged(resource);
  }

  reachabilityChanged(): void {
    const coordinated = this.#holds('coordinator');
    const { components } = this.truth.reachability;
    this.#components = components.map((zones) => new Component(zones));
    for (let manager = 0; manager < this.#inventory.managers; manager += 1) {
      this.#countManager(this.#componentOf(manager), manager, 1);
    }
    this.#listActing();
    for (let resource = 0; resource < this.#inventory.resources; resource += 1) {
      const before = this.#standing[resource];
      const after = this.#judge(resource);
      this.#standing[resource] = after;
      this.#componentOf(this.#inventory.agentOf[resource]).count(after, 1);
      if (before !== after) this.#stoodUp(resource, before, after);
      if ((before & HELD) !== 0 && (after & (HELD | LIVE)) === LIVE) {
        this.#recoveries.cutOff(resource, this.#standing);
      }
    }
    for (const differences of this.#differences.values()) differences.reachabilityChanged();
    if (coordinated && !this.#holds('coordinator')) this.#recoveries.cutOffCoordinator();
  }

  keepersChanged(): void {
    for (const differences of this.#differences.values()) differences.keepersChanged();
  }

  // -- how managers and resources stand

  #componentOf(process: Address): Component {
    return this.#components[this.truth.reachability.componentOf(process)];
  }

  #countManager(component: Component, manager: Address, step: 1 | -1): void {
    const stands = this.#managerStanding[manager];
    if ((stands & LIVE) !== 0) component.liveManagers += step;
    if ((stands & COUNTED) !== 0) component.acknowledge(this.#countedUnder[manager], step);
  }

  /** Keeps a record of differences for each manager that acts, and for no other. */
  #reviewActing(manager: Address): void {
    const acts = this.truth.acting(manager) !== NO_BALLOT;
    const acted = this.#differences.has(manager);
    if (!acts && !acted) return;
    if (!acts) {
      this.#differences.delete(manager);
    } else if (!acted) {
      const { registrationUs } = this.#windows;
      this.#differences.set(manager, new Differences(
        this.truth, manager, registrationUs, () => this.#nowUs,
      ));
    }
    this.#listActing();
  }

  #listActing(): void {
    const { actingManagers, processes } = this.truth;
    for (const component of this.#components) {
      const acting = actingManagers.filter(
        (manager) => processes.isLive(manager) && this.#componentOf(manager) === component,
      );
      component.setActing(acting, this.truth);
    }
  }

  #judge(resource: number): number {
    const { registrationUs, handOverUs } = this.#windows;
    return standing(this.truth, resource, this.#nowUs, registrationUs, handOverUs);
  }

  #restand(resource: number): void {
    const before = this.#standing[resource];
    const after = this.#judge(resource);
    if (before === after) return;
    const component = this.#componentOf(this.#inventory.agentOf[resource]);
    component.count(before, -1);
    component.count(after, 1);
    this.#standing[resource] = after;
    this.#stoodUp(resource, before, after);
  }

  #stoodUp(resource: number, before: number, after: number): void {
    const wrong = UNHELD | LISTED_TWICE;
    if ((after & wrong) !== 0 && (before & wrong) === 0) this.#suspect = resource;
    this.#recoveries.turned(resource, after);
    const unmanaged = (after & (LIVE | HELD)) === LIVE;
    if (unmanaged === ((before & (LIVE | HELD)) === LIVE)) return;
    for (const listener of this.#listeners) {
      listener.unmanagedTurned?.(this.#nowUs, resource, unmanaged);
    }
  }

  // -- time

  #disturb(disturbance: Disturbance): void {
    this.#disturbedUs = disturbance.timeUs;
    this.#disturbed = true;
    for (const listener of this.#listeners) listener.disturbed?.(disturbance);
  }

  /** When the model of the component's coordinator becomes too old, or did. */
  #staleAtUs(component: Component): number {
    const { leader } = component;
    if (leader === -1) return Infinity;
    return this.#differences.get(leader)!.oldestUs + this.#windows.stalenessUs;
  }

  #takeDue(): void {
    while (this.#resourceCounts.nextUs <= this.#nowUs) this.#restand(this.#resourceCounts.take());
    while (this.#managerCounts.nextUs <= this.#nowUs) {
      this.managerChanged(this.#managerCounts.take());
    }
    while (this.#handOvers.nextUs <= this.#nowUs) this.#restand(this.#handOvers.take());
  }

  #pass(timeUs: number): void {
    this.#settle();
    this.#observed = false;
    this.#nowUs = timeUs;
  }

  #holds(condition: (typeof conditions)[number]): boolean {
    let judged = false;
    for (const component of this.#components) {
      if (!component.isJudged) continue;
      judged = true;
      if (!this.#holdsIn(component, condition)) return false;
    }
    return judged;
  }

  #holdsIn(component: Component, condition: (typeof conditions)[number]): boolean {
    if (condition === 'coordinator') return component.hasCoordinator(this.truth);
    if (condition === 'managed') return component.isManaged;
    return component.leader !== -1 && this.#staleAtUs(component) > this.#nowUs;
  }

  /** The present instant is over: tells what has changed in it. */
  #settle(): void {
    const timeUs = this.#nowUs;
    if (this.#disturbed) {
      this.#disturbed = false;
      for (const listener of this.#listeners) listener.disturbancesShown?.(timeUs);
    }
    const now = this.#conditionsNow();
    if (now !== this.#told?.conditions) this.#tell(timeUs, now);
    for (const component of this.#components) this.#tellOf(component, timeUs);
    if (!this.#recoveries.isQuiet) {
      this.#recoveries.settle(timeUs, now.coordinator, (recovery) => {
        for (const listener of this.#listeners) listener.faultRecovered?.(recovery);
      });
    }
  }

  #tellOf(component: Component, timeUs: number): void {
    const healthy = component.isJudged &&
      conditions.every((condition) => this.#holdsIn(component, condition));
    if (component.toldHealthy === healthy) return;
    component.toldHealthy = healthy;
    for (const listener of this.#listeners) {
      listener.componentTurned?.({ timeUs, component, healthy });
    }
  }

  /** The conditions as last told, the very object, if they are still the same. */
  #conditionsNow(): ConditionStates {
    const coordinator = this.#holds('coordinator');
    const managed = this.#holds('managed');
    const model = this.#holds('model');
    const told = this.#told?.conditions;
    const same =
      told !== undefined &&
      told.coordinator === coordinator &&
      told.managed === managed &&
      told.model === model;
    return same ? told : { coordinator, managed, model };
  }

  #tell(timeUs: number, now: ConditionStates): void {
    const told = this.#told;
    const healthy = now.coordinator && now.managed && now.model;
    const turned = told === null || told.healthy !== healthy;
    this.#told = { healthy, sinceUs: turned ? timeUs : told.sinceUs, conditions: now };
    for (const condition of conditions) {
      if (told !== null && told.conditions[condition] === now[condition]) continue;
      const change = { timeUs, condition, holds: now[condition] };
      for (const listener of this.#listeners) listener.conditionChanged?.(change);
    }
    if (turned) {
      const change = { timeUs, healthy, violations: healthy ? [] : this.violations() };
      for (const listener of this.#listeners) listener.healthChanged?.(change);
    }
  }
}
