import t from 'tap';
import { parseScenario } from '../../../checker/scenario.js';
import { toYaml } from '../../../experiment/scenario/index.js';

const text = (more: string): string => `
duration: 10m
system: { managers: 3, zones: 2, resources: [{ kind: service, count: 6, labels: { group: web } }] }
rules:
  - file: r.yaml
    text: >-
      { rules: [{ name: mend, scope: global, when: group.down > 0, do: restart,
        pick: entity.state == "down" }] }
${more}
`;

function read(more: string): ReturnType<typeof parseScenario> {
  return parseScenario(text(more), 'brakes.yaml');
}

void t.test('brakes and silences are read, and printed as they were', (t) => {
  const scenario = read(`
brakes:
  - { over: zone, of: [restart], atMost: 3, per: 1m, halt: 50% }
  - { over: group, unavailable: { atMost: 1 } }
silences: [{ zone: zone-2, from: 1m, until: 2m }, { group: web, until: 30s }]
coordination: { actions: { mode: observe } }
`);
  t.match(scenario.coordination.actions, {
    mode: 'observe',
    brakes: [
      { over: 'zone', of: ['restart'], budget: { atMost: 3, perUs: 60e6 }, halt: 0.5 },
      { over: 'group', of: ['restart', 'start', 'stop'], budget: null, unavailable: 1 },
    ],
    silences: [
      { over: 'zone', name: 'zone-2', fromUs: 60e6, untilUs: 120e6 },
      { over: 'group', name: 'web', fromUs: 0, untilUs: 30e6 },
    ],
  });
  t.same(parseScenario(toYaml(scenario), 'again.yaml'), scenario);
  t.notOk(toYaml(read('')).includes('brakes:'), 'nothing is said of what is not there');
  t.end();
});

const refused: readonly (readonly [string, RegExp])[] = [
  ['brakes: [{ atMost: 3 }]', /brakes\.yaml:9:10: a brake with atMost and without per, add per/],
  ['brakes: [{ over: zone }]', /this brake holds nothing, add atMost and per, halt or unavailable/],
  ['silences: [{ until: 1m }]', /this silences nothing, name one of host, zone and group/],
  ['silences: [{ zone: zone-1, host: host-1, until: 1m }]', /a silence is of one place/],
  ['silences: [{ zone: zon-1, until: 1m }]', /there is no zone zon-1, did you mean zone-1\?/],
  ['silences: [{ zone: zone-1, from: 2m, until: 1m }]', /it ends before it begins/],
];

void t.test('what a brake cannot hold is refused', (t) => {
  for (const [more, message] of refused) {
    t.throws(() => read(more), { name: 'ScenarioError', message }, more);
  }
  t.end();
});
