/** One of five is stopped, though the coordinator dies during the four minutes that it takes. */
import t from 'tap';
import { loadScenario } from '../../experiment/scenario/index.js';
import { deedsIn } from '../sim/actions-under-way.js';

for (const seed of [1, 2, 3, 4, 5]) {
  for (const queue of seed === 1 ? ['wheel', 'heap'] : ['wheel']) {
    void t.test(`slow-stop, seed ${seed}, ${queue}`, async (t) => {
      const set = [`engine.queue=${queue}`];
      const deeds = await deedsIn(loadScenario('test/cases/slow-stop.yaml', { seed, set }));
      t.same(deeds, { acted: { stop: 1 }, up: 4, stopped: 1, broken: [] });
    });
  }
}
