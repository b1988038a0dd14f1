/** Words that mean something to JavaScript mean nothing where users name things by them. */
import fc from 'fast-check';
import t from 'tap';
import { loadScenario, parseScenario } from '../../checker/scenario.js';
import { toYaml } from '../../experiment/scenario/index.js';
import { simulate } from '../soak/simulate.js';
import { inTime } from '../length.js';

/** What any object inherits, and what libraries look for in objects. */
const words = [
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype', 'toJSON', 'then', 'length', 'size', 'get', 'has', 'keys', 'name', 'type',
];
/** Names of kinds, metrics and zones begin with a letter. */
const plain = words.filter((word) => !word.startsWith('_'));
/** CEL keeps these for itself. */
const usable = plain.filter((word) => !['prototype', 'type'].includes(word));

const text = ({ label, group, kind, metric, zone, rule, constant }: Names): string => `
name: hostile
duration: 2m
warmUp: 10s
system:
  managers: 2
  zones: [${zone}, other]
  resources:
    - kind: ${kind}
      count: 2
      labels: { ${label}: "${label}-value", beside: b, group: ${group} }
    - { kind: ${kind}, count: 1, labels: { beside: b } }
  kinds:
    ${kind}: { startUp: 1s, metrics: { ${metric}: { mean: 0.5, deviation: 0 } } }
rules:
  - file: hostile.yaml
    text: |
      rules:
        - name: ${rule}
          scope: local
          let: { ${constant}: "down" }
          when: >-
            entity.state == ${constant} && entity.labels["${label}"] == "${label}-value" &&
            entity.labels.beside == "b" && "${label}" in entity.labels
          do: restart
        - name: group-${rule}
          scope: global
          kind: ${kind}
          group: entity.labels["${label}"]
          when: group.total == 2 && group.mean.${metric} > 0.4 && group.name == "${label}-value"
          notify: group.name
        - name: placed-${rule}
          scope: global
          kind: ${kind}
          group: entity.zone
          when: group.name == "${zone}"
          notify: group.name
faults:
  - { at: 30s, crash: ${group}-1 }
`;

interface Names {
  readonly label: string;
  readonly group: string;
  readonly kind: string;
  readonly metric: string;
  readonly zone: string;
  readonly rule: string;
  readonly constant: string;
}
const names = fc.record<Names>({
  label: fc.constantFrom(...words),
  group: fc.constantFrom(...words),
  kind: fc.constantFrom(...plain),
  metric: fc.constantFrom(...usable),
  zone: fc.constantFrom(...plain),
  rule: fc.constantFrom(...words),
  constant: fc.constantFrom(...usable),
}).filter(({ label, group }) => label !== 'group' && label !== group);

void t.test('any names labels, groups, kinds, metrics, zones, rules, constants', async (t) => {
  const run = async (these: Names): Promise<void> => {
    const scenario = parseScenario(text(these), 'hostile.yaml');
    t.same(parseScenario(toYaml(scenario), 'hostile.yaml'), scenario, 'written and read again');
    const { record, result } = await simulate(scenario);
    const { rules, faults, final } = record.summary;
    const told = JSON.parse(JSON.stringify(rules.byRule)) as object;
    const { rule } = these;
    t.same(new Map(Object.entries(told)), new Map(Object.entries({
      ...Object.fromEntries([[rule, 1]]), [`group-${rule}`]: 1, [`placed-${rule}`]: 1,
    })), JSON.stringify(these));
    t.same(new Map(Object.entries(faults.byKind)), new Map([['crash', 1]]));
    t.match(rules.actions, { started: 1, succeeded: 1 });
    t.ok(final.healthy && result.digest !== null);
  };
  // Each once at least, each in another place, then all mixed.
  for (const [index, word] of words.entries()) {
    await run({
      label: word, group: plain[index % plain.length], kind: plain[(index + 1) % plain.length],
      metric: usable[(index + 2) % usable.length], zone: plain[(index + 3) % plain.length],
      rule: words[(index + 4) % words.length], constant: usable[(index + 5) % usable.length],
    });
  }
  await fc.assert(fc.asyncProperty(names, run), { numRuns: inTime(8, 30) });
});

void t.test('paths of --set lead into them, and into nothing that was not written', (t) => {
  const set = usable.map((word) => `system.kinds.${word}.startUp=7s`);
  const empty = 'duration: 1m\nsystem: { managers: 1, kinds: {} }';
  const { system } = parseScenario(empty, 's.yaml', { set });
  t.same(system.kinds.map(({ name }) => name), usable);
  t.ok(system.kinds.every(({ startUp }) => startUp.kind === 'constant' && startUp.value === 7));
  const labelled = parseScenario(
    'duration: 1m\nsystem: { managers: 1, resources: [{ kind: service, count: 1 }] }', 's.yaml',
    { set: words.map((word) => `system.resources[0].labels.${word}=x`) },
  );
  t.same(Object.entries(labelled.system.resources[0].labels), words.map((word) => [word, 'x']));
  t.end();
});

void t.test('a name that cannot be used is an error at its place', (t) => {
  const fails = (system: string, message: RegExp): void => {
    t.throws(() => parseScenario(`duration: 1m\nsystem: ${system}`, 's.yaml'), { message });
  };
  fails('{ managers: 1, kinds: { __proto__: {} } }', /s\.yaml:2:33.*__proto__ cannot be used/s);
  fails('{ managers: 1, kinds: { a: { metrics: { __proto__: { mean: 1 } } } } }', /cannot be used/);
  fails('{ managers: 1, __proto__: 3 }', /unknown key __proto__/);
  const labels = (text: string): string =>
    `{ managers: 1, resources: [{ kind: service, count: 1, labels: ${text} }] }`;
  fails(labels('{ 1a: x }'), /s\.yaml:2.*1a cannot be used as a name.*start with a letter/s);
  fails(labels('{ a: [x] }'), /labels|a: a list/);
  fails(labels('{ __proto__: [x] }'), /__proto__/);
  fails(labels('3'), /labels: 3 is not a mapping/);
  t.end();
});

void t.test('what is shipped reads as before', (t) => {
  const { system } = loadScenario('scenarios/swarm.yaml');
  t.same(system.resources.map(({ labels }) => labels), [{ group: 'web' }, { group: 'pool' }]);
  t.end();
});
