/** The shipped rules, enforced by the real core on crashing services. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';

const ruleOf = (name: string): string =>
  readFileSync(`scenarios/rules/${name}.yaml`, 'utf8').replaceAll(/^/gm, '      ');

const scenarioOf = (rule: string, faults: string) =>
  parseScenario(
    `
name: rules
duration: 6m
warmUp: 1m
system:
  managers: 4
  resources:
    - { kind: service, count: 6, labels: { group: web }, spares: 3 }
  kinds: { service: { startUp: { constant: 1s } } }
rules:
  - file: ${rule}.yaml
    text: |
${ruleOf(rule)}
faults: ${faults}
invariants: all
`,
    'rules.yaml',
  );

void t.test('keep-replicas starts a spare for each replica that went down', async (t) => {
  const states = new Map<number, string>();
  const sink = {
    observe: (_us: number, _process: number, observation: { type: string }) => {
      if (observation.type !== 'resource-state') return;
      const { resource, state } = observation as unknown as { resource: number; state: string };
      states.set(resource, state);
    },
  };
  const faults = '[{ at: 2m, crash: [host-1, host-2] }]';
  const scenario = scenarioOf('keep-replicas', faults);
  const { record } = await simulate(scenario, { sinks: () => [sink] });
  t.equal(record.summary.rules.actions.succeeded, 2);
  t.equal([...states.values()].filter((state) => state === 'up').length, 3);
  t.same(record.summary.invariants.broken, []);
});

void t.test('restart-crashed brings every crashed service back, once each', async (t) => {
  const faults = '[{ every: 30s, from: 90s, until: 4m, crash: { resources: 1 } }]';
  const { record } = await simulate(scenarioOf('restart-crashed', faults));
  const { repair, rules, faults: injected } = record.summary;
  t.ok(injected.injected >= 5);
  t.equal(repair.count, injected.injected);
  t.equal(repair.unrepaired, 0);
  t.equal(rules.actions.duplicated, 0);
});

void t.test('a rule restarts what leaks though it is up, once in each life', async (t) => {
  const { record } = await simulate(parseScenario(`
name: leak
duration: 4m
warmUp: 1m
system:
  managers: 3
  resources: [{ kind: service, count: 4 }]
  kinds: { service: { metrics: { load: { mean: 0.9, deviation: 0 } } } }
rules:
  - file: leak.yaml
    text: |
      rules:
        - { name: leak, scope: local, when: entity.state == "up" && entity.metrics.load > 0.8,
            for: 40s, do: restart }
faults: [{ at: 90s, partition: { isolate: host-1 }, repairAfter: 1m }]
`, 'leak.yaml'));
  const { rules: { actions }, needless } = record.summary;
  t.ok(actions.succeeded >= 8, `${actions.succeeded} restarts`);
  t.equal(actions.duplicated, 0);
  t.equal(needless.actions, 0);
  t.same(record.summary.invariants.broken, []);
});
