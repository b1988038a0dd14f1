/** What is registered stays in the model, whoever dies, and what is silent is told apart. */
import t from 'tap';
import { parseScenario } from '../../checker/scenario.js';
import { shownAtLast, toldIn } from '../soak/forgotten.js';
import { simulate } from '../soak/simulate.js';

/** The case forgotten: a host dies, and the coordinator before it can have noticed. */
const forgottenCase = (inventory: string, more = ''): string => `
name: forgotten
duration: 8m
system:
  managers: 5
  resources: [{ kind: service, count: 10, labels: { group: solo } }]
coordination: { inventory: ${inventory} }
rules:
  - file: r.yaml
    text: |
      rules:
        - name: missing
          scope: global
          group: entity.name
          when: group.up == 0 && group.unknown == 0
          notify: 'group.name + " does not serve"'
faults:
  - { at: 290s, crash: host-1 }
  - { at: 5m, crash: coordinator, repairAfter: 1m }
${more}
`;

void t.test('forgotten: whoever held the dead host\'s service', async (t) => {
  let forgets = 0;
  for (const seed of [1, 4]) {
    const without = await toldIn(forgottenCase('false'), seed);
    if (!shownAtLast(without.told).has(0)) forgets += 1;
    const { told, broken } = await toldIn(forgottenCase('true'), seed);
    t.same(broken, [], 'every promise holds');
    const shown = shownAtLast(told);
    t.equal(shown.size, 10, 'nothing is forgotten');
    t.equal(shown.get(0), 'unreachable');
    const notices = told.filter(({ what }) => what.type === 'notified');
    t.ok(notices.some(({ what }) => what.type === 'notified' && what.target === 'solo-1'));
    t.notOk(notices.some(({ what }) => what.type === 'notified' && what.target !== 'solo-1'),
      'what is unknown for a moment is not told of');
    const registered = told.filter(({ what }) => what.type === 'resource-registered');
    t.equal(new Set(registered.map(({ what }) =>
      what.type === 'resource-registered' && what.resource)).size, 10);
  }
  t.ok(forgets > 0, 'without an inventory some seed forgets it');
});

void t.test('down is what is silent on a host that answers', async (t) => {
  const { told, broken } = await toldIn(forgottenCase('true', `
  - { at: 4m, crash: solo-2 }
`).replace('  - { at: 5m, crash: coordinator, repairAfter: 1m }\n', ''), 1);
  t.same(broken, []);
  const shown = shownAtLast(told);
  t.equal(shown.get(1), 'down');
  t.equal(shown.get(0), 'unreachable');
});

t.test('copies are told once, though their pieces overtake each other', async (t) => {
  const scenario = parseScenario(`
name: start
duration: 1m
system: { managers: 5, resources: [{ kind: service, count: 2000 }] }
coordination: { entriesPerMessage: 10 }
network: { latency: { uniform: { low: 1ms, high: 30ms } } }
`, 'start.yaml');
  const { record } = await simulate(scenario);
  const sent = (type: string): number =>
    record.messages.find((one) => one.type === type)?.sent ?? 0;
  // To two standbys; what is registered while the first are on their way goes in pieces unfilled.
  const pieces = 2 * (2000 / 10);
  t.ok(sent('inventory-copy') >= pieces / 2, `${sent('inventory-copy')} pieces`);
  t.ok(sent('inventory-copy') < 2 * pieces, `${sent('inventory-copy')} pieces`);
  t.ok(sent('inventory-copied') < 2 * pieces + 50, `${sent('inventory-copied')} answers`);
});
