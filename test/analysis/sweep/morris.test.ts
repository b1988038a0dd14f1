import t from 'tap';
import { loadSweep } from '../../../checker/scenario.js';
import { elementaryEffects, type SweepRow } from '../../../analysis/sweep/index.js';

/** Two trajectories over three axes of four levels, where delta is 2/3. */
const points = [
  [0, 0, 3], [2, 0, 3], [2, 2, 3], [2, 2, 1],
  [3, 1, 0], [3, 3, 0], [3, 3, 2], [1, 3, 2],
];
const levels = ['0', '1', '2', '3'];
const outline = {
  axes: ['a', 'b', 'c'].map((path) => ({ path, values: levels, shares: [0, 1 / 3, 2 / 3, 1] })),
  design: { kind: 'morris', trajectories: 2, levels: 4 },
} as const;

function rows(measure: (a: number, b: number, c: number) => number): SweepRow[] {
  return points.map((point, index) => {
    const [a, b, c] = point.map((level) => level / 3);
    return {
      runId: '', status: 'ok', seed: 1, replication: 1, cell: index + 1,
      values: point.map(String), scalars: { 'messages.sent': measure(a, b, c) },
    };
  });
}

t.test('of a linear model the effects are its coefficients, with no deviation', async (t) => {
  const effects = elementaryEffects(
    outline, rows((a, b, c) => 10 * a - 40 * b + 2 * c + 7), 'messages.sent');
  t.same(effects.map(({ axis, count, mean, meanAbsolute, deviation }) => [
    axis, count, ...[mean, meanAbsolute, deviation!].map((value) => Math.round(value * 1e9) / 1e9),
  ]), [['b', 2, -40, 40, 0], ['a', 2, 10, 10, 0], ['c', 2, 2, 2, 0]]);
});

t.test('what depends on another axis deviates', async (t) => {
  const turned = rows((x, b) => x * (b < 0.5 ? -1 : 1));
  const effects = elementaryEffects(outline, turned, 'messages.sent');
  t.equal(effects[0].axis, 'b');
  const a = effects.find(({ axis }) => axis === 'a')!;
  t.ok(Math.abs(a.mean) < 1e-9 && Math.abs(a.meanAbsolute - 1) < 1e-9);
  t.ok(a.deviation! > 1.4);
});

t.test('what was not measured, or is no such design, has none', async (t) => {
  t.same(elementaryEffects({ ...outline, design: { kind: 'grid' } }, rows(() => 1), 'x'), []);
  t.same(elementaryEffects(outline, rows(() => 1), 'no.such'), []);
});

t.test('an effect is that of the whole axis, whatever it is written as', async (t) => {
  const folder = t.testdir({
    's.yaml': `
base: { duration: 1m, system: { managers: 3 } }
replications: 1
design: { morris: { trajectories: 8 } }
vary:
  network.loss: { from: 0%, to: 10%, steps: 2 }
  network.duplication: [0%, 10%]
  system.managers: [9, 5, 1]
  network.corruption: [0%, 1%, 3%, 8%, 9%]
`,
  });
  const sweep = loadSweep(`${folder}/s.yaml`, { checkMeasure: () => undefined });
  const shareOf = (axis: number, value: string): number => {
    const { values, shares = [] } = sweep.axes[axis];
    return shares[values.indexOf(value)];
  };
  const made = sweep.cells.map(({ values }, index): SweepRow => ({
    runId: '', status: 'ok', seed: 1, replication: 1, cell: index + 1, values,
    scalars: { 'messages.sent': values.reduce((sum, value, axis) => {
      return sum + [1, 2, 3, 4][axis] * shareOf(axis, value);
    }, 0) },
  }));
  t.same(sweep.axes[2], { path: 'system.managers', values: ['1', '5', '9'], shares: [1, 0.5, 0] });
  const effects = elementaryEffects(sweep, made, 'messages.sent');
  t.same(effects.map(({ axis, mean }) => [axis, Math.round(mean * 1e9) / 1e9]), [
    ['network.corruption', 4], ['system.managers', 3], ['network.duplication', 2],
    ['network.loss', 1],
  ]);
});

/**
 * Of sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 over -pi to pi at four levels, from every point along
 * every order of axes: SALib publishes for 10,000 drawn trajectories what this comes to but for
 * chance (its test_regression_morris_vanilla).
 */
t.test('the function of Ishigami and Homma (1990), as SALib 1.5 has it', async (t) => {
  const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
  const x = (level: number): number => Math.PI * ((2 * level) / 3 - 1);
  const ishigami = ([a, b, c]: readonly number[]): number =>
    Math.sin(x(a)) * (1 + 0.1 * x(c) ** 4) + 7 * Math.sin(x(b)) ** 2;
  const walks = orders.flatMap((order) => Array.from({ length: 64 }, (_, start) => {
    const at = [start >> 4, (start >> 2) & 3, start & 3];
    return [[...at], ...order.map((axis) => {
      at[axis] += at[axis] < 2 ? 2 : -2;
      return [...at];
    })];
  }));
  const made = walks.flat().map((point, index): SweepRow => ({
    runId: '', status: 'ok', seed: 1, replication: 1, cell: index + 1, values: point.map(String),
    scalars: { 'messages.sent': ishigami(point) },
  }));
  const design = { kind: 'morris', trajectories: walks.length, levels: 4 } as const;
  const effects = elementaryEffects({ ...outline, design }, made, 'messages.sent');
  const of = (axis: string): number =>
    effects.find((effect) => effect.axis === axis)!.meanAbsolute;
  t.ok(Math.abs(of('b') - 7.875) < 1e-9, 'whatever is drawn');
  t.ok(Math.abs(of('a') / 7.682808 - 1) < 0.005, `${of('a')}`);
  t.ok(Math.abs(of('c') / 6.256295 - 1) < 0.005, `${of('c')}`);
});
