import fc from 'fast-check';
import t from 'tap';
import { assignmentNames, createAssignment } from '../../../core/coordination/assignment/index.js';
import { Plant, plants, rebalancingConformance } from '../../conformance/rebalancing.js';
import { holds } from '../overlay/holds.js';

for (const name of assignmentNames) rebalancingConformance(name, () => createAssignment(name));

const spread = (loads: readonly number[]): number => Math.max(...loads) - Math.min(...loads);
const squares = (loads: readonly number[]): number =>
  loads.reduce((sum, load) => sum + load * load, 0);

for (const name of ['least-loaded', 'round-robin']) {
  t.test(`${name} evens out to a difference of one, each move a step nearer`, async (t) => {
    holds(t, fc.property(plants, ({ count, holder, ...limits }) => {
      const plant = new Plant(createAssignment(name), holder, count);
      const tolerated = Math.max(1, limits.threshold * holder.length / count);
      const began = spread(plant.loads()) > tolerated;
      let before = squares(plant.loads());
      const nearer = plant.periods(limits, (transfers) => {
        const now = squares(plant.loads());
        const isNearer = now <= before - 2 * transfers.length;
        before = now;
        return isNearer;
      });
      // Not begun is not needed; once begun it goes all the way.
      return nearer !== null && (began ? spread(plant.loads()) <= 1 : nearer === 0);
    }), 500);
  });

  t.test(`${name} fills a newcomer in as many periods as its share takes`, async (t) => {
    const holder = Array.from({ length: 90 }, (_, resource) => resource % 9);
    const plant = new Plant(createAssignment(name), holder, 9);
    t.same(plant.period({ threshold: 0.2, perManager: 4 }), []);
    plant.join(9);
    const taken: number[] = [];
    plant.periods({ threshold: 0.2, perManager: 4 }, (transfers) => {
      taken.push(transfers.length);
      return transfers.every(({ to }) => to === 9);
    });
    t.same(taken, [4, 4, 1]);
    t.same(plant.loads(), Array.from({ length: 10 }, () => 9));
  });
}

t.test('a spread within the threshold is put up with', async (t) => {
  const holder = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
  t.same(new Plant(createAssignment('least-loaded'), holder, 2)
    .period({ threshold: 0.5, perManager: 9 }), []);
  t.equal(new Plant(createAssignment('least-loaded'), holder, 2)
    .period({ threshold: 0.2, perManager: 9 }).length, 1);
});

t.test('consistent hashing brings everything home', async (t) => {
  holds(t, fc.property(plants, ({ count, holder, ...limits }) => {
    const plant = new Plant(createAssignment('consistent-hashing'), holder, count);
    plant.periods(limits, () => true);
    return plant.holder.every((manager, resource) => manager === plant.owner(resource));
  }), 200);
});

t.test('consistent hashing moves to a newcomer just what it owns', async (t) => {
  holds(t, fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }),
    (count, perManager) => {
      const limits = { threshold: 0.2, perManager };
      const holder = Array.from({ length: 200 }, () => 0);
      const plant = new Plant(createAssignment('consistent-hashing'), holder, count);
      plant.periods(limits, () => true);
      const before = [...plant.holder];
      plant.join(count);
      const moved = plant.periods(limits, (transfers) => transfers.every(({ to }) => to === count));
      return moved !== null && plant.load(count) > 0 &&
        plant.holder.every((now, resource) => now === count || now === before[resource]);
    }), 100);
});
