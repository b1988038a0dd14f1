import fc from 'fast-check';
import t from 'tap';
import { createAssignment, assignmentNames } from '../../../core/coordination/assignment/index.js';
import { AssignmentDriver, assignmentConformance, steps } from '../../conformance/assignment.js';
import { holds } from '../overlay/holds.js';

for (const name of assignmentNames) assignmentConformance(name, () => createAssignment(name));

t.test('a name that is none is an error', async (t) => {
  t.throws(() => createAssignment('heaviest'), RangeError);
});

t.test('least-loaded chooses one with the fewest resources', async (t) => {
  holds(t, fc.property(steps, (steps) => {
    const driver = new AssignmentDriver(createAssignment('least-loaded'));
    return steps.every((step) => {
      const loads = new Map(driver.loads);
      const chosen = driver.take(step);
      if (chosen === null || chosen === -1 || step.do !== 'choose') return true;
      const others = [...driver.members].filter((member) => member !== step.except);
      const least = Math.min(...others.map((member) => loads.get(member) ?? 0));
      return others.length === 0 || (loads.get(chosen) ?? 0) === least;
    });
  }), 500);
});

t.test('least-loaded levels out when the loads move', async (t) => {
  const assignment = createAssignment('least-loaded');
  assignment.add(0, '0'.repeat(32), 5);
  assignment.add(1, '1'.repeat(32), 3);
  assignment.loaded(0, -3);
  t.equal(assignment.choose('a', -1), 0);
  assignment.loaded(0, 2);
  t.equal(assignment.choose('a', -1), 1);
});

t.test('round-robin takes each in turn, also after one has left', async (t) => {
  const driver = new AssignmentDriver(createAssignment('round-robin'));
  for (const manager of [3, 5, 4]) driver.join(manager);
  const turn = (count: number): number[] =>
    Array.from({ length: count }, () => driver.choose('any'));
  t.same(turn(7), [3, 5, 4, 3, 5, 4, 3]);
  driver.leave(3);
  t.same(turn(4), [5, 4, 5, 4]);
});

t.test('consistent hashing moves only the share of the one that leaves', async (t) => {
  const names = Array.from({ length: 2000 }, (_, index) => `service-${index}`);
  holds(t, fc.property(fc.integer({ min: 2, max: 20 }), fc.nat(), (count, seed) => {
    const driver = new AssignmentDriver(createAssignment('consistent-hashing'));
    for (let manager = 0; manager < count; manager += 1) driver.join(manager);
    const before = names.map((name) => driver.choose(name));
    const leaver = seed % count;
    driver.leave(leaver);
    const after = names.map((name) => driver.choose(name));
    driver.join(leaver);
    const again = names.map((name) => driver.choose(name));
    const shares = Array.from({ length: count }, (_, manager) =>
      before.filter((chosen) => chosen === manager).length * count / names.length);
    return before.every((chosen, index) => chosen === leaver || chosen === after[index]) &&
      again.join() === before.join() && Math.max(...shares) < 2 && Math.min(...shares) > 0.4;
  }), 20);
});

t.test('consistent hashing sends what avoids a manager where its leaving would', async (t) => {
  const driver = new AssignmentDriver(createAssignment('consistent-hashing'));
  for (let manager = 0; manager < 5; manager += 1) driver.join(manager);
  const names = Array.from({ length: 200 }, (_, index) => `service-${index}`);
  const avoided = names.map((name) => driver.choose(name, 2));
  driver.leave(2);
  t.same(names.map((name) => driver.choose(name)), avoided);
});

t.test('consistent hashing brings home what was diverted, and not to whom its agent shuns', (t) => {
  const assignment = createAssignment('consistent-hashing');
  for (const manager of [0, 1]) assignment.add(manager, `${manager}`.repeat(32), 0);
  const owner = assignment.choose('service-1', -1);
  let holder = owner;
  let shunned = true;
  const plan = (): unknown[] => assignment.plan({
    managers: [0, 1], load: () => 1, movable: () => [0], extent: 1,
    manager: () => holder, isMovable: () => true, name: () => 'service-1',
    shuns: (_resource, manager) => shunned && manager === owner,
  }, { threshold: 0.2, perManager: 1 });
  t.same(plan(), [], 'it is at home, and all is settled');
  holder = assignment.choose('service-1', owner);
  t.not(holder, owner);
  t.same(plan(), [], 'its agent does not come to its owner');
  shunned = false;
  t.same(plan(), [{ resource: 0, from: holder, to: owner }]);
  holder = owner;
  t.same(plan(), []);
  holder = 1 - owner;
  t.same(plan(), [], 'of which nothing was said');
  assignment.diverted?.();
  t.same(plan(), [{ resource: 0, from: holder, to: owner }]);
  t.end();
});
