/** Who is not there when a run begins. */
import t from 'tap';
import { latecomers } from '../../../experiment/faults/index.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { parseScenario } from '../../../checker/scenario.js';

function namesOf(faults: string): string[] {
  const scenario = parseScenario(`
name: late
duration: 5m
system: { managers: 3, zones: 2, resources: [{ kind: service, count: 4, perHost: 2 }] }
faults: ${faults}
`, 'late.yaml');
  const inventory = buildInventory(scenario);
  const { processes, resources } = latecomers(scenario.faults, inventory);
  return [...[...processes].map((one) => inventory.processName(one)),
    ...[...resources].map((one) => inventory.descriptor(one).name)].sort();
}

t.test('what is commissioned, unless it has been there', async (t) => {
  t.same(namesOf('[{ at: 1m, crash: host-1 }]'), []);
  t.same(namesOf('[{ at: 1m, commission: [service-1, manager-2] }]'), ['manager-2', 'service-1']);
  t.same(namesOf('[{ at: 1m, commission: host-1 }]'), ['host-1', 'service-1', 'service-2']);
  t.same(namesOf('[{ at: 1m, commission: { zone: zone-2 } }]'),
    ['host-2', 'manager-2', 'service-3', 'service-4']);
  t.same(namesOf('[{ at: 2m, commission: service-1 }, { at: 1m, decommission: service-1 }]'), []);
  t.same(namesOf('[{ at: 2m, commission: service-1 }, { at: 1m, decommission: { resources: 4 } }]'),
    ['service-1'], 'whoever is drawn is there');
  t.same(namesOf('[{ at: 1m, commission: service-1 }, { at: 2m, decommission: service-1 }]'),
    ['service-1']);
  t.same(namesOf('[{ at: 2m, commission: host-1 }, { at: 1m, decommission: service-1 }]'),
    ['host-1', 'service-1', 'service-2'], 'it cannot have been there without its host');
});

t.test('it says what it takes', async (t) => {
  const refused = (fault: string, words: RegExp): void =>
    void t.throws(() => namesOf(`[${fault}]`), { message: words });
  refused('{ at: 1m, commission: { hosts: 2 } }', /nobody is there yet that could be drawn/);
  refused('{ every: 1m, commission: host-1 }', /what is to be commissioned is not there before/);
  refused('{ at: 1m, commission: host-1, repairAfter: 1m }', /is there to stay/);
});
