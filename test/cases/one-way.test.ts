/** While messages pass one way only, the role stays where it is heard and all are managed. */
import t from 'tap';
import { loadScenario } from '../../experiment/scenario/index.js';
import { conductOf, oneWayCases, oneWayFlaw } from './one-way.js';

for (const name of oneWayCases) {
  for (const seed of [1, 2, 3, 4, 5]) {
    for (const queue of seed === 1 ? ['wheel', 'heap'] : ['wheel']) {
      void t.test(`${name}, seed ${seed}, ${queue}`, async (t) => {
        const set = [`engine.queue=${queue}`];
        const file = `test/cases/${name}.yaml`;
        t.equal(await oneWayFlaw(loadScenario(file, { seed, set })), null);
      });
    }
  }
}

/** Deaf from one of six to another, whoever coordinates; both overlays. */
void t.test('every pair of managers with one deaf link', async (t) => {
  const file = 'test/cases/duel.yaml';
  for (const overlay of ['pastry', 'full-mesh']) {
    for (let pair = 0; pair < 12; pair += 1) {
      const from = 1 + pair % 4;
      const to = 1 + (from + Math.floor(pair / 4)) % 4;
      const scenario = loadScenario(file, {
        seed: pair,
        set: [
          'system.managers=4', 'duration=20m', `coordination.overlay=${overlay}`,
          'faults=[{ at: 2m, partition: ' +
          `{ oneWay: { from: manager-${from}, to: manager-${to} } }, ` +
            'repairAfter: 15m }]',
        ],
      });
      const { changes, unmanagedUs, broken, healthy } = await conductOf(scenario);
      const words = `${overlay}, from ${from} to ${to}`;
      t.same({ changes, broken, healthy }, { changes: 0, broken: [], healthy: true }, words);
      t.ok(unmanagedUs < 60e6, words);
    }
  }
});
