/**
 * Each injected fault again: when somebody that it hit was first suspected while it lasted, and
 * when all that it took away was managed again. By the words of docs/measuring.md.
 */
import type { Line } from './lines.js';
import { HELD, LIVE, type Plane } from './plane.js';
import { suspicionOf } from './suspicion.js';
import type { World } from './world.js';

export interface FaultAgain {
  readonly beganUs: number;
  readonly kind: string;
  readonly scope: 'management' | 'resources';
  clearedUs: number | null;
  detectedUs: number | null;
  recoveredUs: number | null;
  censored: boolean;
  readonly processes: readonly number[];
  readonly resources: readonly number[];
}

/** A fault whose recovery is waited for. */
interface Open {
  readonly fault: FaultAgain;
  /** What lived when it began, and has yet to be seen to fail. */
  readonly awaited: Set<string>;
  /** What it took away; whether it must live again, since the fault took it down itself. */
  readonly taken: Map<number, boolean>;
  coordinator: boolean;
}

/** Before a change of who reaches whom: who was managed, and whether all were led. */
interface Before {
  readonly held: readonly number[];
  readonly led: boolean;
}

export class Faults {
  readonly all = new Map<number, FaultAgain>();
  /** Of those that began after the warm-up and took something away. */
  readonly tookUs: number[] = [];
  /** Of those that began after the warm-up. */
  over = 0;
  readonly #world: World;
  readonly #plane: Plane;
  readonly #warmUpUs: number;
  readonly #open = new Map<number, Open>();
  /** By what they took. */
  readonly #takers = new Map<number, Set<Open>>();
  #beginning: Open[] = [];
  readonly #ready = new Set<Open>();
  /** Not over yet: those may still be noticed. */
  readonly #lasting = new Set<FaultAgain>();

  constructor(world: World, plane: Plane, warmUpUs: number) {
    this.#world = world;
    this.#plane = plane;
    this.#warmUpUs = warmUpUs;
  }

  before(line: Line): Before | null {
    if (line.type === 'fault-began') this.#began(line);
    else if (line.type === 'fault-ended') this.#ended(line);
    this.#notice(line);
    if (line.type !== 'reachability') return null;
    const held = [...this.#plane.standing.keys()].filter((id) => this.#holds(id));
    return { held, led: this.#plane.isLed(line.t) };
  }

  /** The truth shows it, and so do the standings of those that `turned`. */
  after(line: Line, before: Before | null, turned: readonly number[]): void {
    if (line.p >= 0 && !this.#world.isLive(line.p)) {
      for (const open of this.#open.values()) this.#seen(open, `process ${line.p}`);
    }
    this.turned(turned);
    if (before === null) return;
    const cutOff = before.held.filter((id) => this.#isLive(id) && !this.#holds(id));
    const unled = before.led && !this.#plane.isLed(line.t);
    for (const open of this.#beginning) {
      for (const id of cutOff) this.#take(open, id, false);
      if (unled) open.coordinator = true;
      this.#ready.add(open);
    }
  }

  turned(ids: readonly number[]): void {
    for (const id of ids) {
      for (const open of this.#takers.get(id) ?? []) {
        if (!this.#isLive(id)) open.awaited.delete(`resource ${id}`);
        this.#ready.add(open);
      }
    }
  }

  /** The instant is over. */
  judged(timeUs: number, led: boolean): void {
    this.#beginning = [];
    for (const open of this.#ready) {
      const isBack = [...open.taken].every(([id, mustLive]) =>
        this.#isLive(id) ? this.#holds(id) : !mustLive);
      if (open.awaited.size > 0 || !isBack) this.#ready.delete(open);
      else if (led || !open.coordinator) this.#close(open, timeUs);
    }
  }

  #began(line: Line): void {
    const { kind, processes, resources } = line as unknown as FaultAgain;
    const hitsLinks = processes.length + resources.length === 0;
    const hitsManagers = processes.some((process) => this.#world.isManager(process));
    const fault: FaultAgain = {
      beganUs: line.t, kind, scope: hitsLinks || hitsManagers ? 'management' : 'resources',
      clearedUs: null, detectedUs: null, recoveredUs: null, censored: true, processes, resources,
    };
    this.all.set(line['fault'] as number, fault);
    this.#lasting.add(fault);
    const open: Open = {
      fault, taken: new Map(), coordinator: false,
      awaited: new Set([
        ...processes.filter((process) => this.#world.isLive(process))
          .map((process) => `process ${process}`),
        ...resources.filter((id) => this.#world.isResourceLive(id)).map((id) => `resource ${id}`),
      ]),
    };
    this.#open.set(line['fault'] as number, open);
    for (const id of resources) this.#take(open, id, true);
    for (const process of processes) {
      for (const id of this.#world.inventory.resourcesOf(process)) this.#take(open, id, true);
    }
    for (const process of processes) {
      if (this.#world.acting.has(process)) open.coordinator = true;
      if (!this.#world.isManager(process)) continue;
      for (const [id, { pointer }] of this.#world.resources.entries()) {
        if (pointer?.manager === process && this.#holds(id)) this.#take(open, id, false);
      }
    }
    this.#beginning.push(open);
    this.#ready.add(open);
  }

  #ended(line: Line): void {
    const fault = this.all.get(line['fault'] as number)!;
    fault.clearedUs = line.t;
    this.#lasting.delete(fault);
    const open = this.#open.get(line['fault'] as number);
    if (open === undefined) return;
    // Whatever did not fail by it never will.
    open.awaited.clear();
    this.#ready.add(open);
  }

  #notice(line: Line): void {
    const { type, t, p } = line;
    if (type === 'resource-suspected') {
      const id = line['resource'] as number;
      if (line['incarnation'] !== this.#world.resources[id].incarnation) return;
      for (const fault of this.#lasting) {
        if (fault.resources.includes(id)) fault.detectedUs ??= t;
      }
      return;
    }
    const suspicion = suspicionOf(line, this.#world);
    if (suspicion === null) return;
    const { of } = suspicion;
    for (const fault of this.#lasting) {
      const { processes, resources, kind } = fault;
      const isOfLinks = processes.length + resources.length === 0 && kind !== 'heal';
      if (processes.includes(of) || (isOfLinks && !this.#world.reach(p, of))) {
        fault.detectedUs ??= t;
      }
    }
  }

  #seen(open: Open, what: string): void {
    if (open.awaited.delete(what)) this.#ready.add(open);
  }

  #take(open: Open, id: number, mustLive: boolean): void {
    if (open.taken.has(id)) return;
    open.taken.set(id, mustLive);
    const takers = this.#takers.get(id);
    if (takers === undefined) this.#takers.set(id, new Set([open]));
    else takers.add(open);
  }

  #close(open: Open, timeUs: number): void {
    const { fault, taken, coordinator } = open;
    this.#ready.delete(open);
    for (const [number, other] of this.#open) if (other === open) this.#open.delete(number);
    for (const id of taken.keys()) this.#takers.get(id)?.delete(open);
    fault.censored = false;
    const counts = fault.beganUs >= this.#warmUpUs;
    if (counts) this.over += 1;
    if (taken.size === 0 && !coordinator) return;
    fault.recoveredUs = timeUs;
    if (counts) this.tookUs.push(timeUs - fault.beganUs);
  }

  #isLive(id: number): boolean {
    return (this.#plane.standing[id] & LIVE) !== 0;
  }

  #holds(id: number): boolean {
    return (this.#plane.standing[id] & HELD) !== 0;
  }
}
