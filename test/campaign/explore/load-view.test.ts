import t from 'tap';
import { LoadView } from '../../../campaign/explore/load-view.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { parseScenario } from '../../../checker/scenario.js';

const token = { ballot: { counter: 1, node: '1', incarnation: 1, address: 0 }, sequence: 1 };

/** Two managers; the first lists that many of twenty resources, the other the rest. */
function view(listed: number, coordination = '{}'): LoadView {
  const scenario = parseScenario(`
name: loads
duration: 10m
system: { managers: 2, resources: [{ kind: service, count: 20, perHost: 1 }] }
coordination: ${coordination}
`, 'loads.yaml');
  const loads = new LoadView(scenario, buildInventory(scenario));
  for (const manager of [0, 1]) loads.observe(0, manager, { type: 'process-up', incarnation: 1 });
  for (let resource = 0; resource < 20; resource += 1) {
    const manager = resource < listed ? 0 : 1;
    // Twice: once more under another token.
    for (const timeUs of [1, 2]) {
      loads.observe(timeUs, manager, { type: 'listing-added', resource, token });
    }
  }
  return loads;
}

const longUs = 600e6;

t.test('loads may differ by the threshold, and no more', (t) => {
  t.equal(view(11).flaw(longUs), null);
  t.match(view(12).flaw(longUs), /by 20% .* manager-2 lists 8 resources, manager-1 12$/);
  t.end();
});

t.test('loads are even where no move would even them', (t) => {
  t.equal(view(10).isEven, true);
  t.equal(view(11).isEven, false, 'though the threshold has nothing begun');
  t.equal(view(14, '{ assignment: consistent-hashing }').isEven, true, 'nor are they to be');
  t.end();
});

t.test('the loads of the dead, and of who lets go, count no more', (t) => {
  const loads = view(14);
  for (const resource of [0, 1, 2]) loads.observe(3, 0, { type: 'listing-removed', resource });
  loads.observe(4, 1, { type: 'listing-added', resource: 0, token });
  t.match(loads.flaw(longUs), /manager-2 lists 7 resources, manager-1 11$/);
  loads.observe(5, 0, { type: 'process-down' });
  t.equal(loads.flaw(longUs), null);
  t.end();
});

t.test('nothing is judged that could not be moved, is not to be, or not in that time', (t) => {
  t.equal(view(14).flaw(1e6), null, 'there was no time');
  t.equal(view(14, '{ assignment: consistent-hashing }').flaw(longUs), null);
  t.equal(view(14, '{ rebalance: { perPeriod: 0 } }').flaw(longUs), null);
  const loads = view(14);
  loads.observe(3, 5, { type: 'resource-state', resource: 3, state: 'down', incarnation: 1 });
  t.equal(loads.flaw(longUs), null);
  loads.observe(4, 5, { type: 'resource-state', resource: 3, state: 'up', incarnation: 2 });
  t.not(loads.flaw(longUs), null);
  t.end();
});
