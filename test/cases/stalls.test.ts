/** Watchers that stand still or whose clocks are set, for ever: nobody is blind, none is blamed. */
import t from 'tap';
import { loadScenario } from '../../experiment/scenario/index.js';
import { givenUpInTime } from './watchers.js';

const seeds = [1, 2, 3, 4, 5];

for (const name of ['stuttering-coordinator', 'stuttering-clock', 'clocks-back']) {
  for (const seed of seeds) {
    for (const queue of seed === 1 ? ['wheel', 'heap'] : ['wheel']) {
      void t.test(`${name}, seed ${seed}, ${queue}`, async (t) => {
        const set = [`engine.queue=${queue}`];
        t.equal(await givenUpInTime(loadScenario(`test/cases/${name}.yaml`, { seed, set })), null);
      });
    }
  }
}

void t.test('phi-accrual is not blinded by 4 s of every 14 s', async (t) => {
  for (const seed of seeds.slice(0, 3)) {
    const set = [
      'coordination.detection={ name: phi-accrual, maxTimeout: 30s }',
      'faults.0={ every: 14s, from: 2m, until: 60m, pause: coordinator, repairAfter: 4s }',
    ];
    const scenario = loadScenario('test/cases/stuttering-coordinator.yaml', { seed, set });
    t.equal(await givenUpInTime(scenario), null, `seed ${seed}`);
  }
});
