/** What a scenario asks for in vain is told. */
import t from 'tap';
import { expectedFalseAlarms } from '../../checker/false-alarms.js';
import { remarksOn } from '../../experiment/remarks.js';
import { loadScenario, parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';

const system = `name: vain
duration: 2m
system: { managers: 3, resources: [{ kind: service, count: 9, labels: { group: web } }] }
`;

function remarks(more: string, count = 9): string[] {
  const text = system.replace('count: 9', `count: ${count}`) + more;
  return remarksOn(parseScenario(text, 'vain.yaml'));
}

t.test('of what happens as asked nothing is said', (t) => {
  t.same(remarks('faults: [{ at: 1m, crash: coordinator }]'), []);
  for (const name of ['1000-nodes', 'smoke', 'swarm', 'rolling-restart']) {
    t.same(remarksOn(loadScenario(`scenarios/${name}.yaml`)), [], name);
  }
  t.end();
});

t.test('faults after the end, or in an empty window', (t) => {
  t.same(remarks('faults: [{ at: 1m, crash: coordinator }, { at: 5m, crash: coordinator }]'), [
    'faults[1] never happens: it begins at 5m, and the run ends at 2m',
  ]);
  const late = remarks('faults: [{ every: 10s, from: 3m, crash: coordinator }]');
  t.match(late, [/^faults\[0\] never/]);
  t.end();
});

t.test('a rule for groups that nobody is in', (t) => {
  const rule = (label: string): string => `rules:
  - file: r.yaml
    text: |
      rules:
        - name: lone
          scope: global
          group: entity.labels.${label}
          when: group.up < 1
          notify: group.name
`;
  t.same(remarks(rule('group')), []);
  t.match(remarks(rule('tier')), [
    /^rule lone \(r.yaml:2\) never fires: no resource of kind service/,
  ]);
  t.end();
});

t.test('a rule whose condition nothing can fulfil, in so short a run or at all', (t) => {
  const ruled = (when: string, more = '', count = 9): string[] => remarks(`rules:
  - file: r.yaml
    text: |
      rules:
        - { name: odd, scope: local, when: '${when}', notify: entity.name${more} }
`, count);
  t.same(ruled('entity.state == "down" && !entity.hostUp'), []);
  t.same(ruled('entity.name == "web-9"'), []);
  t.same(ruled('entity.incarnation == 7'), [], 'it may come to that');
  const never = [/^rule odd \(r.yaml:2\) never fires: its condition holds of no resource, /];
  t.match(ruled('entity.name == "web-10"'), never);
  t.match(ruled('entity.labels.tier == "web"'), never);
  t.match(ruled('entity.labels.tier == "web"', '', 1_000_000), never, 'those alike are one');
  t.match(ruled('entity.name == "web-0"', '', 2000), never);
  t.same(ruled('entity.name == "web-0"', '', 20_000), [], 'each would have to be tried');
  t.match(ruled('entity.state == "down"', ', for: 3m'), [
    /^rule odd .* never fires: its condition is to hold for 3m, and the run ends at 2m$/,
  ]);
  const picking = (pick: string): string[] => remarks(`rules:
  - file: r.yaml
    text: |
      rules:
        - name: odd
          scope: global
          when: group.up + group.starting + group.unknown < 3
          do: start
          pick: ${pick}
`);
  t.same(picking('entity.state == "stopped" && entity.zone == "zone-1"'), []);
  t.match(picking('entity.state == "stopped" && entity.zone == "zone-2"'), [
    /^rule odd .* never acts: it picks no resource, /,
  ]);
  t.end();
});

t.test('false alarms come about as often as foretold', async (t) => {
  for (const [detector, loss, hours] of [['fixed', '10%', 4], ['phi-accrual', '2%', 1]] as const) {
    const scenario = loadScenario('scenarios/smoke.yaml', { set: [
      `network.loss=${loss}`, `coordination.detection.name=${detector}`, 'faults=[]', 'rules=[]',
      'invariants=[]', `duration=${hours}h`,
    ] });
    const { record } = await simulate(scenario);
    const { falsePositives } = record.summary.detection;
    const foretold = expectedFalseAlarms(scenario)!.perHour * (hours - 1 / 60);
    t.ok(Math.abs(falsePositives / foretold - 1) < 0.25, `${falsePositives}, not ${foretold}`);
  }
});
