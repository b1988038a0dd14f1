import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import t from 'tap';
import { loadSweep } from '../../../checker/scenario.js';
import { readOutline, type Sweep } from '../../../experiment/sweep/index.js';
import { evaluate, written } from '../../../experiment/sweep/expression.js';

const base = `base:
  duration: 10m
  system: { managers: 3, resources: [{ kind: service, count: 4 }] }
  coordination: { resources: { heartbeatPeriod: 5s } }
  faults: [{ at: 5m, crash: coordinator }]
`;

type Tap = { testdir(): string };

function load(t: Tap, text: string): Sweep {
  const file = join(t.testdir(), 's.yaml');
  writeFileSync(file, `${base}${text}`);
  const sweep = loadSweep(file);
  t.testdir();
  writeFileSync(file, sweep.yaml);
  const again = loadSweep(file);
  if (JSON.stringify(again.cells) !== JSON.stringify(sweep.cells)) throw new Error('not the same');
  const { axes } = readOutline(file);
  if (JSON.stringify(axes) !== JSON.stringify(sweep.axes)) throw new Error('other axes');
  return sweep;
}

function values(sweep: Sweep): string[] {
  return sweep.cells.map((cell) => cell.values.join(' '));
}

void t.test('ranges', (t) => {
  const axis = (range: string): readonly string[] =>
    load(t, `vary: { 'system.resources[0].count': ${range} }`).axes[0].values;
  t.same(axis('{ from: 1, to: 100, steps: 5, scale: log }'), ['1', '3', '10', '32', '100']);
  t.same(axis('{ from: 101, to: 1 }'), ['101', '76', '51', '26', '1']);
  const period = (range: string): readonly string[] =>
    load(t, `vary: { coordination.managers.heartbeatPeriod: ${range} }`).axes[0].values;
  t.same(period('{ from: 1s, to: 100s, steps: 3, scale: log }'), ['1s', '10s', '100s']);
  t.same(period('{ from: 500ms, to: 1m, steps: 3 }'), ['500ms', '30.25s', '1m']);
  const loss = (range: string): readonly string[] =>
    load(t, `vary: { network.loss: ${range} }`).axes[0].values;
  t.same(loss('{ from: 0%, to: 5%, steps: 3 }'), ['0%', '2.5%', '5%']);
  t.same(loss('{ from: 0, to: 1, steps: 3 }'), ['0', '0.5', '1'], 'whole only if all are');
  t.end();
});

void t.test('linked axes, variants, exclusions and derived values', (t) => {
  const sweep = load(t, [
    'vary: { network.loss: [0%, 5%] }',
    'linked:',
    '  - system.managers: [2, 6]',
    '    coordination.managers.heartbeatPeriod: { from: 5s, to: 10s, steps: 2 }',
    'variants:',
    '  fixed: { coordination.detection: fixed }',
    '  phi: { coordination.detection: phi-accrual, coordination.detection.threshold: 6 }',
    'exclude:',
    '  - { network.loss: 0.05, variant: phi, system.managers: [2, 4, 6] }',
    'derive:',
    "  'system.resources[0].count': 10 * system.managers + 1",
    '  coordination.managers.timeout: max(4 * coordination.managers.heartbeatPeriod, 30s)',
    '  coordination.resources.timeout: 3 * coordination.resources.heartbeatPeriod',
  ].join('\n').replace('[2, 4, 6]', '[2, 6]'));
  t.same(sweep.axes.map(({ path }) => path),
    ['network.loss', 'system.managers', 'coordination.managers.heartbeatPeriod', 'variant']);
  t.same(values(sweep), [
    '0% 2 5s fixed', '0% 2 5s phi', '0% 6 10s fixed', '0% 6 10s phi',
    '5% 2 5s fixed', '5% 6 10s fixed',
  ]);
  t.same(sweep.cells.map(({ scenario: { system, coordination } }) => [
    system.resources[0].count, coordination.managers.timeoutUs / 1e6,
    coordination.resources.timeoutUs / 1e6, coordination.detection.name,
  ]), [
    [21, 30, 15, 'fixed'], [21, 30, 15, 'phi-accrual'],
    [61, 40, 15, 'fixed'], [61, 40, 15, 'phi-accrual'],
    [21, 30, 15, 'fixed'], [61, 40, 15, 'fixed'],
  ]);
  t.end();
});

void t.test('one at a time: the first of each, then each other alone', (t) => {
  const sweep = load(t,
    'design: oneAtATime\nvary: { network.loss: [0, 1%, 5%], system.managers: [3, 5] }');
  t.same(values(sweep), ['0 3', '1% 3', '5% 3', '0 5']);
  t.end();
});

void t.test('a Latin hypercube meets each stratum of each axis once', (t) => {
  const text = [
    'design: { latinHypercube: { cells: 20 } }',
    'vary:',
    '  network.loss: { from: 0, to: 0.1 }',
    '  coordination.managers.heartbeatPeriod: { from: 1s, to: 100s, scale: log }',
    '  system.managers: [3, 4, 5, 6]',
  ].join('\n');
  const sweep = load(t, text);
  t.equal(sweep.cells.length, 20);
  const column = (index: number): string[] => sweep.cells.map((cell) => cell.values[index]);
  const strata = (shares: number[]): number[] =>
    shares.map((share) => Math.floor(share * 20)).sort((a, b) => a - b);
  const all = Array.from({ length: 20 }, (_, index) => index);
  t.same(strata(column(0).map((loss) => Number(loss) / 0.1)), all);
  const periods = column(1).map((period) => Number(period.replace('s', '')));
  t.same(strata(periods.map((period) => Math.log10(period) / 2)), all);
  for (const managers of ['3', '4', '5', '6']) {
    t.equal(column(2).filter((text) => text === managers).length, 5);
  }
  t.same(sweep.axes[0].values, [...new Set(column(0))].sort((a, b) => Number(a) - Number(b)));
  const other = load(t, `${text}\nseed: 2`);
  t.not(values(other).join(), values(sweep).join(), 'the seed draws it');
  t.end();
});

void t.test('Morris: each step moves one axis by delta, and all move in a trajectory', (t) => {
  const sweep = load(t, [
    'design: { morris: { trajectories: 5, levels: 4 } }',
    'vary:',
    '  network.loss: { from: 0, to: 0.3 }',
    '  system.managers: { from: 1, to: 10 }',
    '  coordination.managers.heartbeatPeriod: { from: 10s, to: 40s }',
  ].join('\n'));
  t.equal(sweep.cells.length, 20);
  const shares = sweep.cells.map(({ values: [loss, managers, period] }) => [
    Number(loss) / 0.3, (Number(managers) - 1) / 9, (Number(period.replace('s', '')) - 10) / 30,
  ].map((share) => Math.round(share * 3)));
  for (let from = 0; from < 20; from += 4) {
    const moved = [1, 2, 3].map((step) => {
      const [before, after] = [shares[from + step - 1], shares[from + step]];
      const axes = [0, 1, 2].filter((axis) => before[axis] !== after[axis]);
      t.same(axes.map((axis) => Math.abs(after[axis] - before[axis])), [2], 'delta is 2/3');
      return axes[0];
    });
    t.same(new Set(moved), new Set([0, 1, 2]));
  }
  t.end();
});

void t.test('arithmetic keeps its units', (t) => {
  const given: Readonly<Record<string, unknown>> =
    { a: 3, 'b.c[0]': '20ms', share: '5%', r: '1kbit/s' };
  const value = (text: string): number | string => written(evaluate(text, (name) => given[name]));
  t.equal(value('2 * a + 1'), 7);
  t.equal(value('-(a - 5) / 4'), 0.5);
  t.equal(value('b.c[0] * a'), '0.06s');
  t.equal(value('1m / b.c[0]'), 3000);
  t.equal(value('a * share'), 0.15);
  t.equal(value('2 * r'), '2kbit/s');
  t.equal(value('round(10 / a) + min(1, 2) + ceil(0.2) + floor(1.9)'), 6);
  for (const [text, problem] of [
    ['a + b.c[0]', /a plain number and s do not go together/], ['1s * 1s', /s times s/],
    ['nope', /nope has no value/], ['1 +', /ends early/], ['(1', /\) is missing/], ['1 2', /2 is/],
    ['pow(1, 2)', /no function pow/], ['1 / 0', /no number/], ['2 / 1s', /over s/],
  ] as const) {
    t.throws(() => value(text), { message: problem }, text);
  }
  t.end();
});

void t.test('what is wrong is told with its place and what would be right', (t) => {
  const cases: readonly [string, RegExp][] = [
    ['vary: { network.loss: { from: 0, too: 1 } }', /:6:34: unknown key too, did you mean to\?/],
    ['vary: { network.loss: { from: 0, to: 1s } }', /:6:38: 0 and 1s are of two kinds, use one/],
    ['vary: { network.loss: { from: x, to: 1 } }', /:6:31: "x" is no quantity, write a number/],
    ['vary: { network.loss: { from: 1, to: 1 } }', /:6:38: it goes from 1 to 1, give two ends/],
    ['vary: { network.loss: { from: 0, to: 1, scale: log } }', /:6:31: there is no logarithm/],
    ['vary: { network.loss: { from: 0, to: 1, steps: 1 } }', /:6:48: .*1 is too small, the least/],
    ['vary: { network.loss: { from: 0, to: 3, steps: 3 } }', /:6:23: loss: 2 is more than the who/],
    ['linked: [{ network.loss: [0, 1], system.managers: [1] }]', /:6:51: system\.managers has 1/],
    ['variants: { 9x: { network.loss: 1 } }', /:6:13: .*cannot be used as a name, begin with a/],
    ['variants: { a: { network.los: 1 } }', /:6:18: unknown key los, did you mean loss\?/],
    ['vary: { network.loss: [0] }\nexclude: [{ network.los: 0 }]', /:7:26: network\.los is not va/],
    ['vary: { network.loss: [0] }\nexclude: [{ network.loss: 1 }]', /:7:27: network\.loss never/],
    ['vary: { network.loss: [0] }\nexclude: [{ network.loss: 0 }]', /:7:10: no cell is left/],
    ['derive: { network.loss: 2 * nope }', /:6:25: nope has no value, name an axis/],
    ['derive: { network.loss: 2 }', /:6:25: loss: 2 is more than the whole/],
    ['vary: { network.loss: [0] }\nderive: { network.loss: 0 }', /:7:25: an axis sets network\.lo/],
    ['design: grit', /:6:9: .*grit.* is not a choice here/],
    ['design: { morris: { levels: 3 } }\nvary: {}', /:6:29: .*use an even number/],
    [
      'design: { morris: {} }\nvary: { network.loss: [0, 1] }\nexclude: [{ network.loss: 0 }]',
      /:8:10: a trajectory can leave no cell out, remove it/,
    ],
    ['design: oneAtATime\nvary: {}', /:6:9: nothing is varied, add axes to vary/],
  ];
  for (const [text, message] of cases) {
    t.throws(() => load(t, text), { message, name: 'ScenarioError' }, text);
  }
  t.end();
});
