import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { type LoadOptions, loadScenario, parseScenario } from '../../../checker/scenario.js';
import { describeScenario, ScenarioError } from '../../../experiment/scenario/index.js';
import { absent } from '../../data.js';

const base = ['duration: 10m', 'system:', '  managers: 3', '  zones: [north, south]'];

/** What a scenario of these lines, after the base, fails with. */
function complaint(lines: readonly string[], options?: LoadOptions): string {
  try {
    parseScenario([...base, ...lines].join('\n'), 's.yaml', options);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return 'no complaint';
}

t.test('shipped scenarios load and say what they show', (t) => {
  const files = readdirSync('scenarios').filter((name) => name.endsWith('.yaml'));
  t.ok(files.length >= 2);
  for (const file of files) {
    const text = readFileSync(`scenarios/${file}`, 'utf8');
    const data = /file: data\/(\S+)/.exec(text)?.[1];
    if (data !== undefined) t.ok(files.includes(file.replace('.yaml', '-laws.yaml')), 'a sibling');
    const skip = data !== undefined && absent(data);
    if (skip !== false) {
      t.match(describeScenario(`scenarios/${file}`), { name: file.replace('.yaml', '') });
      const message = /:\d+: there is no .* HOWDAH_DATA/;
      t.throws(() => loadScenario(`scenarios/${file}`), { message });
      void t.test(file, { skip }, async () => {});
      continue;
    }
    const scenario = loadScenario(`scenarios/${file}`);
    t.equal(`${scenario.name}.yaml`, file, 'the name is that of the file');
    t.ok(scenario.description.length > 20, `${file} has a description`);
  }
  t.end();
});

t.test('the least scenario gets sensible defaults', (t) => {
  const scenario = parseScenario('duration: 10m\nsystem: { managers: 3 }', 'dir/least.yaml');
  t.match(scenario, {
    name: 'least',
    seed: 1,
    warmUpUs: 0,
    system: { zones: ['zone-1'], resources: [], kinds: [{ name: 'service' }] },
    coordination: {
      overlay: {
        name: 'pastry', probePeriodUs: 10e6, heartbeatPeriodUs: 30e6, hopTimeoutUs: 500e3,
      },
      election: { name: 'overlay-root', tries: 3, tryTimeoutUs: 500e3 },
      resources: { heartbeatPeriodUs: 10e6, timeoutUs: 30e6, checkPeriodUs: 1e6, retryUs: 1e6 },
      managers: { heartbeatPeriodUs: 10e6, timeoutUs: 30e6, answerTimeoutUs: 30e6 },
    },
    network: { latency: { kind: 'same' }, loss: 0 },
    engine: { queue: 'wheel' },
  });
  t.end();
});

t.test('timeouts follow from periods, and from the network where that is slow', (t) => {
  const fast = parseScenario(
    [...base, 'coordination: { resources: { heartbeatPeriod: 200ms } }'].join('\n'),
    's.yaml',
  );
  t.match(fast.coordination, {
    resources: { timeoutUs: 600e3, checkPeriodUs: 20e3, retryUs: 40e3 },
    managers: { heartbeatPeriodUs: 200e3, timeoutUs: 600e3 },
    overlay: { probePeriodUs: 200e3, heartbeatPeriodUs: 600e3, hopTimeoutUs: 50e3 },
  });
  const slow = parseScenario(
    [...base, 'network: { latency: { lognormal: { median: 1s, sigma: 0.5 } } }'].join('\n'),
    's.yaml',
  );
  t.ok(slow.coordination.overlay.hopTimeoutUs > 10e6, 'four times a high quantile of the delay');
  t.end();
});

t.test('phi accrual has defaults, and its limit stands in for the timeouts', (t) => {
  const load = (detection: string) =>
    parseScenario([...base, `coordination: { detection: ${detection} }`].join('\n'), 's.yaml');
  const plain = load('phi-accrual').coordination;
  t.same(plain.detection, {
    name: 'phi-accrual', threshold: 8, minDeviationUs: 1e6, acceptablePauseUs: 0,
    maxTimeoutUs: null, window: 100,
  });
  t.equal(plain.resources.timeoutUs, 30e6);
  t.same(load('{ name: phi-accrual }').coordination, plain);
  const limited = load('{ name: phi-accrual, maxTimeout: 25s }').coordination;
  t.equal(limited.resources.timeoutUs, 25e6);
  t.equal(limited.managers.timeoutUs, 25e6);
  t.end();
});

/** What is added to the base, and what it is told. */
const mistakes: readonly [readonly string[], string][] = [
  [['sytem: 1'], 's.yaml:5:1: unknown key sytem, did you mean system?'],
  [['  manager: 5'], 's.yaml:5:3: unknown key manager, did you mean managers?'],
  [
    ['network: { latency: { exponential: -5ms } }'],
    's.yaml:5:36: exponential: -5ms is negative, a duration is at least 0s',
  ],
  [
    ['network:', '  loss: -1%'],
    's.yaml:6:9: loss: "-1%" is negative, a share is between 0 and 1 or between 0% and 100%',
  ],
  [
    ['warmUp: 30'],
    's.yaml:5:9: warmUp: 30 has no unit, ' +
      'write a number with a unit (us, ms, s, m, h, d, y), for example 30s',
  ],
  [['warmUp: 10m'], 's.yaml:5:9: warmUp leaves nothing to measure, make it less than duration'],
  [
    ['coordination: { assignment: least-loadde }'],
    's.yaml:5:29: assignment: "least-loadde" is not a choice here, did you mean least-loaded?',
  ],
  [
    ['coordination: { detection: { name: phi-accural } }'],
    's.yaml:5:36: name: "phi-accural" is not a choice here, did you mean phi-accrual?',
  ],
  [
    ['coordination: { election: { name: bully } }'],
    's.yaml:5:35: name: "bully" is not a choice here, known here: overlay-root',
  ],
  [
    ['coordination: { detection: { threshold: 8 } }'],
    's.yaml:5:28: name is missing, add name: ...',
  ],
  [
    ['coordination: { detection: { name: phi-accrual, treshold: 8 } }'],
    's.yaml:5:49: unknown key treshold, did you mean threshold?',
  ],
  [
    ['coordination: { detection: { name: phi-accrual, maxTimeout: 10s } }'],
    's.yaml:5:61: maxTimeout 10s is not longer than the heartbeat period 10s, ' +
      'make it longer, 3 periods (30s) for example',
  ],
  [
    ['coordination:', '  resources:', '    timeout: 5s'],
    's.yaml:7:14: timeout 5s is not longer than the heartbeat period 10s, ' +
      'make it longer, 3 periods (30s) for example',
  ],
  [
    ['  resources:', '    - { kind: sevice, count: 3 }'],
    's.yaml:6:15: there is no kind sevice, did you mean service?',
  ],
  [
    ['  resources:', '    - { kind: service, count: 3, spares: 4 }'],
    's.yaml:6:42: 4 spares among 3 resources, make spares at most count',
  ],
  [
    ['  resources:', '    - { kind: service }'],
    's.yaml:6:7: count is missing, add count: ...',
  ],
  [
    ['faults:', '  - { at: 1m, partition: [[north], [suoth]] }'],
    's.yaml:6:37: there is no zone suoth, did you mean south?',
  ],
  [
    ['faults:', '  - { at: 1m, partition: [[north], [north]] }'],
    's.yaml:6:37: north is in two groups, name each zone once',
  ],
  [
    ['faults:', '  - { at: 1m, crash: manager-4 }'],
    's.yaml:6:22: there is no manager-4, ' +
      'known are coordinator and, numbered from 1, manager-N',
  ],
  [
    ['faults:', '  - { at: 1m, crash: { manger: 1 } }'],
    's.yaml:6:24: unknown key manger, did you mean managers?',
  ],
  [
    ['faults:', '  - { at: 1m, pause: { resources: 2 } }'],
    's.yaml:6:22: resources cannot pause, pause their hosts, or crash them',
  ],
  [
    [
      '  resources: [{ kind: service, count: 3 }]',
      'faults:',
      '  - { at: 1m, pause: [manager-1, service-2] }',
    ],
    's.yaml:7:34: resources cannot pause, pause their hosts, or crash them',
  ],
  [
    ['faults:', '  - { crash: coordinator }'],
    's.yaml:6:5: a fault needs one time, give exactly one of at, every, random, trace, when',
  ],
  [
    ['faults:', '  - { at: 1m, crash: { each: managers } }'],
    's.yaml:6:22: each goes with random and trace, ' +
      'give a number such as { managers: 2 }, or use random or trace',
  ],
  [
    ['faults:', '  - { at: 1m, every: 1m, crash: coordinator }'],
    's.yaml:6:22: a fault needs one time, give exactly one of at, every, random, trace, when',
  ],
  [
    ['faults:', '  - { at: 1m, pause: coordinator, loseState: true }'],
    's.yaml:6:46: loseState says nothing about pause, it goes with crash, restart',
  ],
  [
    ['faults:', '  - { at: 1m, crash: { resources: 1 }, loseState: true }'],
    's.yaml:6:51: resources store nothing, crash managers or hosts',
  ],
  [
    [
      '  resources: [{ kind: service, count: 3 }]',
      'faults:',
      '  - { at: 1m, restart: [manager-1, service-2], loseState: true }',
    ],
    's.yaml:7:36: resources store nothing, crash their host, or keep the state',
  ],
  [
    ['faults:', '  - { at: 1m, crash: { zone: nort } }'],
    's.yaml:6:22: there is no zone nort, did you mean north?',
  ],
  [
    ['faults:', '  - { at: 1m, crash: { rack: rack-9 } }'],
    's.yaml:6:22: there is no rack-9, racks go up to rack-2',
  ],
  [
    ['faults:', '  - { at: 1m, leave: { zones: 1 } }'],
    's.yaml:6:22: only managers can leave, crash hosts and resources',
  ],
  [
    ['faults:', '  - { when: { during: elections }, crash: coordinator }'],
    's.yaml:6:23: during: "elections" is not a choice here, did you mean election?',
  ],
  [
    ['faults:', '  - { when: { during: election }, until: 5m, crash: coordinator }'],
    's.yaml:6:42: until stands beside every, write it inside when',
  ],
  [
    ['faults:', '  - { when: { during: rebuild, from: 2m, until: 1m }, crash: coordinator }'],
    's.yaml:6:13: from is after until, swap them',
  ],
  [
    ['network: { latency: { uniform: { low: 2ms, high: 1ms } } }'],
    's.yaml:5:21: latency: low is above high, write the smaller one as low',
  ],
  [
    ['network: { latency: { weibull: { shape: 2 } } }'],
    's.yaml:5:21: latency: weibull needs a scale or a mean, give one of the two',
  ],
  [
    ['network: { latency: { pareto: { mean: 2ms, shape: 1 } } }'],
    's.yaml:5:21: latency: a pareto distribution of that shape has no mean, ' +
      'make shape more than 1, or give a minimum',
  ],
  [
    ['network: { latency: { weibull: { scale: 2ms, shape: 0 } } }'],
    's.yaml:5:53: shape: 0 is too small, the least is 0.1',
  ],
  [
    ['network: { latency: { uniform: { low: 2ms, hihg: 1ms } } }'],
    's.yaml:5:44: unknown key hihg, did you mean high?',
  ],
  [
    ['rules: [missing.yaml]'],
    's.yaml:5:9: cannot read the rule file missing.yaml: there is no such file, ' +
      'rule files are named relative to the scenario file',
  ],
  [
    ['warmUp: 1m', 'warmUp: 2m'],
    's.yaml:6:1: the key warmUp stands here a second time, remove one of the two',
  ],
  [
    ['---', 'duration: 2m'],
    's.yaml:5:1: a second document begins here, and one is taken, put it into a file of its own',
  ],
  [
    ['vary: {}'],
    's.yaml:1:1: this is a sweep, not a scenario, try sim sweep s.yaml',
  ],
  [
    ['seed: soon'],
    's.yaml:5:7: seed: "soon" is not a number, write a number',
  ],
];

t.test('every mistake has its place and its remedy', (t) => {
  for (const [lines, message] of mistakes) t.equal(complaint(lines), message);
  t.equal(
    complaint([], { set: ['system.managers=0'] }),
    '--set system.managers: managers: 0 is too small, the least is 1',
  );
  t.throws(() => parseScenario('duration: 1m', 's.yaml'), {
    message: 's.yaml:1:1: system is missing, add system: ...',
  });
  t.throws(() => parseScenario('', 's.yaml'), {
    message: 's.yaml:1:1: there is nothing in this file, sim init writes a starter',
  });
  t.throws(() => parseScenario('rules: [{ name: r, when: true }]', 's.yaml'), {
    message: 's.yaml:1:1: this is a rule file, not a scenario, name it under rules: of a scenario',
  });
  const deep = complaint([`x-deep: ${'['.repeat(20_000)}`]);
  t.match(deep, /^s\.yaml:5:\d+: this YAML nests too deeply, write it flatter$/);
  t.throws(() => loadScenario('no/such.yaml'), {
    name: 'ScenarioError',
    message: /^no\/such.yaml:1:1: cannot read the scenario: there is no such file, /,
  });
  t.throws(() => loadScenario('scenarios'), { message: /^scenarios:1:1: .* it is a directory, / });
  t.end();
});

t.test('what is no UTF-8 is named as what it is', (t) => {
  const text = 'duration: 1m\nsystem: { managers: 1 }\n';
  const cases: readonly [Uint8Array, RegExp][] = [
    [Buffer.from(`\uFEFF${text}`, 'utf16le'), /:1:1: the file is in UTF-16, save it as UTF-8$/],
    [Buffer.from(text, 'utf16le'), /:1:1: the file is in UTF-16, /],
    [Buffer.from(text, 'utf16le').swap16(), /:1:1: the file is in UTF-16, /],
    [Buffer.from(`${text}name: caf\xe9\n`, 'latin1'), /:3:10: what stands here is not UTF-8, /],
    [Buffer.from(`${text}#\0`), /:3:2: the file holds a zero byte, /],
    [gzipSync(text), /:1:1: the file is compressed, gunzip it$/],
  ];
  for (const [bytes, message] of cases) {
    const file = join(t.testdir({ 's.yaml': bytes }), 's.yaml');
    t.throws(() => loadScenario(file), { name: 'ScenarioError', message });
  }
  const marked = join(t.testdir({ 's.yaml': `\uFEFF${text}` }), 's.yaml');
  t.equal(loadScenario(marked).system.managers, 1, 'a mark of UTF-8 is none of the text');
  t.end();
});

t.test('a mistake in a rule is shown where it stands', (t) => {
  const rule = ['rules:', '  - name: r', '    scope: local', '    kind: service'];
  const text = [...rule, '    when: entity.stat == "down"', '    do: restart', ''].join('\n');
  const lines = ['rules:', '  - file: r.yaml', '    text: |'];
  const message = complaint([...lines, ...text.split('\n').map((line) => `      ${line}`)]);
  t.match(message, /^r\.yaml:5:\d+: .*stat/);
  t.match(message, /\n +\^$/, 'with a caret');
  t.end();
});

t.test('--set changes any field, and only what the schema knows', (t) => {
  const set = (...texts: string[]) => parseScenario(base.join('\n'), 's.yaml', { set: texts });
  t.match(set('system.managers=100'), { system: { managers: 100 } });
  t.match(set('system.zones=3'), { system: { zones: ['zone-1', 'zone-2', 'zone-3'] } });
  t.match(set('engine.queue=heap'), { engine: { queue: 'heap' } });
  t.match(set('coordination.overlay=full-mesh', 'coordination.overlay.probePeriod=1s'), {
    coordination: { overlay: { name: 'full-mesh', probePeriodUs: 1e6 } },
  });
  t.match(set('coordination.overlay=full-mesh'), {
    coordination: { overlay: { probePeriodUs: 5e6 } },
  });
  t.match(set('faults=[{at: 1m, crash: coordinator}]', 'faults[0].at=2m'), {
    faults: [{ when: { atUs: 120e6 } }],
  });
  t.equal(
    complaint([], { set: ['system.mangers=5'] }),
    '--set system.mangers: unknown key mangers, did you mean managers?',
  );
  t.equal(
    complaint([], { set: ['sistem.managers=5'] }),
    '--set sistem.managers: unknown key sistem, did you mean system?',
  );
  t.equal(
    complaint([], { set: ['managers'] }),
    '--set managers: there is no path and value, ' +
      'write path=value, for example system.managers=100',
  );
  t.equal(
    complaint([], { set: ['faults.0.at=1m'] }),
    '--set faults.0.at: faults: a mapping is not a list, write a list',
    'a list cannot be grown by index',
  );
  const seeded = parseScenario([...base, 'seed: 3'].join('\n'), 's.yaml', { seed: 9 });
  t.equal(seeded.seed, 9);
  t.equal(complaint([], { seed: -1 }), '--seed: seed: -1 is too small, the least is 0');
  t.end();
});

t.test('keys beginning with x- are the user\'s own', (t) => {
  const text = ['x-note: mine', 'duration: &d 10m', 'system: { managers: 3, x-why: { a: 1 } }'];
  const scenario = parseScenario([...text, 'warmUp: 1m', 'x-d: *d'].join('\n'), 's.yaml');
  t.equal(scenario.durationUs, 600e6);
  t.end();
});
