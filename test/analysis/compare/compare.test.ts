import t from 'tap';
import {
  compare, conditionOf, effectText, judge, verdictText, type Compared, type Side,
} from '../../../analysis/compare/index.js';
import type { Scalars } from '../../../analysis/sweep/index.js';

const detection = 'detection.seconds.mean';
const alarms = 'detection.falsePositives';
const healthy = 'final.healthy';

/** Seeds from `from` on; what is the same in both variants stands for the common random numbers. */
function side(
  name: string, count: number, scalars: (index: number) => Scalars, from = 1, cell = '',
): Side {
  const runs = Array.from({ length: count }, (_, index) => ({
    cell, seed: from + index, directory: '', scalars: scalars(index),
  }));
  return { name, runs, crashed: 0, measures: undefined };
}

/** Between 0 and 1, without a pattern. */
const noise = (index: number): number => (index * 0.618_034) % 1;

const found = (first: Side, second: Side, measure: string): Compared =>
  compare(first, second, [measure])!.compared[0];

t.test('pairs: what chance did to both falls out', (t) => {
  const old = (index: number) => ({ [detection]: 20 + 10 * noise(index) });
  const better = (index: number) => ({ [detection]: 18.5 + 10 * noise(index) + noise(index + 7) });
  const paired = found(side('A', 12, old), side('B', 12, better), detection);
  t.match(paired, { paired: true, count: 12, outcome: 'less' });
  t.ok(paired.interval!.upper < 0 && paired.interval!.lower > -1.5);
  t.match(effectText(paired), /^1\.02 s shorter \(825 ms to 1\.21 s\)$/);
  const apart = found(side('A', 12, old), side('B', 12, better, 100), detection);
  t.match(apart, { paired: false, outcome: 'unseen' });
  const width = ({ interval }: Compared): number => interval!.upper - interval!.lower;
  t.ok(width(apart) > 5 * width(paired));
  t.end();
});

t.test('only runs with a partner count, and only pairs with both values', (t) => {
  const value = (index: number) => ({ [detection]: index === 2 ? null : 5 + noise(index) });
  const comparison = compare(side('A', 5, value), side('B', 4, value, 3), [detection, alarms])!;
  t.same(comparison.left, [2, 1]);
  t.equal(comparison.compared[0].count, 1, 'seed 3 has none in A, and seed 5 none in B');
  t.same(comparison.unmeasured, [alarms]);
  t.match(comparison.compared[0].outcome, 'few');
  t.match(verdictText(comparison).at(-1), /^One run of each tells nothing of chance/);
  t.end();
});

t.test('what is the same is no difference, and what always differs by as much is one', (t) => {
  const value = (by: number) => (index: number) => ({ [detection]: 5 + noise(index) + by });
  t.match(found(side('A', 5, value(0)), side('B', 5, value(0)), detection), { outcome: 'same' });
  const shifted = found(side('A', 5, value(0)), side('B', 5, value(1)), detection);
  t.match(shifted, { outcome: 'more', interval: null });
  t.equal(effectText(shifted), '1 s longer');
  t.end();
});

t.test('rare events by the ratio of their rates, yes and no by pairs that disagree', (t) => {
  const rare = (most: number) => (index: number) => ({ [alarms]: index % 4 === 0 ? most : 0 });
  const many = (index: number) => ({ [alarms]: 3 + (index % 3) });
  const told = found(side('A', 12, rare(1)), side('B', 12, many), alarms);
  t.equal(told.outcome, 'more');
  // poisson.test(c(48, 3))$conf.int: 48 events against 3 in as many runs.
  t.ok(Math.abs(told.ratioInterval!.lower - 5.1568) < 1e-3, `${told.ratioInterval!.lower}`);
  t.match(effectText(told), /^16 times as many \(5\.16 to 80\.\d\)$/);
  const never = found(side('A', 12, () => ({ [alarms]: 0 })), side('B', 12, rare(1)), alarms);
  t.match(never, { ratio: null, outcome: 'unseen' });
  const flag = (from: number) => (index: number) => ({ [healthy]: index >= from });
  const flags = found(side('A', 12, flag(0)), side('B', 12, flag(9)), healthy);
  t.equal(flags.outcome, 'less');
  t.ok(Math.abs(flags.p! - 2 ** -8) < 1e-9, 'binom.test(0, 9)$p.value');
  t.end();
});

t.test('cells are compared with their like, all at once by Holm', (t) => {
  const of = (by: number) => ['x=1', 'x=2', 'x=3'].map((cell, place) =>
    side('', 10, (index) => ({
      [detection]: 9 + noise(index) + by * noise(index + place),
    }), 1, cell));
  const all = (sides: Side[]): Side =>
    ({ ...sides[0], name: 'S', runs: sides.flatMap(({ runs }) => runs) });
  const comparison = compare(all(of(0)), all(of(0.01).slice(1)), [detection])!;
  t.same(comparison.compared.map(({ cell }) => cell), ['x=2', 'x=3']);
  t.same(comparison.left, [10, 0]);
  const [a, b] = comparison.compared;
  t.equal(Math.min(a.adjusted!, b.adjusted!), 2 * Math.min(a.p!, b.p!));
  t.equal(compare(all(of(0)), side('R', 1, () => ({})), [detection]), undefined);
  t.end();
});

t.test('the verdict in words', (t) => {
  const fixed = (index: number) =>
    ({ [detection]: 25 + noise(index), [alarms]: index % 4 === 0 ? 1 : 0, 'final.managers': 9 });
  const phi = (index: number) =>
    ({ [detection]: 11 + noise(index + 3), [alarms]: 3 + (index % 3), 'final.managers': 9 });
  const measures = [detection, alarms, 'final.managers'];
  const lines = verdictText(compare(side('fixed', 20, fixed), side('phi', 20, phi), measures)!);
  t.match(lines[0], /^With phi: .*time to notice a crash, mean 1[34]\.?\d* s shorter \(/);
  t.match(lines[0], /times as many \(/);
  t.match(lines[1], /^No difference is seen in: /);
  t.end();
});

t.test('conditions hold by the whole interval', (t) => {
  const of = (by: number, count = 12) => side('', count, (index) => ({
    'recovery.settle.p95': 10 + noise(index) + by * (0.5 + noise(index + 5)),
  }));
  const held = (text: string, second: Side, first = of(0)): boolean[] => {
    const condition = conditionOf(text)!;
    t.equal(condition.measure, 'recovery.settle.p95');
    const { compared } = compare(first, second, [condition.measure])!;
    return judge(condition, compared).map((one) => one.held);
  };
  t.same(held('settle.p95 > 5%', of(1)), [true], 'about 10%');
  t.same(held('settle.p95 > 9%', of(1)), [false], 'not surely');
  t.same(held('settle.p95 > 500ms', of(1)), [true]);
  t.same(held('settle.p95 < -5%', of(-1)), [true]);
  t.same(held('settle.p95 < 0s', of(1)), [false]);
  t.same(held('settle.p95>5%', of(1, 1), of(0, 1)), [true], 'one run each: the change itself');
  t.equal(conditionOf('settle.p95'), undefined);
  t.equal(conditionOf('settle.p95 > soon'), undefined);
  t.throws(() => conditionOf('setle.p95 > 5%'), /there is no measure/);
  t.end();
});
