/**
 * What is true in a run, by the observations of its trace alone: who runs and reaches whom, how
 * resources are, who holds and lists them, who acts as coordinator and what his model shows. Plain
 * and by the words of docs/protocol.md, without the code that keeps the truth in a run.
 */
import { compareBallots, type Ballot, type Token } from '../../core/identity.js';
import type { HostCut } from '../../core/observations.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { Line } from './lines.js';

interface ProcessNow {
  status: 'up' | 'paused' | 'down';
  upSince: number;
  liveSince: number;
  /** What is odd about its host's pace, and since when nothing is. */
  readonly odd: Set<string>;
  evenSince: number;
}

export interface ResourceNow {
  state: string;
  incarnation: number;
  stateSince: number;
  bornAt: number;
  /** Itself or its host is down, or it is retired; since when that is as it is. */
  out: boolean;
  turnedAt: number;
  pointer: { readonly manager: number; readonly token: string; readonly since: number } | null;
  readonly listings: Map<number, { readonly token: string; readonly since: number }>;
}

export interface Acting {
  ballot: Ballot;
  readonly model: Map<number, { readonly state: string; readonly incarnation: number }>;
  /** Since when it shows which resources wrong; may lie ahead. */
  readonly wrong: Map<number, number>;
  /** Since when somebody in reach has kept what is registered; Infinity: nobody does. */
  keptSince: number;
}

export class World {
  readonly inventory: Inventory;
  readonly processes: readonly ProcessNow[];
  readonly resources: readonly ResourceNow[];
  /** In the order of their election, paused ones among them. */
  readonly acting = new Map<number, Acting>();
  readonly acknowledged: (Ballot | null)[];
  /** Resources that may stand otherwise than before. */
  readonly touched = new Set<number>();
  /** When each was registered. */
  readonly #registered = new Map<number, number>();
  /** To be decommissioned, and not to come back since; of these, those whose agents know. */
  readonly dismissed = new Set<number>();
  readonly #retired = new Set<number>();
  /** Managers that keep what is. */
  #keepers: readonly number[] = [];
  /** Stores that managers have lost, and what those kept of whom nobody is left: on their disks. */
  readonly #losses = new Map<number, number>();
  #disks: { readonly losses: ReadonlyMap<number, number>; readonly ids: Set<number> }[] = [];
  /** Something else has changed that health depends on. */
  turned = true;
  now = 0;
  #cut: HostCut | null = null;
  #groupOf: ArrayLike<number>;
  readonly #registrationUs: number;

  constructor(inventory: Inventory, registrationUs: number) {
    this.inventory = inventory;
    this.#registrationUs = registrationUs;
    this.processes = Array.from({ length: inventory.managers + inventory.agents }, () => ({
      status: 'down' as const, upSince: 0, liveSince: 0, odd: new Set<string>(), evenSince: 0,
    }));
    this.resources = Array.from({ length: inventory.resources }, () => ({
      state: 'down', incarnation: 0, stateSince: 0, bornAt: 0, out: true, turnedAt: 0,
      pointer: null, listings: new Map(),
    }));
    this.acknowledged = Array.from({ length: inventory.managers }, () => null);
    this.#groupOf = this.processes.map(() => 0);
  }

  isManager(process: number): boolean {
    return process >= 0 && process < this.inventory.managers;
  }

  isLive(process: number): boolean {
    return this.processes[process].status === 'up';
  }

  isResourceLive(id: number): boolean {
    return this.isLive(this.inventory.agentOf[id]) && !this.#isNone(id);
  }

  #isNone(id: number): boolean {
    return this.resources[id].state === 'down' || this.#retired.has(id);
  }

  /** Since when it has been live, on a host at its usual pace; Infinity: it is not. */
  steadySince(process: number): number {
    const { liveSince, odd, evenSince } = this.processes[process];
    return odd.size > 0 ? Infinity : Math.max(liveSince, evenSince);
  }

  /** Of those that reach each other, by way of others too. */
  groupOf(process: number): number {
    return this.#groupOf[process];
  }

  /** Both ways. */
  reach(a: number, b: number): boolean {
    const cut = this.#cut;
    return a === b || (cut === null ? this.#groupOf[a] === this.#groupOf[b] : mutual(cut, a, b));
  }

  /** The live manager in reach that its pointer names and that lists it under the same token. */
  holderOf(id: number): number {
    const { pointer, listings } = this.resources[id];
    if (pointer === null || !this.isResourceLive(id) || !this.isLive(pointer.manager)) return -1;
    if (!this.reach(pointer.manager, this.inventory.agentOf[id])) return -1;
    return listings.get(pointer.manager)?.token === pointer.token ? pointer.manager : -1;
  }

  apply(line: Line): void {
    this.now = line.t;
    const { p } = line;
    const word = (field: string): never => line[field] as never;
    switch (line.type) {
      case 'process-up':
        if (line['generation'] !== undefined) {
          const isLost = line['generation'] as number > (this.#losses.get(p) ?? 0);
          this.#losses.set(p, word('generation'));
          if (isLost) this.#keepers = this.#keepers.filter((keeper) => keeper !== p);
        }
        return this.#turn(p, 'up');
      case 'process-down':
      case 'process-paused':
      case 'process-resumed':
        return this.#turn(p, line.type.slice('process-'.length) as 'up');
      case 'clock-set':
        return this.#pace(p, 'clock', word('drift') !== 0);
      case 'host-slowed':
        return this.#pace(p, 'slow', word('factor') !== 1);
      case 'resource-state':
        return this.#changed(word('resource'), word('state'), word('incarnation'));
      case 'decommission-asked':
        for (const id of word('resources') as number[]) {
          this.dismissed.add(id);
          this.#unregister(id);
        }
        return;
      case 'resources-commissioned':
        for (const id of word('resources') as number[]) {
          this.dismissed.delete(id);
          this.#retired.delete(id);
          this.#review(id);
        }
        return;
      case 'reachability':
        return this.#reachability(word('groups'), word('cut'));
      default:
        if (p >= 0 && this.processes[p].status !== 'down') this.#believed(line);
    }
  }

  #unregister(id: number): void {
    this.#registered.delete(id);
    for (const { ids } of this.#disks) ids.delete(id);
    this.#review(id);
  }

  #turn(process: number, what: 'up' | 'down' | 'paused' | 'resumed'): void {
    const own = this.processes[process];
    const { now } = this;
    const wanted = { up: 'down', down: own.status === 'down' ? 'none' : own.status,
      paused: 'up', resumed: 'paused' }[what];
    if (own.status !== wanted) return;
    own.status = what === 'resumed' ? 'up' : what;
    if (what === 'up') own.upSince = now;
    if (own.status === 'up') own.liveSince = now;
    this.turned = true;
    if (!this.isManager(process)) {
      for (const id of this.inventory.resourcesOf(process)) {
        if (what === 'down') this.resources[id].pointer = null;
        this.#review(id);
      }
      return;
    }
    for (const [id, { pointer, listings }] of this.resources.entries()) {
      if (pointer?.manager === process || listings.has(process)) this.touched.add(id);
      if (what === 'down') listings.delete(process);
    }
    if (what === 'down') {
      this.acknowledged[process] = null;
      this.acting.delete(process);
    }
    if (own.status === 'up') this.#readDisks((one) => this.#isAmongKeepers(one));
    else if (this.#keepers.every((keeper) => this.processes[keeper].status === 'down')) {
      this.#putAside();
    }
    this.#reviewKept();
  }

  /** Nobody is left who could tell of what is registered, until one of them returns. */
  #putAside(): void {
    if (this.#keepers.length === 0) return;
    const losses = new Map(this.#keepers.map((one) => [one, this.#losses.get(one) ?? 0]));
    this.#disks.push({ losses, ids: new Set(this.#registered.keys()) });
    this.#keepers = [];
    const ids = [...this.#registered.keys()];
    this.#registered.clear();
    for (const id of ids) this.#review(id);
  }

  #isNear(coordinator: number, manager: number): boolean {
    return this.isLive(manager) && this.reach(coordinator, manager);
  }

  #isAmongKeepers(manager: number): boolean {
    return this.#keepers.length === 0
      ? this.isLive(manager) : this.#keepers.some((keeper) =>
        this.isLive(keeper) && this.#isNear(keeper, manager));
  }

  #readDisks(canTell: (manager: number) => boolean): void {
    const tellersOf = ({ losses }: { readonly losses: ReadonlyMap<number, number> }): number[] =>
      [...losses.keys()].filter((one) =>
        canTell(one) && losses.get(one) === (this.#losses.get(one) ?? 0));
    const read = this.#disks.filter((disk) => tellersOf(disk).length > 0);
    if (read.length === 0) return;
    this.#disks = this.#disks.filter((disk) => !read.includes(disk));
    this.#keepers = [...new Set([...this.#keepers, ...read.flatMap(tellersOf)])];
    const ids = read.flatMap((disk) => [...disk.ids]);
    for (const id of ids) this.#registered.set(id, this.#registered.get(id) ?? this.now);
    this.#reviewKept();
    for (const id of ids) this.#review(id);
  }

  #isKeptFor(coordinator: number): boolean {
    return this.#keepers.some((keeper) => this.processes[keeper].status !== 'down' &&
      this.#groupOf[keeper] === this.#groupOf[coordinator]);
  }

  #reviewKept(): void {
    for (const [coordinator, acting] of this.acting) {
      const isKept = this.#isKeptFor(coordinator);
      if (isKept === acting.keptSince < Infinity) continue;
      acting.keptSince = isKept ? this.now : Infinity;
      this.turned = true;
      for (const [id, { out }] of this.resources.entries()) {
        if (out && !acting.model.has(id)) this.#arrived(acting, id);
      }
    }
  }

  #pace(process: number, why: string, isOdd: boolean): void {
    const own = this.processes[process];
    if (isOdd) own.odd.add(why);
    else own.odd.delete(why);
    own.evenSince = this.now;
    this.turned = true;
    for (const id of this.inventory.resourcesOf(process)) this.#review(id);
  }

  #reachability(groups: readonly number[], cut: HostCut | undefined): void {
    const { zoneOf } = this.inventory;
    this.#cut = cut ?? null;
    this.#groupOf = cut === undefined
      ? this.processes.map((_, process) => groups[zoneOf[process]])
      : groupsOf(cut, this.processes.length);
    for (const id of this.resources.keys()) this.touched.add(id);
    this.turned = true;
    this.#readDisks((one) => this.#isAmongKeepers(one));
    this.#reviewKept();
  }

  #believed(line: Line): void {
    const { p, t: now } = line;
    const id = line['resource'] as number;
    switch (line.type) {
      case 'pointer-set': {
        const token = keyOf(line['token'] as Token);
        this.resources[id].pointer = { manager: line['manager'] as number, token, since: now };
        this.touched.add(id);
        break;
      }
      case 'pointer-lost':
        this.resources[id].pointer = null;
        this.touched.add(id);
        break;
      case 'listing-added':
        this.resources[id].listings.set(p, { token: keyOf(line['token'] as Token), since: now });
        this.touched.add(id);
        break;
      case 'listing-removed':
        this.resources[id].listings.delete(p);
        this.touched.add(id);
        break;
      case 'ballot-acknowledged':
        this.acknowledged[p] = line['ballot'] as Ballot | null;
        this.turned = true;
        break;
      case 'coordinator-elected':
        this.#elected(p, line['ballot'] as Ballot);
        break;
      case 'coordinator-resigned':
        this.acting.delete(p);
        this.turned = true;
        break;
      case 'model-entity': {
        const { state, incarnation } = line as unknown as ResourceNow;
        this.#shows(p, id, { state, incarnation });
        break;
      }
      case 'model-forgot':
        this.#shows(p, id, null);
        break;
      case 'resource-registered':
        this.#registered.set(id, Math.min(this.#registered.get(id) ?? now, now));
        this.#review(id);
        break;
      case 'resource-retired':
        this.#retired.add(id);
        return this.#unregister(id);
      case 'resource-decommissioned':
        return this.#unregister(id);
      case 'inventory-kept': {
        const isNew = !this.#keepers.includes(p);
        const near = this.#keepers.filter((one) => isNew && this.#isNear(p, one));
        if (isNew && near.length === 0) this.#putAside();
        this.#keepers = [...new Set([p, ...line['standbys'] as number[], ...near])];
        this.#readDisks((one) => this.#isNear(p, one));
        this.#reviewKept();
        break;
      }
      default:
    }
  }

  #elected(process: number, ballot: Ballot): void {
    this.turned = true;
    const before = this.acting.get(process);
    if (before !== undefined) {
      before.ballot = ballot;
      return;
    }
    const keptSince = this.#isKeptFor(process) ? this.now : Infinity;
    const acting: Acting = { ballot, model: new Map(), wrong: new Map(), keptSince };
    this.acting.set(process, acting);
    for (const id of this.resources.keys()) this.#arrived(acting, id);
  }

  #shows(process: number, id: number, now: { state: string; incarnation: number } | null): void {
    const acting = this.acting.get(process);
    if (acting === undefined) return;
    const old = acting.model.get(id);
    if (old?.state === now?.state && old?.incarnation === now?.incarnation) return;
    if (now === null) acting.model.delete(id);
    else acting.model.set(id, now);
    this.turned = true;
    this.#arrived(acting, id);
  }

  #changed(id: number, state: string, incarnation: number): void {
    const resource = this.resources[id];
    if (resource.state === state && resource.incarnation === incarnation) return;
    if (resource.incarnation !== incarnation) resource.bornAt = this.now;
    Object.assign(resource, { state, incarnation, stateSince: this.now });
    this.#review(id);
  }

  /** The truth about it may be another. */
  #review(id: number): void {
    const { now } = this;
    const resource = this.resources[id];
    const agent = this.inventory.agentOf[id];
    this.touched.add(id);
    const out = this.#isNone(id) || this.processes[agent].status === 'down';
    if (out !== resource.out) Object.assign(resource, { out, turnedAt: now });
    const excusedUntil = this.steadySince(agent) + this.#registrationUs;
    for (const acting of this.acting.values()) {
      const { wrong } = acting;
      this.turned = true;
      if (this.#isRight(acting, id)) wrong.delete(id);
      else if (!out && excusedUntil > now) wrong.set(id, excusedUntil);
      else wrong.set(id, Math.min(wrong.get(id) ?? now, now));
    }
  }

  #isRight({ model, keptSince }: Acting, id: number): boolean {
    const { state, incarnation, out } = this.resources[id];
    const shown = model.get(id);
    if (out && shown === undefined) return keptSince === Infinity || !this.#registered.has(id);
    if (out) return isGone(shown!.state);
    if (this.processes[this.inventory.agentOf[id]].status === 'paused') return true;
    return shown?.state === state && shown.incarnation === incarnation;
  }

  /** What the model shows is news: since when has it been wrong? */
  #arrived(acting: Acting, id: number): void {
    const { model, wrong, keptSince } = acting;
    if (this.#isRight(acting, id)) {
      wrong.delete(id);
      return;
    }
    const { out, turnedAt, incarnation, stateSince, bornAt } = this.resources[id];
    const shown = model.get(id);
    let since = turnedAt;
    // Who was just asked to listen for it has time to, as an agent to hear what is decommissioned.
    const isNews = shown === undefined ? this.dismissed.has(id) : shown.state === 'unknown';
    if (isNews) since = this.now;
    else if (out && shown === undefined) {
      since = Math.max(since, this.#registered.get(id)!, keptSince);
    }
    if (!out) {
      if (shown !== undefined && !isGone(shown.state) && shown.state !== 'unknown') {
        since = shown.incarnation === incarnation ? stateSince : bornAt;
      }
      const steadySince = this.steadySince(this.inventory.agentOf[id]);
      since = Math.max(since, steadySince + this.#registrationUs);
    }
    wrong.set(id, since);
  }
}

function isGone(state: string): boolean {
  return state === 'down' || state === 'unreachable';
}

/** The greatest first. */
export function byBallot(a: readonly [unknown, Acting], b: readonly [unknown, Acting]): number {
  return compareBallots(b[1].ballot, a[1].ballot);
}

function keyOf({ ballot: { counter, node, incarnation }, sequence }: Token): string {
  return `${counter}/${node}/${incarnation}#${sequence}`;
}

/** In a trace the class of each is by its number. */
function mutual({ classOf, classes, passes }: HostCut, a: number, b: number): boolean {
  const [one, other] = [classOf[a], classOf[b]];
  return passes[one * classes + other] === 1 && passes[other * classes + one] === 1;
}

/** Each host's group, by its first host. */
function groupsOf(cut: HostCut, hosts: number): number[] {
  const groups = Array.from({ length: hosts }, () => -1);
  const left = new Set(groups.keys());
  for (const first of groups.keys()) {
    if (groups[first] !== -1) continue;
    const reached = [first];
    left.delete(first);
    const asked = new Set<number>();
    for (const one of reached) {
      groups[one] = first;
      // All of a class reach the same.
      if (asked.has(cut.classOf[one])) continue;
      asked.add(cut.classOf[one]);
      for (const other of left) {
        if (!mutual(cut, one, other)) continue;
        left.delete(other);
        reached.push(other);
      }
    }
  }
  return groups;
}
