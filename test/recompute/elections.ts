/**
 * Elections again, by the words of docs/measuring.md: for each manager, from the loss of its
 * coordinator to the election that lasts; those that lose and get one together make one.
 */
import type { Line } from './lines.js';
import type { World } from './world.js';

export class Elections {
  readonly tookUs: number[] = [];
  roleChanges = 0;
  readonly #world: World;
  readonly #warmUpUs: number;
  readonly #lostUs = new Map<number, number>();
  readonly #electedUs = new Map<number, number>();
  readonly #had = new Set<number>();
  #any = false;

  constructor(world: World, warmUpUs: number) {
    this.#world = world;
    this.#warmUpUs = warmUpUs;
  }

  add({ type, p, t }: Line): void {
    if (type !== 'coordinator-elected') return;
    if (this.#any && t >= this.#warmUpUs && !this.#world.acting.has(p)) this.roleChanges += 1;
    this.#any = true;
    for (const manager of this.#lostUs.keys()) {
      const together = this.#world.groupOf(manager) === this.#world.groupOf(p);
      if (together) this.#electedUs.set(manager, t);
    }
  }

  /** The instant is over. */
  judge(timeUs: number): void {
    const { inventory, acting } = this.#world;
    const managers = Array.from({ length: inventory.managers }, (_, manager) => manager);
    const live = managers.filter((manager) => this.#world.isLive(manager));
    const groupsOf = (some: readonly number[]): Set<number> =>
      new Set(some.map((manager) => this.#world.groupOf(manager)));
    const inhabited = groupsOf(live);
    const led = groupsOf(live.filter((manager) => acting.has(manager)));
    const losing: number[] = [];
    for (const manager of managers) {
      const group = this.#world.groupOf(manager);
      if (led.has(group)) {
        this.#had.add(manager);
        // The same one is back, and nobody took over.
        if (!this.#electedUs.has(manager)) this.#lostUs.delete(manager);
      } else if (inhabited.has(group)) {
        losing.push(manager);
      }
    }
    for (const group of groupsOf(losing)) {
      const own = losing.filter((manager) => this.#world.groupOf(manager) === group);
      this.#conclude(own);
      for (const manager of own) {
        if (this.#had.has(manager) && !this.#lostUs.has(manager)) this.#lostUs.set(manager, timeUs);
      }
    }
  }

  /** What was elected has lasted. */
  settled(): void {
    this.#conclude([...this.#electedUs.keys()]);
  }

  #conclude(managers: readonly number[]): void {
    const pairs = new Map<string, [number, number]>();
    for (const manager of managers) {
      const [lostUs, electedUs] = [this.#lostUs.get(manager), this.#electedUs.get(manager)];
      if (lostUs === undefined || electedUs === undefined) continue;
      this.#lostUs.delete(manager);
      this.#electedUs.delete(manager);
      if (lostUs >= this.#warmUpUs) pairs.set(`${lostUs} ${electedUs}`, [lostUs, electedUs]);
    }
    for (const [lostUs, electedUs] of pairs.values()) this.tookUs.push(electedUs - lostUs);
  }
}
