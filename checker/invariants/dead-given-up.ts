import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { DOWN, NO_BALLOT, NONE } from '../truth/index.js';
import type { WatchTimes } from '../watching.js';
import { Links } from './links.js';
import { Watch } from './watch.js';

type Manager = Address;

/** Whom a watcher still has to give up: by their number, since when nothing of them can come. */
type Due = Map<number, number>;

/**
 * Completeness of detection, in the watcher's own running time: stalls stop that, and steps of
 * clocks do not touch it, so however often a watcher is disturbed, it gives up the dead in time.
 * Each disturbance costs it a look, no more. What was on its way when they died counts as life, as
 * late as links made it. Judged when a watcher gives somebody up, or no longer has to.
 */
export class DeadGivenUp extends Watch {
  static readonly title = 'dead-given-up';
  static readonly exact = true;
  static readonly meaning =
    'Within the timeout and a look of its own running time, and one look for each time that it ' +
    'was disturbed, a watcher suspects who is down: a manager its resources and the coordinator, ' +
    'the coordinator its managers.';
  readonly hears = [
    'listing-added', 'listing-removed', 'resource-suspected', 'resource-trusted', 'resource-state',
    'ballot-acknowledged', 'coordinator-suspected', 'manager-suspected', 'manager-trusted',
    'model-entity', 'coordinator-resigned', 'links-changed', 'host-slowed', 'process-up',
    'process-down',
  ] as const;
  readonly #links = new Links(this.context.bounds);
  /** Resources that managers, managers that coordinators, ballots that managers should suspect. */
  readonly #resources = new Map<Manager, Due>();
  readonly #managers = new Map<Manager, Due>();
  readonly #coordinators = new Map<Manager, Due>();
  /** Whom managers suspect of those that they list, and coordinators of their members. */
  readonly #silent = new Map<Manager, Set<number>>();
  readonly #missed = new Map<Manager, Set<Manager>>();
  /** Whom who coordinates knows, by their reports or because it gave them something. */
  readonly #members = new Map<Manager, Set<Manager>>();

  observe(timeUs: number, process: Address, observation: Heard<DeadGivenUp['hears']>): void {
    switch (observation.type) {
      case 'listing-added': {
        const { resource, token: { ballot } } = observation;
        // Nobody but a member is given anything.
        const isIts = this.#truth.acting(ballot.address) === this.#truth.ballots.numberOf(ballot);
        if (isIts) this.#onMember(timeUs, ballot.address, process);
        return this.#onListed(timeUs, process, resource);
      }
      case 'listing-removed': return this.#onUnlisted(timeUs, process, observation.resource);
      case 'resource-suspected':
        this.#end(timeUs, this.#resources, process, observation.resource);
        add(this.#silent, process, observation.resource);
        return;
      case 'resource-trusted':
        this.#silent.get(process)?.delete(observation.resource);
        return;
      case 'resource-state': return this.#onResource(timeUs, observation.resource);
      case 'ballot-acknowledged': return this.#onAcknowledged(timeUs, process);
      case 'coordinator-suspected':
        return this.#endAll(timeUs, this.#coordinators, process);
      case 'manager-suspected':
        this.#end(timeUs, this.#managers, process, observation.manager);
        add(this.#missed, process, observation.manager);
        return;
      case 'manager-trusted':
        this.#missed.get(process)?.delete(observation.manager);
        return;
      case 'model-entity': return this.#onMember(timeUs, process, observation.manager);
      case 'coordinator-resigned': return this.#ceases(timeUs, process);
      default: return this.#onWorld(timeUs, process, observation);
    }
  }

  finish(timeUs: number): void {
    for (const due of [this.#resources, this.#managers, this.#coordinators]) {
      for (const watcher of due.keys()) this.#endAll(timeUs, due, watcher);
    }
  }

  #onWorld(timeUs: number, process: Address, observation: Heard<DeadGivenUp['hears']>): void {
    switch (observation.type) {
      case 'links-changed': return this.#links.observe(timeUs, observation);
      case 'host-slowed': return this.#onRate(process);
      case 'process-up': return this.#onUp(timeUs, process);
      case 'process-down': return this.#onDown(timeUs, process);
      default:
    }
  }

  // -- resources, by their managers

  #onListed(timeUs: number, manager: Manager, resource: number): void {
    this.#end(timeUs, this.#resources, manager, resource);
    const silent = this.#silent.get(manager)?.has(resource) ?? false;
    if (!silent && this.#truth.isResourceOut(resource)) {
      this.#begin(timeUs, this.#resources, manager, resource);
    }
  }

  #onUnlisted(timeUs: number, manager: Manager, resource: number): void {
    this.#end(timeUs, this.#resources, manager, resource);
    this.#silent.get(manager)?.delete(resource);
  }

  #onResource(timeUs: number, resource: number): void {
    const { listings, resources } = this.#truth;
    const isDown = resources.state(resource) === DOWN;
    if (isDown && resources.turnedAt(resource) !== timeUs) return;
    let listing = listings.firstOfResource(resource);
    for (; listing !== NONE; listing = listings.nextOfResource(listing)) {
      const manager = listings.manager(listing);
      if (!isDown) this.#end(timeUs, this.#resources, manager, resource);
      else if (!(this.#silent.get(manager)?.has(resource) ?? false)) {
        this.#begin(timeUs, this.#resources, manager, resource);
      }
    }
  }

  // -- managers by coordinators, and the other way round

  #onMember(timeUs: number, coordinator: Manager, manager: Manager): void {
    if (manager < 0 || manager === coordinator) return;
    if (!add(this.#members, coordinator, manager)) return;
    const { processes } = this.#truth;
    const isGone = processes.isDown(manager) && !processes.isLeaving(manager);
    const isMissed = this.#missed.get(coordinator)?.has(manager) ?? false;
    if (isGone && !isMissed) this.#begin(timeUs, this.#managers, coordinator, manager);
  }

  #onAcknowledged(timeUs: number, manager: Manager): void {
    this.#endAll(timeUs, this.#coordinators, manager);
    const ballot = this.#truth.ballots.ballot(this.#truth.acknowledged(manager));
    if (ballot === null || !this.#truth.processes.isDown(ballot.address)) return;
    this.#begin(timeUs, this.#coordinators, manager, ballot.address);
  }

  /** It coordinates no more: whom it watched is none of its business. */
  #ceases(timeUs: number, coordinator: Manager): void {
    this.#endAll(timeUs, this.#managers, coordinator);
    this.#members.delete(coordinator);
    this.#missed.delete(coordinator);
  }

  // -- the world

  #onUp(timeUs: number, process: Address): void {
    if (!this.#truth.isManager(process)) {
      for (const [manager, resource] of this.#listed(process)) {
        if (!this.#truth.isResourceOut(resource)) {
          this.#end(timeUs, this.#resources, manager, resource);
        }
      }
      return;
    }
    for (const due of [this.#managers, this.#coordinators]) {
      for (const watcher of due.keys()) this.#end(timeUs, due, watcher, process);
    }
  }

  #onDown(timeUs: number, process: Address): void {
    if (!this.#truth.isManager(process)) return this.#onHostDown(timeUs, process);
    for (const due of [this.#resources, this.#coordinators]) this.#endAll(timeUs, due, process);
    this.#ceases(timeUs, process);
    this.#silent.delete(process);
    if (!this.#truth.processes.isLeaving(process)) {
      for (const [coordinator, members] of this.#members) {
        const isMissed = this.#missed.get(coordinator)?.has(process) ?? false;
        if (!members.has(process) || isMissed) continue;
        this.#begin(timeUs, this.#managers, coordinator, process);
      }
    }
    for (let manager = 0; manager < this.context.inventory.managers; manager += 1) {
      const ballot = this.#truth.acknowledged(manager);
      if (ballot === NO_BALLOT || this.#truth.ballots.ballot(ballot)!.address !== process) continue;
      if (!this.#truth.processes.isDown(manager)) {
        this.#begin(timeUs, this.#coordinators, manager, process);
      }
    }
  }

  #onHostDown(timeUs: number, agent: Address): void {
    for (const [manager, resource] of this.#listed(agent)) {
      // What was down before is missed already, or will be from then on.
      if (this.#truth.resources.state(resource) === DOWN) continue;
      if (this.#silent.get(manager)?.has(resource) === true) continue;
      this.#begin(timeUs, this.#resources, manager, resource);
    }
  }

  /** Who lists which resources of the host. */
  *#listed(agent: Address): Generator<readonly [Manager, number]> {
    const { listings } = this.#truth;
    const end = this.#truth.firstResourceOf(agent + 1);
    for (let resource = this.#truth.firstResourceOf(agent); resource < end; resource += 1) {
      let listing = listings.firstOfResource(resource);
      for (; listing !== NONE; listing = listings.nextOfResource(listing)) {
        yield [listings.manager(listing), resource];
      }
    }
  }

  // -- what is due

  get #truth(): Watch['context']['health']['truth'] {
    return this.context.health.truth;
  }

  /** What a slow host is late by nobody knows. */
  #onRate(watcher: Address): void {
    for (const due of [this.#resources, this.#managers, this.#coordinators]) due.delete(watcher);
  }

  #begin(timeUs: number, all: Map<Manager, Due>, watcher: Manager, watched: number): void {
    if (this.#truth.processes.odd.get(watcher)?.has('host-slowed') === true) return;
    // Who is given up for its answers is so from when what they answer was sent.
    const isAnswer = all === this.#coordinators;
    const untilUs = isAnswer ? timeUs : this.#links.lateUntilUs(timeUs);
    let due = all.get(watcher);
    if (due === undefined) all.set(watcher, due = new Map<number, number>());
    if (!due.has(watched)) due.set(watched, untilUs + this.context.bounds.maxDelayUs);
  }

  #endAll(timeUs: number, all: Map<Manager, Due>, watcher: Manager): void {
    const due = all.get(watcher);
    if (due === undefined) return;
    for (const watched of due.keys()) this.#judge(timeUs, all, watcher, watched);
    all.delete(watcher);
  }

  #end(timeUs: number, all: Map<Manager, Due>, watcher: Manager, watched: number): void {
    const due = all.get(watcher);
    if (due?.has(watched) !== true) return;
    this.#judge(timeUs, all, watcher, watched);
    due.delete(watched);
  }

  #judge(timeUs: number, all: Map<Manager, Due>, watcher: Manager, watched: number): void {
    const { recoveryUs, watching } = this.context.bounds;
    const { mostUs }: WatchTimes = all === this.#resources ? watching.resource
      : all === this.#managers ? watching.manager : watching.coordinator;
    // Where nothing is promised (more load than capacity), whoever watches may be late as well.
    if (mostUs === null || recoveryUs === null) return;
    const fromUs = all.get(watcher)!.get(watched)!;
    if (timeUs - fromUs <= mostUs) return;
    const { running } = this.#truth;
    const looks = running.disturbances(watcher, fromUs, timeUs);
    const ranUs = running.betweenUs(watcher, fromUs, timeUs);
    if (ranUs <= mostUs + looks * watching.lookUs) return;
    const who = all === this.#resources ? this.resource(watched) : this.process(watched);
    const disturbed = looks === 0 ? '' : `, disturbed ${looks} times`;
    this.break(timeUs, `${this.process(watcher)} has not given up ${who}, which is down, in ` +
      `${(ranUs / 1e6).toFixed(1)} s that it ran${disturbed}`);
  }
}

/** True if it was not there before. */
function add<Key, Value>(sets: Map<Key, Set<Value>>, key: Key, value: Value): boolean {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else if (set.has(value)) return false;
  else set.add(value);
  return true;
}
