/** What rules did without brakes, and do with them: the cases that asked for brakes. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import type { Observation } from '../../core/observations.js';
import { parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';

type Told = readonly { readonly timeUs: number; readonly what: Observation }[];

async function run(text: string): Promise<{
  readonly told: Told; readonly record: Awaited<ReturnType<typeof simulate>>['record'];
}> {
  const told: { timeUs: number; what: Observation }[] = [];
  const { record } = await simulate(parseScenario(text, 'case.yaml'), {
    sinks: () => [{ observe: (timeUs, _process, what) => void told.push({ timeUs, what }) }],
  });
  return { told, record };
}

const times = (told: Told, type: Observation['type'], verb?: string): number[] =>
  told.filter(({ what }) => what.type === type && (!verb || 'verb' in what && what.verb === verb))
    .map(({ timeUs }) => timeUs);

const shipped = ['restart-crashed', 'keep-replicas', 'stop-surplus'].map((name) => JSON.stringify({
  file: `${name}.yaml`, text: readFileSync(`scenarios/rules/${name}.yaml`, 'utf8'),
}));
const often = '{ heartbeatPeriod: 1s }';
const quick = `coordination: { resources: ${often}, managers: ${often} }`;

const crashLoop = (more: string): string => `
name: crash-loop
duration: 62m
warmUp: 2m
system: { managers: 3, resources: [{ kind: service, count: 10, labels: { group: web } }] }
${quick}
rules:
  - file: r.yaml
    text: |
      rules:
        - name: restart
          scope: local
          when: entity.state == "down" && entity.hostUp
          do: restart
          ${more}
faults: [{ every: 5s, from: 3m, crash: web-1 }]
`;

void t.test('crash-loop: given up after as many restarts as its limit says, told', async (t) => {
  const { told, record } = await run(crashLoop(
    'retry: { delay: 5s, factor: 2, max: 5m, stable: 5m }\n' +
    '          limit: { atMost: 5, per: 30m, then: give-up }',
  ));
  t.equal(times(told, 'actuated', 'restart').length, 5);
  const { brakes } = record.summary.rules;
  t.match(brakes, { gaveUp: 1, fights: 0, held: { 'given-up': 1 } });
  t.match(brakes?.told[0], /restart reached its limit on web-1 and gave up/);
  t.ok(record.stories.some(({ text }) => text.includes('gave up')), 'in the story');
  t.same(record.summary.invariants.broken, []);
});

void t.test('crash-loop without a limit: with stable, ever more slowly', async (t) => {
  const { told, record } = await run(crashLoop('retry: { max: 5m, stable: 5m }'));
  const restarts = times(told, 'actuated', 'restart');
  t.ok(restarts.length < 30, `${restarts.length} restarts in an hour, 354 without it`);
  t.equal(record.summary.rules.brakes, undefined, 'a back-off is no brake');
});

void t.test('local rules draw on a budget, and do nothing while nobody coordinates', async (t) => {
  const { told, record } = await run(`
name: budget
duration: 4m
warmUp: 1m
system: { managers: 4, resources: [{ kind: service, count: 12, perHost: 2 }] }
${quick}
rules: [${shipped[0]}]
brakes: [{ over: run, of: [restart], atMost: 2, per: 20s }]
faults:
  - { at: 72s, crash: coordinator, repairAfter: 1m }
  - { at: 70s, crash: { resources: 5 } }
`);
  const [elected = 0] = times(told, 'coordinator-elected').slice(-1);
  const done = times(told, 'actuated', 'restart');
  t.equal(done.length, 5, 'each is started again');
  t.ok(done[0] > elected, 'none without a coordinator');
  for (const [index, atUs] of done.entries()) t.ok((done[index + 2] ?? Infinity) - atUs > 20e6);
  t.match(record.summary.rules.brakes, { held: { budget: Number, unanswered: Number } });
  t.same(record.summary.invariants.broken, []);
});

const web = (rules: string): string => `
name: two-rules-fight
duration: 62m
warmUp: 2m
system:
  managers: 3
  resources: [{ kind: service, count: 6, labels: { group: web }, spares: 3 }]
  kinds: { service: { startUp: 1s, actions: { start: { duration: 1s }, stop: { duration: 1s } } } }
${quick}
rules:
  - file: r.yaml
    text: |
      rules:
${rules}
        - name: fewer
          scope: global
          group: entity.labels.group
          when: group.up > 2
          do: stop
          pick: entity.state == "up"
`;
for (const [what, most, more] of [
  ['by the coordinator', 40, 'scope: global, group: entity.labels.group, ' +
    'when: group.up + group.starting < 4, pick: entity.state == "stopped"'],
  ['by managers, who know nothing of it', 60, `scope: local, when: 'entity.state == "stopped"'`],
] as const) {
  void t.test(`two-rules-fight, one of them ${what}: named, and slowed down`, async (t) => {
    const { told, record } = await run(web(`        - { name: more, do: start, ${more} }`));
    const [named] = told.filter(({ what: { type } }) => type === 'rules-fight');
    t.match(named?.what, { rules: ['fewer', 'more'], target: 'web' });
    const [first = 0] = times(told, 'action-started');
    t.ok((named?.timeUs ?? Infinity) - first < 60e6, 'within a minute');
    const actions = times(told, 'actuated').length;
    t.ok(actions < most, `${actions} actions, not thousands`);
    t.match(record.summary.rules.brakes?.told[0], /fewer and more undo each other on web/);
    t.same(record.summary.invariants.broken, []);
  });
}

for (const clocks of ['offset: 0s', 'timers: 1us']) {
  void t.test(`a silence holds by the time of the run, with clocks of ${clocks}`, async (t) => {
    const { told, record } = await run(`
name: silence
duration: 5m
warmUp: 1m
system: { managers: 3, resources: [{ kind: service, count: 4 }], clocks: { ${clocks} } }
${quick}
rules: [${shipped[0]}]
silences: [{ host: host-2, from: 2m, until: 4m }]
faults: [{ at: 90s, crash: service-2 }, { at: 3m, crash: service-2 }]
`);
    const [before = 0, after = 0] = times(told, 'action-started');
    t.ok(before > 90e6 && before < 120e6, `before it: ${before}`);
    t.ok(after > 239e6 && after < 245e6, `when it is over: ${after}`);
    t.match(record.summary.rules.brakes, { held: { silence: 1 } });
    t.same(record.summary.invariants.broken, []);
  });
}

void t.test('zone-unreachable: no more starts on a side than its brake allows', async (t) => {
  const { told } = await run(`
name: zone-unreachable
duration: 20m
warmUp: 3m
system:
  managers: 10
  zones: 5
  resources: [{ kind: service, count: 60, labels: { group: web }, spares: 20 }]
rules:
  - file: r.yaml
    text: |
      rules:
        - name: keep
          scope: global
          group: entity.labels.group
          let: { wanted: 40 }
          when: group.up + group.starting < wanted
          do: start
          pick: entity.state == "stopped"
brakes: [{ over: run, of: [start], atMost: 2, per: 20m }]
faults:
  - { at: 5m, partition: [[zone-1], [zone-2, zone-3, zone-4, zone-5]], repairAfter: 10m }
`);
  const starts = times(told, 'actuated', 'start').length;
  t.ok(starts > 0 && starts <= 4, `${starts} starts, 12 without the brake`);
});

void t.test('zone-unreachable with the shipped rules: brakes hold, the surplus goes', async (t) => {
  const groups = ['a', 'b', 'c', 'd', 'e'].map((group) =>
    `    - { kind: service, count: 6, labels: { group: ${group} }, spares: 3 }`).join('\n');
  const up = new Map<number, string>();
  const starts: number[] = [];
  const { record } = await simulate(parseScenario(`
name: zone-unreachable
duration: 30m
warmUp: 3m
system:
  managers: 10
  zones: 5
  resources:
${groups}
rules: [${shipped.join(', ')}]
brakes: [{ over: run, of: [start, stop], atMost: 4, per: 2m }]
faults:
  - { at: 5m, partition: [[zone-1, zone-2], [zone-3, zone-4, zone-5]], repairAfter: 10m }
`, 'case.yaml'), {
    sinks: () => [{
      observe: (timeUs, _process, what) => {
        if (what.type === 'resource-state') up.set(what.resource, what.state);
        if (what.type === 'actuated' && what.verb === 'start') starts.push(timeUs);
      },
    }],
  });
  t.ok(starts.length > 0, `${starts.length} starts for 0 dead`);
  for (const [index, atUs] of starts.entries()) {
    t.ok((starts[index + 8] ?? Infinity) - atUs > 119e6, 'four in two minutes on either side');
  }
  t.notOk(record.summary.warnings.some((words) => words.includes('undo')));
  t.equal([...up.values()].filter((state) => state === 'up').length, 15, 'no surplus is left');
  t.equal(record.summary.rules.brakes?.fights, 0, 'the two do not fight');
  t.same(record.summary.invariants.broken, []);
});

void t.test('shipped rules under links that flap are not taken for rules that fight', async (t) => {
  const { told, record } = await run(`
name: flapping
duration: 30m
warmUp: 3m
system:
  managers: 6
  zones: 3
  resources:
    - { kind: service, count: 6, labels: { group: a }, spares: 3 }
    - { kind: service, count: 6, labels: { group: b }, spares: 3 }
rules: [${shipped.join(', ')}]
faults:
  - at: 5m
    partition: [[zone-1], [zone-2, zone-3]]
    flapping: { bad: 90s, good: 90s }
    repairAfter: 20m
`);
  t.ok(times(told, 'actuated', 'start').length > 0, 'there was something to do');
  t.same(times(told, 'rules-fight'), []);
  t.same(record.summary.warnings, []);
});
