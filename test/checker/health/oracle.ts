/**
 * Health from scratch: for one instant, from all observations up to it, by the letter of the
 * definition and without regard to cost. Written independently of checker/health.
 */
import { compareBallots, compareTokens, type Ballot, type Token } from '../../../core/identity.js';
import type { ResourceState } from '../../../core/metamodel/entity.js';
import type { HostCut } from '../../../core/observations.js';
import type { HealthWindows } from '../../../checker/health/index.js';
import type { Inventory } from '../../../experiment/inventory.js';
import type { Seen } from './world.js';

export interface Verdict {
  readonly coordinator: boolean;
  readonly managed: boolean;
  readonly model: boolean;
  readonly live: number;
  readonly held: number;
  readonly coordinators: number;
  readonly staleness: number | null;
}

interface ProcessNow {
  status: 'up' | 'paused' | 'down';
  upSince: number;
  liveSince: number;
}
interface ResourceNow {
  state: ResourceState;
  incarnation: number;
  stateSince: number;
  bornAt: number;
  out: boolean;
  outChanged: number;
  pointer: { manager: number; token: Token; since: number } | null;
  listings: Map<number, { token: Token; since: number }>;
}
interface Entry {
  state: ResourceState;
  incarnation: number;
}
interface Acting {
  ballot: Ballot;
  model: Map<number, Entry>;
  /** Since when each resource is shown wrong. */
  wrong: Map<number, number>;
}

export class Oracle {
  readonly #inventory: Inventory;
  readonly #windows: HealthWindows;
  readonly #processes: ProcessNow[];
  readonly #resources: ResourceNow[];
  readonly #acknowledged: (Ballot | null)[];
  readonly #acting = new Map<number, Acting>();
  #groups: readonly number[];
  #cut: HostCut | null = null;
  #now: number;

  /** @param seen what was observed up to and including `now` */
  constructor(inventory: Inventory, windows: HealthWindows, seen: readonly Seen[], now: number) {
    this.#inventory = inventory;
    this.#windows = windows;
    this.#processes = Array.from({ length: inventory.managers + inventory.agents }, () => ({
      status: 'down', upSince: 0, liveSince: 0,
    }));
    this.#resources = Array.from({ length: inventory.resources }, () => ({
      state: 'down', incarnation: 0, stateSince: 0, bornAt: 0, out: true, outChanged: 0,
      pointer: null, listings: new Map(),
    }));
    this.#acknowledged = Array.from({ length: inventory.managers }, () => null);
    this.#groups = inventory.zones.map(() => 0);
    this.#now = 0;
    for (const each of seen) this.see(each);
    this.#now = now;
  }

  /** One more observation, in order of time. */
  see(each: Seen): void {
    this.#now = each.timeUs;
    this.#apply(each);
  }

  /** As of a time from which on nothing has been observed yet. */
  verdictAt(timeUs: number): Verdict {
    this.#now = timeUs;
    return this.verdict();
  }

  verdict(): Verdict {
    const { managers } = this.#inventory;
    const all = Array.from({ length: managers }, (_, manager) => manager);
    const live = all.filter((manager) => this.#isLive(manager));
    const groups = new Set(live.map((manager) => this.#groupOf(manager)));
    const any = groups.size > 0;
    const conditions = { coordinator: any, managed: any, model: any };
    let staleness: number | null = null;
    for (const group of groups) {
      const members = live.filter((manager) => this.#groupOf(manager) === group);
      const acting = members.filter((manager) => this.#acting.has(manager));
      if (!this.#agreed(members, acting)) conditions.coordinator = false;
      const ids = [...this.#resources.keys()].filter(
        (id) => this.#groupOf(this.#inventory.agentOf[id]) === group);
      if (ids.some((id) => !this.#isManaged(id))) conditions.managed = false;
      acting.sort((a, b) =>
        compareBallots(this.#acting.get(b)!.ballot, this.#acting.get(a)!.ballot));
      if (acting.length === 0) {
        conditions.model = false;
        continue;
      }
      const { wrong } = this.#acting.get(acting[0])!;
      const ages = ids.filter((id) => wrong.has(id)).map((id) => this.#now - wrong.get(id)!);
      if (ages.some((age) => age >= this.#windows.stalenessUs)) conditions.model = false;
      staleness = Math.max(staleness ?? 0, 0, ...ages);
    }
    const ids = [...this.#resources.keys()];
    return {
      ...conditions,
      staleness,
      live: ids.filter((id) => this.#isResourceLive(id)).length,
      held: ids.filter((id) => this.#isResourceLive(id) && this.#holder(id) !== -1).length,
      coordinators: live.filter((manager) => this.#acting.has(manager)).length,
    };
  }

  #agreed(members: readonly number[], acting: readonly number[]): boolean {
    if (acting.length !== 1) return false;
    const { ballot } = this.#acting.get(acting[0])!;
    return members
      .filter((m) => this.#processes[m].upSince + this.#windows.registrationUs <= this.#now)
      .every((m) => {
        const acknowledged = this.#acknowledged[m];
        return acknowledged !== null && compareBallots(acknowledged, ballot) === 0;
      });
  }

  #isManaged(id: number): boolean {
    const { outChanged, pointer, listings } = this.#resources[id];
    if (!this.#isResourceLive(id)) return true;
    const { registrationUs, handOverUs } = this.#windows;
    const agent = this.#inventory.agentOf[id];
    const liveSince = Math.max(outChanged, this.#processes[agent].liveSince);
    if (this.#now < liveSince + registrationUs) return true;
    const holder = this.#holder(id);
    if (holder === -1) return false;
    return [...listings].every(([manager, { since }]) =>
      manager === holder || !this.#isLive(manager) || !this.#reach(manager, agent) ||
      this.#now < Math.max(since, pointer!.since) + handOverUs);
  }

  #holder(id: number): number {
    const { pointer, listings } = this.#resources[id];
    if (pointer === null || !this.#isLive(pointer.manager)) return -1;
    if (!this.#reach(pointer.manager, this.#inventory.agentOf[id])) return -1;
    const listing = listings.get(pointer.manager);
    if (listing === undefined) return -1;
    return compareTokens(listing.token, pointer.token) === 0 ? pointer.manager : -1;
  }

  #isLive(process: number): boolean {
    return this.#processes[process].status === 'up';
  }

  #isResourceLive(id: number): boolean {
    return this.#isLive(this.#inventory.agentOf[id]) && this.#resources[id].state !== 'down';
  }

  /** By its first member, of those that are connected by links that work both ways. */
  #groupOf(address: number): number {
    if (this.#cut === null) return this.#groups[this.#inventory.zoneOf[address]];
    const members = new Set([address]);
    for (const member of members) {
      for (const other of this.#processes.keys()) {
        if (this.#reach(member, other)) members.add(other);
      }
    }
    return Math.min(...members);
  }

  #reach(a: number, b: number): boolean {
    if (this.#cut !== null) {
      const { classOf, classes, passes } = this.#cut;
      const there = passes[classOf[a] * classes + classOf[b]] === 1;
      const back = passes[classOf[b] * classes + classOf[a]] === 1;
      return a === b || (there && back);
    }
    const { zoneOf } = this.#inventory;
    return this.#groups[zoneOf[a]] === this.#groups[zoneOf[b]];
  }

  // -- replaying

  #apply({ process, observation }: Seen): void {
    const own = process >= 0 ? this.#processes[process] : undefined;
    switch (observation.type) {
      case 'process-up':
        if (own!.status !== 'down') return;
        Object.assign(own!, { status: 'up', upSince: this.#now, liveSince: this.#now });
        return this.#agentTurned(process);
      case 'process-down':
        if (own!.status === 'down') return;
        own!.status = 'down';
        return this.#died(process);
      case 'process-paused':
        if (own!.status !== 'up') return;
        own!.status = 'paused';
        return this.#agentTurned(process);
      case 'process-resumed':
        if (own!.status !== 'paused') return;
        Object.assign(own!, { status: 'up', liveSince: this.#now });
        return this.#agentTurned(process);
      case 'resource-state':
        return this.#changed(observation.resource, observation.state, observation.incarnation);
      case 'reachability':
        this.#groups = observation.groups;
        this.#cut = observation.cut ?? null;
        return;
      default:
        if (own !== undefined && own.status !== 'down') this.#believed(process, observation);
    }
  }

  #believed(process: number, observation: Seen['observation']): void {
    const now = this.#now;
    switch (observation.type) {
      case 'pointer-set': {
        const { resource, manager, token } = observation;
        this.#resources[resource].pointer = { manager, token, since: now };
        break;
      }
      case 'pointer-lost':
        this.#resources[observation.resource].pointer = null;
        break;
      case 'listing-added': {
        const { resource, token } = observation;
        this.#resources[resource].listings.set(process, { token, since: now });
        break;
      }
      case 'listing-removed':
        this.#resources[observation.resource].listings.delete(process);
        break;
      case 'ballot-acknowledged':
        this.#acknowledged[process] = observation.ballot;
        break;
      case 'coordinator-elected': {
        const before = this.#acting.get(process);
        const model = before?.model ?? new Map<number, Entry>();
        const acting = { ballot: observation.ballot, model, wrong: before?.wrong ?? new Map() };
        this.#acting.set(process, acting);
        if (before === undefined) {
          for (const id of this.#resources.keys()) this.#arrived(acting, id);
        }
        break;
      }
      case 'coordinator-resigned':
        this.#acting.delete(process);
        break;
      case 'model-entity':
      case 'model-forgot': {
        const acting = this.#acting.get(process);
        const id = observation.resource;
        if (acting === undefined) break;
        const old = acting.model.get(id);
        if (observation.type === 'model-forgot') {
          if (old === undefined) break;
          acting.model.delete(id);
        } else {
          const { state, incarnation } = observation;
          if (old?.state === state && old.incarnation === incarnation) break;
          acting.model.set(id, { state, incarnation });
        }
        this.#arrived(acting, id);
        break;
      }
      default:
    }
  }

  #died(process: number): void {
    if (process >= this.#inventory.managers) {
      for (const id of this.#inventory.resourcesOf(process)) this.#resources[id].pointer = null;
      return this.#agentTurned(process);
    }
    this.#acknowledged[process] = null;
    this.#acting.delete(process);
    for (const { listings } of this.#resources) listings.delete(process);
  }

  #agentTurned(process: number): void {
    if (process < this.#inventory.managers) return;
    for (const id of this.#inventory.resourcesOf(process)) this.#truthChanged(id);
  }

  #changed(id: number, state: ResourceState, incarnation: number): void {
    const resource = this.#resources[id];
    if (resource.state === state && resource.incarnation === incarnation) return;
    if (resource.incarnation !== incarnation) resource.bornAt = this.#now;
    Object.assign(resource, { state, incarnation, stateSince: this.#now });
    this.#truthChanged(id);
  }

  #truthChanged(id: number): void {
    const resource = this.#resources[id];
    const agent = this.#processes[this.#inventory.agentOf[id]];
    const out = resource.state === 'down' || agent.status === 'down';
    if (out !== resource.out) Object.assign(resource, { out, outChanged: this.#now });
    const excusedUntil = agent.liveSince + this.#windows.registrationUs;
    for (const acting of this.#acting.values()) {
      const before = acting.wrong.get(id);
      if (this.#isShownRight(acting, id)) acting.wrong.delete(id);
      else if (!out && excusedUntil > this.#now) acting.wrong.set(id, excusedUntil);
      else acting.wrong.set(id, Math.min(before ?? this.#now, this.#now));
    }
  }

  #isShownRight({ model }: Acting, id: number): boolean {
    const { state, incarnation, out } = this.#resources[id];
    const shown = model.get(id);
    if (out) return shown === undefined || shown.state === 'down';
    if (this.#processes[this.#inventory.agentOf[id]].status === 'paused') return true;
    return shown?.state === state && shown.incarnation === incarnation;
  }

  #arrived(acting: Acting, id: number): void {
    if (this.#isShownRight(acting, id)) {
      acting.wrong.delete(id);
      return;
    }
    const { out, outChanged, incarnation, stateSince, bornAt } = this.#resources[id];
    const shown = acting.model.get(id);
    const excusedUntil =
      this.#processes[this.#inventory.agentOf[id]].liveSince + this.#windows.registrationUs;
    let since = outChanged;
    if (!out) {
      if (shown !== undefined && shown.state !== 'down') {
        since = shown.incarnation === incarnation ? stateSince : bornAt;
      }
      since = Math.max(since, excusedUntil);
    }
    acting.wrong.set(id, since);
  }
}
