/** What the plans of every implementation of Assignment must come to. */
import fc from 'fast-check';
import t from 'tap';
import type {
  Assignment, Holdings, RebalanceLimits, Transfer,
} from '../../core/coordination/assignment/index.js';
import { holds } from '../core/overlay/holds.js';
import { nodeId } from '../core/overlay/node.js';
import { randomOf } from '../core/overlay/random.js';

/** Resources at managers, moved as planned at once. */
export class Plant {
  readonly assignment: Assignment;
  readonly members = new Set<number>();
  readonly holder: number[];
  readonly stuck = new Set<number>();

  constructor(assignment: Assignment, holder: readonly number[], managers: number) {
    this.assignment = assignment;
    this.holder = [...holder];
    for (let manager = 0; manager < managers; manager += 1) this.join(manager);
  }

  join(manager: number): void {
    this.members.add(manager);
    this.assignment.add(manager, nodeId(randomOf(manager)), this.load(manager));
  }

  load(manager: number): number {
    return this.holder.filter((one) => one === manager).length;
  }

  loads(): number[] {
    return [...this.members].map((manager) => this.load(manager));
  }

  owner(resource: number): number {
    return this.assignment.choose(`service-${resource}`, -1);
  }

  /** One period: what was planned, carried out. */
  period(limits: RebalanceLimits): Transfer[] {
    const transfers = this.assignment.plan(this.#holdings(), limits);
    for (const { resource, to, from } of transfers) {
      this.holder[resource] = to;
      this.assignment.loaded(from, -1);
      this.assignment.loaded(to, 1);
    }
    return transfers;
  }

  /** Periods until nothing moves, as often as `quiet` says; null: never. */
  periods(limits: RebalanceLimits, check: (transfers: Transfer[]) => boolean): number | null {
    for (let period = 0; period < 2000; period += 1) {
      const transfers = this.period(limits);
      if (transfers.length === 0) return period;
      if (!check(transfers)) return null;
    }
    return null;
  }

  #holdings(): Holdings {
    const isMovable = (resource: number): boolean => !this.stuck.has(resource);
    return {
      managers: this.members,
      load: (manager) => this.load(manager),
      movable: (manager) => [...this.holder.keys()]
        .filter((resource) => this.holder[resource] === manager && isMovable(resource)),
      extent: this.holder.length,
      manager: (resource) => this.holder[resource],
      isMovable,
      name: (resource) => `service-${resource}`,
    };
  }
}

const managers = fc.integer({ min: 1, max: 9 });
export const plants = managers.chain((count) => fc.record({
  count: fc.constant(count),
  holder: fc.array(fc.nat(count - 1), { maxLength: 120 }),
  perManager: fc.integer({ min: 1, max: 12 }),
  threshold: fc.constantFrom(0, 0.2, 1),
}));

export function rebalancingConformance(name: string, make: () => Assignment): void {
  t.test(`${name} plans`, async (t) => {
    t.test('moves from holders to members, a resource once, within the limits', async (t) => {
      holds(t, fc.property(plants, ({ count, holder, ...limits }) => {
        const plant = new Plant(make(), holder, count);
        const before = [...plant.holder];
        const transfers = plant.period(limits);
        const busy = new Map<string, number>();
        for (const { from, to } of transfers) {
          for (const key of [`from ${from}`, `to ${to}`]) busy.set(key, (busy.get(key) ?? 0) + 1);
        }
        return new Set(transfers.map(({ resource }) => resource)).size === transfers.length &&
          transfers.every(({ resource, from, to }) =>
            before[resource] === from && to !== from && plant.members.has(to)) &&
          Math.max(0, ...busy.values()) <= limits.perManager;
      }), 300);
    });

    t.test('end, and stay ended', async (t) => {
      holds(t, fc.property(plants, ({ count, holder, ...limits }) => {
        const plant = new Plant(make(), holder, count);
        const ended = plant.periods(limits, () => true);
        return ended !== null && [1, 2, 3].every(() => plant.period(limits).length === 0);
      }), 300);
    });

    t.test('leave alone what cannot be moved', async (t) => {
      holds(t, fc.property(plants, fc.array(fc.nat(119)), ({ count, holder, ...limits }, stuck) => {
        const plant = new Plant(make(), holder, count);
        for (const resource of stuck) plant.stuck.add(resource);
        const free = (transfers: Transfer[]): boolean =>
          transfers.every(({ resource }) => !plant.stuck.has(resource));
        return plant.periods(limits, free) !== null;
      }), 200);
    });
  });
}
