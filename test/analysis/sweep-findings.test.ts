/** What the charts of a sweep say is what its table says. */
import t from 'tap';
import { axisTitle } from '../../analysis/report/sweep/axis.js';
import { axisEffects, effectFindings } from '../../analysis/report/sweep/axis-effects.js';
import { sweepData } from '../../analysis/report/sweep/data.js';
import { effectsChart } from '../../analysis/report/sweep/effects-chart.js';
import { heatChart } from '../../analysis/report/sweep/heat-chart.js';
import { placed, type Spot } from '../../analysis/report/sweep/label-places.js';
import { recoveryChart } from '../../analysis/report/sweep/recovery-chart.js';
import { judgedCurves } from '../../analysis/report/sweep/recovery-curves.js';
import { tradeoffChart } from '../../analysis/report/sweep/tradeoff-chart.js';
import { renderSvg } from '../../analysis/report/render.js';
import { column, screen } from '../../analysis/report/theme.js';
import type { Scalars, SweepRow } from '../../analysis/sweep/index.js';
import type { Axis, SweepOutline } from '../../experiment/sweep/index.js';

function outlineOf(axes: readonly Axis[]): SweepOutline {
  const measures = ['detection.seconds.mean', 'detection.falsePositives'];
  const tradeoff = { x: 'detection.falsePositives', y: 'detection.seconds.mean' };
  const report = { measures, tradeoff, trends: [], axes: { 'network.loss': 'loss' } };
  return {
    name: 's', description: '', seed: 1, axes, replications: 12, design: { kind: 'grid' }, report,
  };
}

/** Twelve runs a cell; what chance does to a run is the same in all cells. */
function rowsOf(
  axes: readonly Axis[], scalars: (values: readonly string[], chance: number) => Scalars,
): SweepRow[] {
  const cells = axes.reduce<string[][]>((all, { values }) =>
    all.flatMap((cell) => values.map((value) => [...cell, value])), [[]]);
  return cells.flatMap((values, cell) => Array.from({ length: 12 }, (_, index): SweepRow => ({
    runId: `${cell}-${index}`, status: 'ok', seed: index, replication: index + 1, values, cell,
    scalars: scalars(values, ((index * 7) % 12) / 12),
  })));
}

const lossAxis = { path: 'network.loss', values: ['0%', '5%', '10%'] };
const variants = { path: 'variant', values: ['fixed', 'phi'] };

t.test('of each axis, what it surely changes, where, and by how much', (t) => {
  const axes = [lossAxis, variants];
  const rows = rowsOf(axes, ([loss, variant], chance) => ({
    'detection.seconds.mean': (variant === 'phi' ? 10 : 20) + 5 * chance,
    'detection.falsePositives': variant === 'phi' && loss === '10%' ? 400 + chance * 10 : 20,
  }));
  const steps = axisEffects(sweepData(outlineOf(axes), rows), [
    'detection.seconds.mean', 'detection.falsePositives',
  ]);
  t.same(effectFindings(steps), [
    'From loss 0% to 10%: false alarms in a run: up from 20 to 405 in 1 of 2 cells. Not surely ' +
      'changed: time to notice a crash, mean (12.3 s–22.3 s).',
    'With variant phi instead of fixed: time to notice a crash, mean: down from 22.3 s to ' +
      '12.3 s; false alarms in a run: up from 20 to 405 in 1 of 3 cells.',
  ]);
  t.end();
});

t.test('cells that differ in more than one axis are not compared', (t) => {
  const axes = [lossAxis, { path: 'system.managers', values: ['3', '10', '30'] }];
  const rows = rowsOf(axes, () => ({ 'detection.seconds.mean': 1 }))
    .filter(({ values: [loss, managers] }) =>
      axes[0].values.indexOf(loss) === axes[1].values.indexOf(managers));
  t.same(axisEffects(sweepData(outlineOf(axes), rows), ['detection.seconds.mean']), []);
  t.end();
});

t.test('two axes are drawn as a field, with its ends told', async (t) => {
  const axes = [lossAxis, { path: 'system.managers', values: ['3', '10', '30'] }];
  const seconds = (loss: string, managers: string): number =>
    Number.parseFloat(loss) + Number(managers);
  const rows = rowsOf(axes, ([loss, managers]) =>
    ({ 'detection.seconds.mean': seconds(loss, managers) }));
  for (const page of [screen, column]) {
    const chart = heatChart(sweepData(outlineOf(axes), rows, page))!;
    t.same(chart.findings, ['Time to notice a crash, mean: the least mean is 3 s, at loss 0% and ' +
      'managers 3, the most 40 s, at loss 10% and managers 30.']);
    const svg = await renderSvg(chart);
    t.match(svg, />40 s<\/text>/);
    t.match(svg, '<title>10%, 30: 40 s</title>', 'where the pointer rests');
    t.notMatch(svg, /<title>\w+: [^;<]*;/, 'but no fields of ours');
    t.equal(chart.table.rows.length, 9);
  }
  const narrow = [lossAxis, variants];
  t.equal(heatChart(sweepData(outlineOf(narrow), rowsOf(narrow, () => ({})))), null);
});

t.test('the front: no other cell has less of both', (t) => {
  const axes = [{ path: 'system.managers', values: ['1', '2', '3', '4'] }];
  const at: Readonly<Record<string, [number, number]>> =
    { 1: [20, 9], 2: [30, 5], 3: [40, 6], 4: [50, 1] };
  const rows = rowsOf(axes, ([managers]) => ({
    'detection.falsePositives': at[managers][0], 'detection.seconds.mean': at[managers][1],
  }));
  const chart = tradeoffChart(sweepData(outlineOf(axes), rows))!;
  t.same(chart.table.rows.map((row) => row.at(-1)), ['yes', 'yes', 'no', 'yes']);
  t.match(chart.findings, [/^3 of 4 cells are on the front, by the means: from managers 1 with/]);
  t.end();
});

t.test('names of points lie neither on each other nor on points', (t) => {
  const spots = Array.from({ length: 30 }, (_, index): Spot => ({
    x: 100 + ((index * 37) % 90), y: 100 + ((index * 53) % 90), label: `name ${index}`,
    width: 40, height: 11,
  }));
  const all = placed(spots, 300, 300);
  t.same(all.map(({ label }) => label), spots.map(({ label }) => label), 'a name for each');
  const names = all.filter(({ shown }) => shown);
  t.ok(names.length > 3 && names.length < 30, 'some have room');
  const boxes = [
    ...names.map(({ x, y }) => [x, x + 40, y - 5.5, y + 5.5]),
    ...spots.map(({ x, y }) => [x - 4, x + 4, y - 4, y + 4]),
  ];
  for (const [index, [left, right, top, bottom]] of boxes.slice(0, names.length).entries()) {
    const hit = boxes.some(([l, r, up, down], other) =>
      other !== index && left < r && l < right && top < down && up < bottom);
    t.notOk(hit, names[index].label);
  }
  t.end();
});

t.test('recoveries are compared where they are drawn, with Holm over all', async (t) => {
  const times = (from: number) => Array.from({ length: 20 }, (_, index) =>
    ({ time: from + (index % 5), censored: index % 10 === 9 }));
  const [[first, second], [, third]] = judgedCurves([
    [{ label: 'a', of: '', durations: times(10) }, { label: 'b', of: '', durations: times(30) }],
    [{ label: 'a', of: '', durations: times(10) }, { label: 'c', of: '', durations: times(10) }],
  ]);
  t.equal(first.p, null);
  t.ok(second.p! < 1e-6 && third.p! > 0.9);
  t.equal(first.mean.limit, 14, 'up to where both are known');
  const axes = [variants];
  const data = sweepData(outlineOf(axes), rowsOf(axes, () => ({})));
  const chart = recoveryChart(data, ({ values: [variant] }) =>
    ({ episodes: times(variant === 'phi' ? 30 : 10), faults: [] }))!;
  const [told] = chart.findings;
  t.match(told, /^Whole episodes: half had recovered after 12 s with fixed, after 32 s with phi;/);
  t.match(told, /the two curves differ \(log-rank, p < 0\.001\); 4 of 40 still open\.$/);
  t.equal(chart.table.rows.length, 2);
  t.match(await renderSvg(chart), />20</, 'numbers at risk');
});

t.test('of a Morris design, which axis matters most, as points', async (t) => {
  const levels = ['0', '1', '2', '3'];
  const shares = [0, 1 / 3, 2 / 3, 1];
  const morris: SweepOutline = {
    ...outlineOf(['x.first', 'x.second'].map((path) => ({ path, values: levels, shares }))),
    design: { kind: 'morris', trajectories: 2, levels: 4 },
  };
  const points = [['0', '0'], ['2', '0'], ['2', '2'], ['3', '3'], ['3', '1'], ['1', '1']];
  const rows = points.map((values, index): SweepRow => ({
    runId: '', status: 'ok', seed: 1, replication: 1, cell: index + 1, values,
    scalars: { 'detection.seconds.mean': Number(values[0]) + 10 * Number(values[1]) },
  }));
  const chart = effectsChart(sweepData(morris, rows))!;
  t.same(chart.findings, ['For time to notice a crash, mean x second (30 s over its length) ' +
    'matters most, least x first (3 s over its length).']);
  t.match(await renderSvg(chart), />x second</);
  t.equal(effectsChart(sweepData(outlineOf([lossAxis]), rows)), null);
});

t.test('axes are named in words, not in paths', (t) => {
  const named = (path: string): string => axisTitle(path, {});
  t.equal(named('network.latency.lognormal.sigma'), 'latency lognormal sigma');
  t.equal(named('coordination.managers.answerTimeout'), 'managers answer timeout');
  t.equal(named('faults[1].repairAfter'), 'fault 2 repair after');
  t.equal(named('duration'), 'duration');
  t.end();
});
