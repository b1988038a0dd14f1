/** What was suspected for nothing, by cause. */
import t from 'tap';
import { AlarmCauses } from '../../analysis/measures/alarm-causes.js';
import { buildInventory } from '../../experiment/inventory.js';
import { parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';

function scenarioWith(more: string) {
  return parseScenario(`name: alarms
duration: 10m
warmUp: 1m
invariants: []
system:
  managers: 6
  zones: 2
  resources: [{ kind: service, count: 60 }]
${more}
`, 'alarms.yaml');
}

/** Each brought about alone. */
const causes = {
  cut: 'faults: [{ at: 2m, partition: [[zone-1], [zone-2]], repairAfter: 23s }]',
  loss: 'network: { loss: 20% }',
  delay: 'faults: [{ at: 2m, jitter: { uniform: { low: 0s, high: 60s } }, repairAfter: 5m }]',
} as const;

for (const [cause, more] of Object.entries(causes)) {
  void t.test(cause, async (t) => {
    const { falsePositives, falsePositivesBy } =
      (await simulate(scenarioWith(more))).record.summary.detection;
    t.ok(falsePositives > 0);
    t.equal(falsePositivesBy[cause as keyof typeof causes], falsePositives,
      JSON.stringify(falsePositivesBy));
  });
}

void t.test('by what came last, and for as long as a silence may last', (t) => {
  const scenario = scenarioWith('');
  const told = new AlarmCauses(scenario, buildInventory(scenario));
  const at = (seconds: number, by = 0, of = 1) => told.causeOf(seconds * 1e6, by, of);
  t.equal(at(1), 'other');
  told.observe(2e6, 1, { type: 'process-paused' });
  t.equal(at(500), 'pause', 'still');
  told.observe(500e6, 1, { type: 'process-resumed' });
  t.equal(at(530), 'pause');
  t.equal(at(530, 0, 2), 'other', 'of others nothing is explained');
  t.equal(at(600), 'other');
  told.observe(600e6, 0, { type: 'host-slowed', factor: 100 });
  t.equal(at(700), 'load');
  told.observe(700e6, 0, { type: 'host-slowed', factor: 1 });
  told.observe(800e6, -1, { type: 'links-changed', loss: 0.1 });
  t.equal(at(900), 'loss');
  told.observe(900e6, -1, { type: 'links-changed', loss: 0 });
  t.equal(at(999), 'other');
  t.end();
});
