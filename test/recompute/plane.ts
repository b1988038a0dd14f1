/**
 * Health again from the observations of a trace: judged when each instant is over in which
 * something was observed or an allowance ran out. By the words of docs/protocol.md, without the
 * code that judges in a run.
 */
import FastPriorityQueue from 'fastpriorityqueue';
import { byBallot, type World } from './world.js';

/** J, W and delta of docs/bounds.md. */
export interface Windows {
  readonly registrationUs: number;
  readonly handOverUs: number;
  readonly stalenessUs: number;
}

/** How all stood when an instant was over. */
export interface Judged {
  readonly timeUs: number;
  readonly coordinator: boolean;
  readonly managed: boolean;
  readonly model: boolean;
  /** The oldest change that a coordinator's model does not show; null: there is no coordinator. */
  readonly oldestUs: number | null;
}

/** How a resource stands: live, held, and wrong by the second condition. */
export const LIVE = 1;
export const HELD = 2;
const WRONG = 4;

export class Plane {
  /** Bits of each resource. */
  readonly standing: Uint8Array;
  live = 0;
  held = 0;
  readonly #wrong = new Set<number>();
  readonly #world: World;
  readonly #windows: Windows;
  /** When time alone may change something. */
  readonly #due = new FastPriorityQueue<{ readonly timeUs: number; readonly id: number | null }>(
    (a, b) => a.timeUs < b.timeUs);
  /** As judged last; null: time has changed something since. */
  #cached: Judged | null = null;

  constructor(world: World, windows: Windows) {
    this.#world = world;
    this.#windows = windows;
    this.standing = new Uint8Array(world.resources.length);
  }

  get dueUs(): number {
    return this.#due.peek()?.timeUs ?? Infinity;
  }

  /** Looks again at what was touched, by time too; tells who stands otherwise than before. */
  restand(timeUs: number): number[] {
    const { touched } = this.#world;
    for (let due = this.#due.peek(); due !== undefined && due.timeUs <= timeUs;) {
      this.#due.poll();
      if (due.id === null) this.#cached = null;
      else touched.add(due.id);
      due = this.#due.peek();
    }
    const turned: number[] = [];
    for (const id of touched) {
      const [before, after] = [this.standing[id], this.#standingOf(id, timeUs)];
      if (before === after) continue;
      for (const [bits, step] of [[before, -1], [after, 1]] as const) {
        if ((bits & LIVE) !== 0) this.live += step;
        if ((bits & HELD) !== 0) this.held += step;
      }
      if ((after & WRONG) === 0) this.#wrong.delete(id);
      else this.#wrong.add(id);
      this.standing[id] = after;
      turned.push(id);
    }
    touched.clear();
    return turned;
  }

  /** The instant is over. */
  judge(timeUs: number): Judged {
    this.restand(timeUs);
    const managed = this.#isManaged();
    if (this.#world.turned || this.#cached === null) {
      this.#cached = { timeUs, managed, ...this.#led(timeUs), coordinator: this.isLed(timeUs) };
      this.#world.turned = false;
    }
    this.#cached = { ...this.#cached, timeUs, managed };
    return this.#cached;
  }

  /** The second condition. */
  #isManaged(): boolean {
    const world = this.#world;
    const groups = new Set(this.#groups().map(([manager]) => world.groupOf(manager)));
    return groups.size > 0 &&
      [...this.#wrong].every((id) => !groups.has(world.groupOf(world.inventory.agentOf[id])));
  }

  /** The first condition. */
  isLed(timeUs: number): boolean {
    const { acting, acknowledged, processes } = this.#world;
    const groups = this.#groups();
    return groups.length > 0 && groups.every((members) => {
      const leaders = members.filter((manager) => acting.has(manager));
      if (leaders.length !== 1) return false;
      const { counter, node, incarnation } = acting.get(leaders[0])!.ballot;
      return members.every((manager) => {
        const countsAt = processes[manager].upSince + this.#windows.registrationUs;
        if (countsAt > timeUs) {
          this.#due.add({ timeUs: countsAt, id: null });
          return true;
        }
        const own = acknowledged[manager];
        return own?.counter === counter && own.node === node && own.incarnation === incarnation;
      });
    });
  }

  /** The live managers of each group. */
  #groups(): number[][] {
    const groups = new Map<number, number[]>();
    for (let manager = 0; manager < this.#world.inventory.managers; manager += 1) {
      if (!this.#world.isLive(manager)) continue;
      const group = this.#world.groupOf(manager);
      const own = groups.get(group);
      if (own === undefined) groups.set(group, [manager]);
      else own.push(manager);
    }
    return [...groups.values()];
  }

  /** The third condition. */
  #led(timeUs: number): Pick<Judged, 'model' | 'oldestUs'> {
    const { acting, inventory } = this.#world;
    const groups = this.#groups();
    let model = groups.length > 0;
    let oldestUs: number | null = null;
    for (const members of groups) {
      const leaders = [...acting].filter(([manager]) => members.includes(manager)).sort(byBallot);
      if (leaders.length === 0) {
        model = false;
        continue;
      }
      const [[leader, { wrong }]] = leaders;
      let since = Infinity;
      for (const [id, wrongSince] of wrong) {
        const own = this.#world.groupOf(inventory.agentOf[id]) === this.#world.groupOf(leader);
        if (own && wrongSince < since) since = wrongSince;
      }
      oldestUs = Math.min(oldestUs ?? Infinity, since);
      const staleAtUs = since + this.#windows.stalenessUs;
      if (staleAtUs <= timeUs) model = false;
      else if (staleAtUs < Infinity) this.#due.add({ timeUs: staleAtUs, id: null });
    }
    return { model, oldestUs };
  }

  #standingOf(id: number, timeUs: number): number {
    const world = this.#world;
    if (!world.isResourceLive(id)) return 0;
    const { registrationUs, handOverUs } = this.#windows;
    const { turnedAt, pointer, listings } = world.resources[id];
    const agent = world.inventory.agentOf[id];
    const holder = world.holderOf(id);
    const bits = LIVE | (holder === -1 ? 0 : HELD);
    const countsAt = Math.max(turnedAt, world.steadySince(agent)) + registrationUs;
    if (world.dismissed.has(id) || this.#isAhead(countsAt, timeUs, id)) return bits;
    if (holder === -1) return bits | WRONG;
    for (const [manager, { since }] of listings) {
      if (manager === holder || !world.isLive(manager) || !world.reach(manager, holder)) continue;
      const latestUs = Math.max(since, pointer!.since) + handOverUs;
      if (!this.#isAhead(latestUs, timeUs, id)) return bits | WRONG;
    }
    return bits;
  }

  #isAhead(dueUs: number, timeUs: number, id: number): boolean {
    if (dueUs <= timeUs) return false;
    if (dueUs < Infinity) this.#due.add({ timeUs: dueUs, id });
    return true;
  }
}
