/** Who looks on changes nothing. */
import t from 'tap';
import { tryOut } from '../../../campaign/explore/trial.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { parseScenario } from '../../../checker/scenario.js';
import { runSimulation } from '../../../sim/index.js';

t.test('a trial is the run that it tries, also where crashes wait for calls', async (t) => {
  for (const calls of [3, 20, 47]) {
    const scenario = parseScenario(`
name: neutral
duration: 4m
system: { managers: 4, resources: [{ kind: service, count: 6, perHost: 2 }] }
rules:
  - file: rules.yaml
    text: 'rules: [{ name: mend, scope: local, when: entity.state == "down", do: restart }]'
faults:
  - { at: 1m, crash: { resources: 2 } }
  - { at: 70s, crash: { hosts: 1 }, afterCalls: ${calls}, repairAfter: 10s }
  - { at: 90s, crash: coordinator, afterCalls: ${calls}, repairAfter: 20s }
  - { at: 2m, crash: { successors: 2 }, afterCalls: ${calls}, repairAfter: 20s }
`, 'neutral.yaml');
    const { digest } = await runSimulation(scenario, buildInventory(scenario), {
      sinks: [], samplePeriodUs: 0, sample: () => {}, progress: () => true,
    });
    t.equal((await tryOut(scenario)).digest, digest, `after ${calls} calls`);
  }
});
