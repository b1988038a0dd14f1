import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { checkMeasure } from '../../../analysis/sweep/index.js';
import { type SweepOptions, loadSweep } from '../../../checker/scenario.js';
import { ScenarioError, toYaml } from '../../../experiment/scenario/index.js';
import { replicationSeed, scenarioOf, type Sweep } from '../../../experiment/sweep/index.js';

const base = `duration: 10m
system: { managers: 3, resources: [{ kind: service, count: 4 }] }
rules: [r.yaml]
faults: [{ at: 5m, crash: coordinator }]
`;
const rules = 'rules: [{ name: r, scope: local, when: entity.state == "down", do: restart }]\n';

type Tap = { testdir(): string };

function load(t: Tap, text: string, options: SweepOptions = {}): Sweep {
  const directory = t.testdir();
  mkdirSync(join(directory, 'sweeps'));
  writeFileSync(join(directory, 'base.yaml'), base);
  writeFileSync(join(directory, 'r.yaml'), rules);
  writeFileSync(join(directory, 'sweeps', 's.yaml'), text);
  return loadSweep(join(directory, 'sweeps', 's.yaml'), { checkMeasure, ...options });
}

t.test('a grid in design order, the first axis slowest', (t) => {
  const sweep = load(t, [
    'base: ../base.yaml',
    'vary:',
    '  system.managers: [3, 5]',
    '  faults[0].at:',
    '    - { value: 2m, with: { duration: 4m, network.loss: 1% } }',
    '    - 6m',
    'x-mine: ignored',
  ].join('\n'));
  t.equal(sweep.name, 's');
  t.same(sweep.axes, [
    { path: 'system.managers', values: ['3', '5'] },
    { path: 'faults[0].at', values: ['2m', '6m'] },
  ]);
  t.same(
    sweep.cells.map(({ values, scenario }) => [
      ...values,
      scenario.system.managers,
      scenario.durationUs / 60e6,
      scenario.network.loss,
    ]),
    [
      ['3', '2m', 3, 4, 0.01],
      ['3', '6m', 3, 10, 0],
      ['5', '2m', 5, 4, 0.01],
      ['5', '6m', 5, 10, 0],
    ],
  );
  t.end();
});

t.test('replications have the same seeds in every cell, and others than each other', (t) => {
  const sweep = load(t, 'base: ../base.yaml\nseed: 3\nvary: { system.managers: [3, 5] }\n');
  const seeds = Array.from({ length: 1000 }, (_, index) => replicationSeed(3, index + 1));
  t.equal(new Set(seeds).size, 1000);
  t.ok(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0));
  t.equal(scenarioOf(sweep, 0, 2).seed, seeds[1]);
  t.equal(scenarioOf(sweep, 1, 2).seed, seeds[1]);
  t.not(replicationSeed(4, 1), seeds[0], 'the seed of the sweep matters');
  t.equal(load(t, 'base: ../base.yaml\nvary: {}\n', { seed: 9 }).seed, 9);
  t.end();
});

t.test('what is stored can be loaded from anywhere, and says the same', (t) => {
  const text = [
    'base: ../base.yaml',
    'vary: { coordination.resources.heartbeatPeriod: [5s, 20s] }',
    'replications: { measure: recovery.perFault.mean, halfWidth: 5%, max: 9 }',
  ].join('\n');
  const sweep = load(t, text, { set: ['system.managers=7'] });
  t.same(sweep.replications, {
    measure: 'recovery.perFault.mean',
    halfWidth: 0.05,
    relative: true,
    confidence: 0.95,
    min: 3,
    max: 9,
  });
  const file = join(t.testdir(), 'elsewhere.yaml');
  writeFileSync(file, sweep.yaml);
  const again = loadSweep(file);
  t.same(
    again.cells.map(({ scenario }) => toYaml(scenario)),
    sweep.cells.map(({ scenario }) => toYaml(scenario)),
    'also the defaults that follow from what is varied',
  );
  t.same(again.axes, sweep.axes);
  t.equal(again.yaml, sweep.yaml);
  const [{ scenario }] = again.cells;
  t.equal(scenario.system.managers, 7);
  t.match(scenario.rules, [{ file: 'r.yaml', text: rules }]);
  t.end();
});

t.test('files are found from a sweep that is kept elsewhere', (t) => {
  const directory = t.testdir({
    'far.tsv': '0\t90\n90\t0\n',
    'near.tsv': '0\t9\n9\t0\n',
    'r.yaml': rules,
    'base.yaml': base,
    sweeps: { 's.yaml': [
      'base: ../base.yaml',
      'vary:',
      '  network.latency:',
      '    - { matrix: { file: near.tsv } }',
      '    - { value: { matrix: { file: far.tsv } }, with: { rules: [r.yaml] } }',
    ].join('\n') },
  });
  const sweep = loadSweep(join(directory, 'sweeps', 's.yaml'));
  const oneWay = ({ cells }: Sweep): unknown[] =>
    cells.map(({ scenario: { network: { latency } } }) =>
      latency.kind === 'matrix' ? latency.matrix.oneWayUs[1] : latency);
  t.same(oneWay(sweep), [4500, 45_000]);
  t.match(sweep.yaml, `filesFrom: ${directory}`);
  const elsewhere = join(directory, 'elsewhere');
  mkdirSync(elsewhere);
  const file = join(elsewhere, 'sweep.yaml');
  writeFileSync(file, sweep.yaml);
  const again = loadSweep(file);
  t.same(oneWay(again), [4500, 45_000]);
  t.same(again.cells.map(({ scenario }) => scenario.rules.length), [1, 1]);
  t.equal(again.yaml, sweep.yaml);
  writeFileSync(file, sweep.yaml.replace(/^filesFrom: .*$/m, 'filesFrom: nowhere'));
  const message = /there is no matrix .*nowhere\/near\.tsv/;
  t.throws(() => loadSweep(file), { message, name: 'ScenarioError' });
  t.end();
});

t.test('what is wrong is told with its place and what would be right', (t) => {
  const top = 'base: ../base.yaml\n';
  const cases: readonly [string, RegExp][] = [
    ['vary: {}\n', /s\.yaml:1:1: base is missing, add base/],
    ['- 1\n', /s\.yaml:1:1: this is not a sweep/],
    ['base: none.yaml\nvary: {}\n', /s\.yaml:1:7: cannot read the base scenario .*no such file/],
    [`${top}vary: {}\nreplication: 2\n`, /s\.yaml:3:1: unknown key replication, did you mean r/],
    [`${top}vary: {}\nreplications: 0\n`, /s\.yaml:3:15: .* too small, the least is 1/],
    [`${top}vary: { system.managers: 3 }\n`, /s\.yaml:2:26: .* is not a list/],
    [`${top}vary: { system.managers: [] }\n`, /s\.yaml:2:26: .* too short/],
    [`${top}vary: { system.managers: [3, -1] }\n`, /s\.yaml:2:30: managers: -1 is too small/],
    [`${top}vary: { system.mangers: [3] }\n`, /s\.yaml:2:9: unknown key mangers, did you mean m/],
    [`${top}vary: { 'faults[3].at': [1m] }\n`, /s\.yaml:2:9: there is no 3 in that list, it go/],
    [`${top}vary: { system..managers: [3] }\n`, /s\.yaml:2:28: .* empty step, join keys by/],
    [`${top}vary: { seed: [1, 2] }\n`, /s\.yaml:2:16: each replication has a seed of its own/],
    [`${top}vary: { system.managers: [3, 3] }\n`, /s\.yaml:2:30: .* takes the value 3 twice/],
    [
      `${top}vary: { system.managers: [{ value: 3, with: { duration: 5 } }] }\n`,
      /s\.yaml:2:57: duration: 5 has no unit/,
    ],
    [
      `${top}vary: { system.managers: [{ value: 3, with: { system.zone: 2 } }] }\n`,
      /s\.yaml:2:47: unknown key zone, did you mean zones\?/,
    ],
    [
      `${top}vary: { system.managers: [{ value: 3, wth: {}, with: {} }] }\n`,
      /s\.yaml:2:39: unknown key wth, did you mean with\?/,
    ],
    [
      `${top}vary: { duration: [5m], system.managers: [{ value: 3, with: { duration: 4m } }] }\n`,
      /s\.yaml:2:42: another axis sets duration too/,
    ],
    [`${top}vary: {}\nreport: { measures: [recovery.mean] }\n`, /s\.yaml:3:22: there is no mea/],
    [
      `${top}vary: {}\nreport: { trends: [overlay.hop.mean] }\n`,
      /s\.yaml:3:20: there is no measure overlay\.hop\.mean, did you mean overlay\.hops\.mean\?/,
    ],
    [
      `${top}vary: {}\nreplications: { measure: elections.cnt, halfWidth: 5%, max: 9 }\n`,
      /s\.yaml:3:26: there is no measure elections\.cnt, did you mean elections\.count\?/,
    ],
    [
      `${top}vary: {}\nreplications: { measure: elections.count, halfWidth: 0%, max: 9 }\n`,
      /s\.yaml:3:54: halfWidth is not above 0/,
    ],
    [
      `${top}vary: {}\nreplications: { measure: elections.count, halfWidth: 1, min: 4, max: 3 }\n`,
      /s\.yaml:3:70: max 3 is less than min 4/,
    ],
    [
      'vary: { system.managers: [3] }\nbase:\n  duration: 5m\n  system: { mangers: 1 }\n',
      /s\.yaml:4:13: unknown key mangers/,
    ],
  ];
  for (const [text, message] of cases) {
    t.throws(() => load(t, text), { message, name: 'ScenarioError' }, text);
  }
  t.throws(
    () => load(t, `${top}vary: { system.managers: [3] }\n`, { set: ['system.managers=4'] }),
    { message: /^--set system\.managers: the sweep varies system\.managers, leave it/ },
  );
  t.throws(() => load(t, `${top}vary: {}\n`, { set: ['system.mangers=4'] }), ScenarioError);
  t.end();
});
