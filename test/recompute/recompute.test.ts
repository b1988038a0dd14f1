/** What runs tell of themselves is what their traces say, by code of its own. */
import t from 'tap';
import { loadScenario } from '../../experiment/scenario/index.js';
import { differences, liveDifferences } from './again.js';

for (const name of ['live-smoke', 'coordinator-failover', 'smoke']) {
  void t.test(name, async (t) => {
    t.same(await differences(loadScenario(`scenarios/${name}.yaml`)), []);
  });
}

void t.test('live-smoke, live', async (t) => {
  const set = [
    'duration=7s', 'warmUp=2s',
    'faults=[{at: 3s, crash: coordinator, repairAfter: 1s}, {at: 4s, crash: {resources: 3}}]',
  ];
  t.same(await liveDifferences(loadScenario('scenarios/live-smoke.yaml', { set })), []);
});

void t.test('a window that is another is noticed', async (t) => {
  const set = ['system.managers=4', 'system.resources=[{kind: service, count: 12}]'];
  const scenario = loadScenario('scenarios/live-smoke.yaml', { set });
  t.same(await differences(scenario), []);
  t.not((await differences(scenario, -20e6)).length, 0);
});
