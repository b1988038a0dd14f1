/** What a scenario asks for in vain is told. */
import t from 'tap';
import { expectedFalseAlarms } from '../../checker/false-alarms.js';
import { remarksOn } from '../../experiment/remarks.js';
import { loadScenario, parseScenario } from '../../experiment/scenario/index.js';
import { simulate } from '../soak/simulate.js';

const system = `name: vain
duration: 2m
system: { managers: 3, resources: [{ kind: service, count: 9, labels: { group: web } }] }
`;

function remarks(more: string): string[] {
  return remarksOn(parseScenario(system + more, 'vain.yaml'));
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
