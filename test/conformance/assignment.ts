/** What every implementation of Assignment must do. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { Assignment } from '../../core/coordination/assignment/index.js';
import { holds } from '../core/overlay/holds.js';
import { nodeId } from '../core/overlay/node.js';
import { randomOf } from '../core/overlay/random.js';

/** Managers 0 to 7 come and go; resources are chosen a manager for, and loads kept. */
export type Step =
  | { readonly do: 'join' | 'leave'; readonly manager: number }
  | { readonly do: 'choose'; readonly name: string; readonly except: number };

const manager = fc.nat(7);
export const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(
  fc.record({ do: fc.constant('join' as const), manager }),
  fc.record({ do: fc.constant('leave' as const), manager }),
  fc.record({
    do: fc.constant('choose' as const),
    name: fc.string({ maxLength: 3 }),
    except: fc.integer({ min: -1, max: 7 }),
  }),
), { maxLength: 80 });

/** Does what a coordinator does with an assignment, and keeps the truth beside it. */
export class AssignmentDriver {
  readonly assignment: Assignment;
  readonly members = new Set<number>();
  readonly loads = new Map<number, number>();

  constructor(assignment: Assignment) {
    this.assignment = assignment;
  }

  join(manager: number): void {
    if (this.members.has(manager)) return;
    this.members.add(manager);
    this.assignment.add(manager, nodeId(randomOf(manager)), this.loads.get(manager) ?? 0);
  }

  leave(manager: number): void {
    this.members.delete(manager);
    this.assignment.remove(manager);
  }

  choose(name: string, except = -1): number {
    const chosen = this.assignment.choose(name, except);
    if (chosen !== -1) {
      this.loads.set(chosen, (this.loads.get(chosen) ?? 0) + 1);
      this.assignment.loaded(chosen, 1);
    }
    return chosen;
  }

  /** The choice of a `choose` step; null for the others. */
  take(step: Step): number | null {
    if (step.do === 'choose') return this.choose(step.name, step.except);
    if (step.do === 'join') this.join(step.manager);
    else this.leave(step.manager);
    return null;
  }
}

export function assignmentConformance(name: string, make: () => Assignment): void {
  t.test(`${name} as an assignment`, async (t) => choosing(t, make));
}

function choosing(t: Test, make: () => Assignment): void {
  t.test('chooses members only, and not the one to avoid where there is another', async (t) => {
    holds(t, fc.property(steps, (steps) => {
      const driver = new AssignmentDriver(make());
      return steps.every((step) => {
        const chosen = driver.take(step);
        if (chosen === null || step.do !== 'choose') return true;
        const others = [...driver.members].filter((member) => member !== step.except);
        if (others.length > 0) return others.includes(chosen);
        return chosen === (driver.members.has(step.except) ? step.except : -1);
      });
    }), 500);
  });

  t.test('makes the same choices after the same calls', async (t) => {
    holds(t, fc.property(steps, (steps) => {
      const one = new AssignmentDriver(make());
      const other = new AssignmentDriver(make());
      return steps.every((step) => one.take(step) === other.take(step));
    }), 200);
  });

  t.test('a manager that comes back is chosen again', async (t) => {
    const driver = new AssignmentDriver(make());
    for (const manager of [0, 1, 2]) driver.join(manager);
    for (let count = 0; count < 300; count += 1) driver.choose(`service-${count}`);
    driver.leave(1);
    for (let count = 0; count < 300; count += 1) {
      if (driver.choose(`service-${count}`) === 1) t.fail('chose one that is gone');
    }
    driver.join(1);
    const before = driver.loads.get(1)!;
    for (let count = 0; count < 300; count += 1) driver.choose(`service-${count}`);
    t.ok(driver.loads.get(1)! > before);
  });
}
