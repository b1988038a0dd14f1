/** Repairs, leaves, acts done twice and what was done without need, by docs/measuring.md. */
import type { Line } from './lines.js';
import type { World } from './world.js';

export class Doings {
  readonly repairsUs: number[] = [];
  readonly leavesUs: number[] = [];
  readonly needless = { actions: 0, moves: 0, elections: 0 };
  duplicated = 0;
  readonly #world: World;
  readonly #warmUpUs: number;
  readonly #crashedUs = new Map<number, number>();
  readonly #leavingUs = new Map<number, number>();
  readonly #actedIn = new Map<number, number>();
  /** Who takes which resource for down. */
  readonly #suspicions = new Set<string>();
  /** Whom those that obey nobody gave up; and whose going from whom was counted as needless. */
  readonly #former = new Map<number, number>();
  readonly #left = new Map<number, { readonly from: number; readonly counted: boolean }>();

  constructor(world: World, warmUpUs: number) {
    this.#world = world;
    this.#warmUpUs = warmUpUs;
  }

  /** Crashes that count and whose resource is not up again. */
  get unrepaired(): number {
    return [...this.#crashedUs.values()].filter((us) => us >= this.#warmUpUs).length;
  }

  add(line: Line): void {
    const { t, p, type } = line;
    const id = line['resource'] as number;
    const counts = t >= this.#warmUpUs;
    switch (type) {
      case 'resource-state':
        this.#repaired(t, id, line['state'] as string);
        break;
      case 'process-leaving':
        this.#leavingUs.set(p, t);
        break;
      case 'process-down': {
        const sinceUs = this.#leavingUs.get(p);
        if (sinceUs !== undefined && sinceUs >= this.#warmUpUs) this.leavesUs.push(t - sinceUs);
        this.#leavingUs.delete(p);
        break;
      }
      case 'actuated':
        if (line['verb'] !== 'stop') this.#acted(id, line['incarnation'] as number, counts);
        break;
      case 'resource-suspected':
        this.#suspicions.add(`${id} by ${p}`);
        break;
      case 'resource-trusted':
      case 'listing-removed':
        this.#suspicions.delete(`${id} by ${p}`);
        break;
      case 'pointer-lost': {
        const { pointer } = this.#world.resources[id];
        if (pointer === null) this.#former.delete(id);
        else this.#former.set(id, pointer.manager);
        break;
      }
      case 'pointer-set':
        this.#goes(id, line['manager'] as number, counts);
        break;
      case 'resource-moved': {
        const left = this.#left.get(id);
        if (left?.from === line['from'] && left?.counted === true) this.needless.moves -= 1;
        this.#left.delete(id);
        break;
      }
      case 'coordinator-elected':
        if (counts && this.#isLedAlready(p)) this.needless.elections += 1;
        break;
      default:
    }
  }

  #repaired(timeUs: number, id: number, state: string): void {
    const before = this.#world.resources[id].state;
    const crashUs = this.#crashedUs.get(id);
    if (state === 'down') {
      const crashed = ['up', 'starting', 'stopping'].includes(before);
      if (crashed && crashUs === undefined) this.#crashedUs.set(id, timeUs);
    } else if (crashUs !== undefined && state !== 'starting') {
      if (state === 'up' && crashUs >= this.#warmUpUs) this.repairsUs.push(timeUs - crashUs);
      this.#crashedUs.delete(id);
    }
  }

  #acted(id: number, incarnation: number, counts: boolean): void {
    const before = this.#actedIn.get(id) ?? -1;
    this.#actedIn.set(id, Math.max(before, incarnation));
    if (!counts) return;
    if (incarnation <= before) this.duplicated += 1;
    const isSuspected = [...this.#suspicions].some((one) => one.startsWith(`${id} by `));
    if (isSuspected && this.#world.resources[id].state === 'up') this.needless.actions += 1;
  }

  /** From a manager who lives, in reach, lists it and stays? */
  #goes(id: number, to: number, counted: boolean): void {
    const { pointer, listings } = this.#world.resources[id];
    const from = pointer?.manager ?? this.#former.get(id) ?? -1;
    this.#former.delete(id);
    this.#left.delete(id);
    if (from === -1 || from === to || !this.#world.isLive(from) || !listings.has(from)) return;
    if (this.#leavingUs.has(from)) return;
    if (!this.#world.reach(from, this.#world.inventory.agentOf[id])) return;
    if (counted) this.needless.moves += 1;
    this.#left.set(id, { from, counted });
  }

  #isLedAlready(manager: number): boolean {
    const { acting } = this.#world;
    return !acting.has(manager) && [...acting.keys()].some((one) =>
      this.#world.isLive(one) && !this.#leavingUs.has(one) && this.#world.reach(one, manager));
  }
}
