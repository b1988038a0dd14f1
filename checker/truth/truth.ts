import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import { BallotNumbers, NO_BALLOT } from './ballots.js';
import { ListingTable, NONE } from './listings.js';
import { ModelTable } from './model.js';
import { PointerTable } from './pointers.js';
import { ProcessTable, type Oddity } from './processes.js';
import { Reachability } from './reachability.js';
import { ResourceTable } from './resources.js';
import { Registrations } from './registrations.js';
import { RunningTimes } from './running.js';
import { DOWN, stateCode } from './states.js';

/** Hears of each change once the tables show it. */
export interface TruthListener {
  /** A process came up, went down, was paused or resumed. */
  processChanged(process: Address): void;
  /** What a model should show of the resource may have changed: its state, or its agent's. */
  resourceChanged(resource: number): void;
  /** Its pointer or a listing of it changed. */
  holdingChanged(resource: number): void;
  /** The manager acknowledges another ballot, or acts as coordinator, or does so no longer. */
  managerChanged(manager: Address): void;
  /** An acting coordinator's model changed. */
  modelChanged(coordinator: Address, resource: number): void;
  reachabilityChanged(): void;
  /** Other managers than before keep what is registered, or fewer of them are up. */
  keepersChanged(): void;
}

/** What is true, and who believes what, by the observation stream alone. */
export class Truth implements ObservationSink {
  readonly inventory: Inventory;
  readonly processes: ProcessTable;
  readonly resources: ResourceTable;
  readonly pointers: PointerTable;
  readonly listings: ListingTable;
  readonly ballots = new BallotNumbers();
  readonly reachability: Reachability;
  readonly running = new RunningTimes();
  readonly registrations: Registrations;
  readonly #listener: TruthListener | null;
  /** Number of the ballot that each manager acknowledges. */
  readonly #acknowledged: Int32Array;
  /** Number of the ballot under which each manager acts as coordinator. */
  readonly #acting: Int32Array;
  readonly #actingManagers: Address[] = [];
  readonly #models = new Map<Address, ModelTable>();
  /** How often hosts have lost their stores, of those that have. */
  readonly #generations = new Map<Address, number>();
  /** First resource of each agent, and one past the last of all. */
  readonly #firstOfAgent: Int32Array;

  constructor(inventory: Inventory, listener: TruthListener | null = null) {
    const { managers, agents, resources } = inventory;
    this.inventory = inventory;
    this.#listener = listener;
    this.processes = new ProcessTable(managers + agents);
    this.resources = new ResourceTable(resources);
    this.pointers = new PointerTable(resources);
    this.registrations = new Registrations(resources, (one) => this.generationOf(one));
    this.listings = new ListingTable(managers, resources);
    this.reachability = new Reachability(inventory.zoneOf, inventory.zones.length);
    this.#acknowledged = new Int32Array(managers).fill(NO_BALLOT);
    this.#acting = new Int32Array(managers).fill(NO_BALLOT);
    this.#firstOfAgent = firstOfAgent(inventory);
  }

  isManager(process: Address): boolean {
    return process >= 0 && process < this.inventory.managers;
  }

  /** The resource's agent is up and unpaused, and itself it is not down. */
  isResourceLive(resource: number): boolean {
    const agent = this.inventory.agentOf[resource];
    return this.processes.isLive(agent) && !this.#isNone(resource);
  }

  /** Since when it is live, if it is. */
  resourceLiveSince(resource: number): number {
    const agent = this.inventory.agentOf[resource];
    return Math.max(this.resources.turnedAt(resource), this.processes.liveSince(agent));
  }

  /** The same, on a host at its usual rate; Infinity: that is not so. */
  resourceSteadySince(resource: number): number {
    const agent = this.inventory.agentOf[resource];
    return Math.max(this.resources.turnedAt(resource), this.agentSteadySince(agent));
  }

  /** Since when it is live, if it is, at its usual rate; Infinity: it is not. */
  agentSteadySince(agent: Address): number {
    return Math.max(this.processes.liveSince(agent), this.processes.evenSince(agent));
  }

  /** It is down or retired, or its agent is down. */
  isResourceOut(resource: number): boolean {
    const agent = this.inventory.agentOf[resource];
    return this.#isNone(resource) || this.processes.isDown(agent);
  }

  #isNone(resource: number): boolean {
    return this.resources.state(resource) === DOWN || this.resources.isRetired(resource);
  }

  /** The first resource of an agent; its others follow up to that of the next address. */
  firstResourceOf(agent: Address): number {
    return this.#firstOfAgent[agent - this.inventory.managers];
  }

  /** Stores that were lost so far. */
  get generations(): number {
    let sum = 0;
    for (const generation of this.#generations.values()) sum += generation;
    return sum;
  }

  /** How often its host has lost its store: each time it comes back under a new node id. */
  generationOf(manager: Address): number {
    return this.#generations.get(manager) ?? 0;
  }

  /** Number of the ballot that a manager acknowledges, or NO_BALLOT. */
  acknowledged(manager: Address): number {
    return this.#acknowledged[manager];
  }

  /** Number of the ballot under which a manager acts as coordinator, or NO_BALLOT. */
  acting(manager: Address): number {
    return this.#acting[manager];
  }

  /** Managers that act as coordinator, paused ones among them, in the order of election. */
  get actingManagers(): readonly Address[] {
    return this.#actingManagers;
  }

  /** The model of an acting coordinator. */
  model(coordinator: Address): ModelTable | null {
    return this.#models.get(coordinator) ?? null;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'process-up':
        if (observation.generation !== undefined) {
          const isLost = observation.generation > this.generationOf(process);
          this.#generations.set(process, observation.generation);
          if (isLost) this.registrations.lose(process);
        }
        this.running.observe(timeUs, process, observation);
        this.#processTurned(timeUs, process, observation.type);
        break;
      case 'process-down':
      case 'process-paused':
      case 'process-resumed':
        this.running.observe(timeUs, process, observation);
        this.#processTurned(timeUs, process, observation.type);
        break;
      case 'clock-set':
        this.running.observe(timeUs, process, observation);
        this.#paceChanged(timeUs, process, observation.type, observation.drift !== 0);
        break;
      case 'host-slowed':
        this.#paceChanged(timeUs, process, observation.type, observation.factor !== 1);
        break;
      case 'resource-state': {
        const { resource, state, incarnation } = observation;
        this.#resourceState(timeUs, resource, stateCode(state), incarnation);
        break;
      }
      case 'decommission-asked':
        for (const resource of observation.resources) {
          this.registrations.dismiss(resource);
          this.#listener?.resourceChanged(resource);
        }
        break;
      case 'resources-commissioned':
        for (const resource of observation.resources) {
          const wasDismissed = this.registrations.commission(resource);
          if (!this.resources.commission(resource, timeUs, wasDismissed)) continue;
          this.#listener?.resourceChanged(resource);
        }
        break;
      case 'reachability':
        if (observation.cut === undefined) this.reachability.set(observation.groups);
        else this.reachability.setCut(observation.cut);
        this.#listener?.reachabilityChanged();
        this.#keepersReturned(timeUs);
        break;
      default:
        if (!this.processes.isDown(process)) this.#believed(timeUs, process, observation);
    }
  }

  #believed(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'process-leaving':
        this.processes.setLeaving(process);
        break;
      case 'pointer-set':
      case 'pointer-lost':
      case 'listing-added':
      case 'listing-removed':
        this.#holding(timeUs, process, observation);
        break;
      case 'ballot-acknowledged':
        this.#acknowledge(process, this.ballots.numberOf(observation.ballot));
        break;
      case 'coordinator-elected':
        this.#act(process, this.ballots.numberOf(observation.ballot));
        break;
      case 'coordinator-resigned':
        this.#cease(process);
        break;
      case 'model-entity': {
        const { resource, state, incarnation } = observation;
        if (this.model(process)?.show(resource, stateCode(state), incarnation)) {
          this.#listener?.modelChanged(process, resource);
        }
        break;
      }
      case 'resource-registered':
        this.registrations.register(observation.resource, timeUs);
        this.#listener?.resourceChanged(observation.resource);
        break;
      case 'resource-retired':
        this.resources.retire(observation.resource, timeUs);
        this.#unregister(observation.resource);
        this.#listener?.holdingChanged(observation.resource);
        break;
      case 'resource-decommissioned':
        this.#unregister(observation.resource);
        break;
      case 'inventory-kept':
        this.#keepersChanged(this.registrations.keep(
          process, observation.standbys, timeUs, (one) => this.#reaches(process, one),
        ));
        break;
      case 'model-forgot':
        if (this.model(process)?.forget(observation.resource)) {
          this.#listener?.modelChanged(process, observation.resource);
        }
        break;
      default:
    }
  }

  /** Nothing is promised of it any more, until it is registered anew. */
  #unregister(resource: number): void {
    this.registrations.unregister(resource);
    this.#listener?.resourceChanged(resource);
  }

  #holding(
    timeUs: number,
    process: Address,
    observation: Observation & {
      type: 'pointer-set' | 'pointer-lost' | 'listing-added' | 'listing-removed';
    },
  ): void {
    const { resource } = observation;
    if (observation.type === 'pointer-set') {
      const { ballot, sequence } = observation.token;
      const number = this.ballots.numberOf(ballot);
      this.pointers.set(resource, observation.manager, number, sequence, timeUs);
    } else if (observation.type === 'pointer-lost') {
      if (!this.pointers.clear(resource)) return;
    } else if (observation.type === 'listing-added') {
      const { ballot, sequence } = observation.token;
      this.listings.add(process, resource, this.ballots.numberOf(ballot), sequence, timeUs);
    } else if (!this.listings.remove(process, resource)) {
      return;
    }
    this.#listener?.holdingChanged(resource);
  }

  #resourceState(timeUs: number, resource: number, state: number, incarnation: number): void {
    const agentDown = this.processes.isDown(this.inventory.agentOf[resource]);
    if (this.resources.set(resource, state, incarnation, timeUs, agentDown)) {
      this.#listener?.resourceChanged(resource);
    }
  }

  #processTurned(timeUs: number, process: Address, turn: Turn): void {
    const changed =
      turn === 'process-up'
        ? this.processes.setUp(process, timeUs)
        : turn === 'process-down'
          ? this.processes.setDown(process)
          : turn === 'process-paused'
            ? this.processes.setPaused(process)
            : this.processes.setResumed(process, timeUs);
    if (!changed) return;
    if (this.isManager(process)) {
      if (turn === 'process-down') this.#forgetManager(process);
      if (this.registrations.concerns(process)) this.#keeperTurned(timeUs, process);
    } else {
      this.#turnResources(timeUs, process, turn);
    }
    this.#listener?.processChanged(process);
  }

  /** Where nobody is left who keeps them, nothing is promised of what was registered. */
  #keeperTurned(timeUs: number, manager: Address): void {
    const { registrations, processes } = this;
    if (processes.isLive(manager)) return this.#keepersReturned(timeUs);
    this.#keepersChanged(registrations.review((one) => !processes.isDown(one)));
  }

  #keepersReturned(timeUs: number): void {
    this.#keepersChanged(this.registrations.comeBack(timeUs, (a, b) => this.#reaches(a, b)));
  }

  #reaches(a: Address, b: Address): boolean {
    return this.processes.isLive(a) && this.processes.isLive(b) && this.reachability.reach(a, b);
  }

  /** @param resources - that are registered by that, or are so no longer */
  #keepersChanged(resources: readonly number[]): void {
    this.#listener?.keepersChanged();
    for (const resource of resources) this.#listener?.resourceChanged(resource);
  }

  #paceChanged(timeUs: number, process: Address, why: Oddity, isOdd: boolean): void {
    this.processes.setOdd(process, why, isOdd, timeUs);
    if (this.isManager(process)) return;
    const end = this.firstResourceOf(process + 1);
    for (let resource = this.firstResourceOf(process); resource < end; resource += 1) {
      this.#listener?.resourceChanged(resource);
    }
  }

  /** What a process believed dies with it. */
  #forgetManager(manager: Address): void {
    this.#cease(manager);
    this.#acknowledge(manager, NO_BALLOT);
    for (;;) {
      const listing = this.listings.firstOfManager(manager);
      if (listing === NONE) break;
      const resource = this.listings.resource(listing);
      this.listings.remove(manager, resource);
      this.#listener?.holdingChanged(resource);
    }
  }

  #turnResources(timeUs: number, agent: Address, turn: Turn): void {
    const end = this.firstResourceOf(agent + 1);
    for (let resource = this.firstResourceOf(agent); resource < end; resource += 1) {
      const lifeOrDeath = turn === 'process-up' || turn === 'process-down';
      if (lifeOrDeath && this.resources.state(resource) !== DOWN) {
        this.resources.turn(resource, timeUs);
      }
      if (turn === 'process-down' && this.pointers.clear(resource)) {
        this.#listener?.holdingChanged(resource);
      }
      this.#listener?.resourceChanged(resource);
    }
  }

  #acknowledge(manager: Address, ballot: number): void {
    if (this.#acknowledged[manager] === ballot) return;
    this.#acknowledged[manager] = ballot;
    this.#listener?.managerChanged(manager);
  }

  #act(manager: Address, ballot: number): void {
    if (this.#acting[manager] === NO_BALLOT) {
      this.#actingManagers.push(manager);
      this.#models.set(manager, new ModelTable(this.inventory.resources));
    }
    this.#acting[manager] = ballot;
    this.#listener?.managerChanged(manager);
  }

  #cease(manager: Address): void {
    if (this.#acting[manager] === NO_BALLOT) return;
    this.#acting[manager] = NO_BALLOT;
    this.#actingManagers.splice(this.#actingManagers.indexOf(manager), 1);
    this.#models.delete(manager);
    this.#listener?.managerChanged(manager);
  }
}

type Turn = 'process-up' | 'process-down' | 'process-paused' | 'process-resumed';

/** Resources are numbered by agent: one table of beginnings is enough. */
function firstOfAgent(inventory: Inventory): Int32Array {
  const first = new Int32Array(inventory.agents + 1).fill(inventory.resources);
  for (let resource = inventory.resources - 1; resource >= 0; resource -= 1) {
    first[inventory.agentOf[resource] - inventory.managers] = resource;
  }
  for (let agent = inventory.agents - 1; agent >= 0; agent -= 1) {
    // An agent without resources begins where the next one does.
    if (first[agent] > first[agent + 1]) first[agent] = first[agent + 1]!;
  }
  return first;
}
