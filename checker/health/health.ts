import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import { NO_BALLOT, NONE, Truth, type TruthListener } from '../truth/index.js';
import { HELD, LISTED_TWICE, LIVE, UNHELD, type Component } from './component.js';
import { Deadlines } from './deadlines.js';
import { Differences } from './differences.js';
import { FaultRecoveries } from './fault-recoveries.js';
import { isListedElsewhere, standing } from './holding.js';
import { conditions, type ConditionStates, type Disturbance } from './listener.js';
import type { HealthListener, Violation } from './listener.js';
import { Plane } from './plane.js';
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
  #disturbed = false;
  /** As it stands by all that was observed up to now. */
  readonly plane: Plane;
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
  #told: ConditionStates | null = null;

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
    this.plane = new Plane(this.truth, windows.stalenessUs);
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
    return Math.min(
      this.#resourceCounts.nextUs, this.#managerCounts.nextUs, this.#handOvers.nextUs,
      this.plane.nextStaleUs(this.#nowUs),
    );
  }

  /** Ends the stream: also judges the instant `timeUs` itself. */
  finish(timeUs: number): void {
    this.advance(timeUs);
    this.#settle();
  }

  /** Whether the plane is healthy, by all that was observed up to now. */
  healthy(): boolean {
    return conditions.every((condition) => this.plane.holds(condition, this.#nowUs));
  }

  /** The very object that was last told, if they are still the same. */
  conditions(): ConditionStates {
    const [coordinator, managed, model] = conditions.map((condition) =>
      this.plane.holds(condition, this.#nowUs));
    const told = this.#told;
    const same = told !== null && told.coordinator === coordinator &&
      told.managed === managed && told.model === model;
    return same ? told : { coordinator, managed, model };
  }

  /** All ways in which conditions are violated at present, or those of one component. */
  violations(only: Component | null = null): Violation[] {
    return violationsOf({
      truth: this.truth,
      components: this.plane.components,
      only,
      standing: this.#standing,
      suspect: this.#suspect,
      windows: this.#windows,
      nowUs: this.#nowUs,
      isCounted: (manager) => (this.#managerStanding[manager] & COUNTED) !== 0,
    });
  }

  /** Age of the oldest change that a coordinator's model does not show; null without any. */
  stalenessUs(): number | null {
    return this.plane.stalenessUs(this.#nowUs);
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
    const component = this.plane.of(manager);
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
    const coordinated = this.plane.holds('coordinator', this.#nowUs);
    this.plane.divide();
    for (let manager = 0; manager < this.#inventory.managers; manager += 1) {
      this.#countManager(this.plane.of(manager), manager, 1);
    }
    this.#listActing();
    for (let resource = 0; resource < this.#inventory.resources; resource += 1) {
      const before = this.#standing[resource];
      const after = this.#judge(resource);
      this.#standing[resource] = after;
      this.plane.of(this.#inventory.agentOf[resource]).count(after, 1);
      if (before !== after) this.#stoodUp(resource, before, after);
      if ((before & HELD) !== 0 && (after & (HELD | LIVE)) === LIVE) {
        this.#recoveries.cutOff(resource, this.#standing);
      }
    }
    for (const differences of this.#differences.values()) differences.reachabilityChanged();
    if (!coordinated || this.plane.holds('coordinator', this.#nowUs)) return;
    this.#recoveries.cutOffCoordinator();
  }

  keepersChanged(): void {
    for (const differences of this.#differences.values()) differences.keepersChanged();
  }

  // -- how managers and resources stand

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
    for (const component of this.plane.components) {
      const acting = actingManagers.filter((manager) =>
        processes.isLive(manager) && this.plane.of(manager) === component);
      component.setActing(acting, this.truth, this.#differences);
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
    const component = this.plane.of(this.#inventory.agentOf[resource]);
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
    this.#disturbed = true;
    for (const listener of this.#listeners) listener.disturbed?.(disturbance);
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

  /** The present instant is over: tells what has changed in it. */
  #settle(): void {
    const timeUs = this.#nowUs;
    if (this.#disturbed) {
      this.#disturbed = false;
      for (const listener of this.#listeners) listener.disturbancesShown?.(timeUs);
    }
    const now = this.conditions();
    if (now !== this.#told) this.#tell(timeUs, now);
    for (const component of this.plane.components) this.#tellOf(component, timeUs);
    if (!this.#recoveries.isQuiet) {
      this.#recoveries.settle(timeUs, now.coordinator, (recovery) => {
        for (const listener of this.#listeners) listener.faultRecovered?.(recovery);
      });
    }
  }

  #tellOf(component: Component, timeUs: number): void {
    const healthy = component.isJudged &&
      conditions.every((condition) => this.plane.holdsIn(component, condition, timeUs));
    if (component.toldHealthy === healthy) return;
    component.toldHealthy = healthy;
    for (const listener of this.#listeners) {
      listener.componentTurned?.({ timeUs, component, healthy });
    }
  }

  #tell(timeUs: number, now: ConditionStates): void {
    const told = this.#told;
    this.#told = now;
    for (const condition of conditions) {
      if (told?.[condition] === now[condition]) continue;
      const change = { timeUs, condition, holds: now[condition] };
      for (const listener of this.#listeners) listener.conditionChanged?.(change);
    }
    const healthy = areAll(now);
    if (told !== null && areAll(told) === healthy) return;
    const change = { timeUs, healthy, violations: healthy ? [] : this.violations() };
    for (const listener of this.#listeners) listener.healthChanged?.(change);
  }
}

function areAll(states: ConditionStates): boolean {
  return conditions.every((condition) => states[condition]);
}
