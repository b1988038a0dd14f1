import fc from 'fast-check';
import t from 'tap';
import { estimateText, warningsOf } from '../../../analysis/estimate-words.js';
import { estimateOf, type ValueKind } from '../../../analysis/statistics/estimate.js';
import { near } from './near.js';

const told = (value: number): string => String(Number(value.toFixed(3)));

t.test('the method follows from what is measured, and from its values', (t) => {
  const of = (values: readonly number[], kind: ValueKind) => estimateOf(values, kind, 0.95)!;
  t.equal(estimateOf([], 'number', 0.95), null);
  t.match(of([7], 'count'), { mean: 7, interval: null, method: 'none' });
  t.match(of([50, 50, 50], 'count'), { mean: 50, interval: null, method: 'constant' });
  t.match(of([0, 1, 0, 0, 2], 'count'), { method: 'poisson', warning: 'few' });
  t.match(of([0, 0, 40, 0, 0], 'count'), { method: 'student' }, 'bursts are no Poisson');
  t.match(of([1, 1, 0, 1], 'flag'), { method: 'binomial' });
  t.match(of([0.9, 1, 0.95], 'share'), { method: 'logit' });
  t.match(of([0.9, 1.2, 0.95], 'share'), { method: 'student' }, 'no share of a whole');
  t.match(of([-1, 4, 2], 'number'), { method: 'student' });
  const alike = Array.from({ length: 12 }, (_, index) => 10 + index / 4);
  t.equal(of(alike, 'size').warning, null);
  t.equal(of(alike.map((value) => Math.exp(value)), 'size').warning, 'spread');
  const zeros = of(alike.map(() => 0), 'count');
  t.equal(zeros.interval!.lower, 0);
  near(t, zeros.interval!.upper, 3 / 12, 1e-3);
  near(t, of(alike.map(() => 1), 'share').interval!.lower, 1 - 3 / 12, 1e-3);
  t.end();
});

t.test('no interval leaves what can be, and none is a single point', (t) => {
  const part = fc.oneof(fc.constantFrom(0, 1, 999_999), fc.nat(1e6)).map((whole) => whole / 1e6);
  const shares = fc.array(part, { minLength: 1, maxLength: 12 });
  const counts = fc.array(fc.nat(4), { minLength: 1, maxLength: 12 });
  const sizes = fc.array(fc.nat(1e9).map((us) => us / 1e6), { minLength: 1, maxLength: 12 });
  const within = (kind: ValueKind, most: number) => (values: number[]): boolean => {
    const { mean, interval } = estimateOf(values, kind, 0.95)!;
    if (interval === null) return values.every((value) => value === values[0]);
    const { lower, upper } = interval;
    const holds = lower <= mean * (1 + 1e-9) && mean <= upper * (1 + 1e-9);
    return lower >= 0 && upper <= most && lower < upper && holds;
  };
  t.doesNotThrow(() => fc.assert(fc.property(shares, within('share', 1))));
  t.doesNotThrow(() => fc.assert(fc.property(counts, within('count', Infinity))));
  t.doesNotThrow(() => fc.assert(fc.property(sizes, within('size', Infinity))));
  t.end();
});

t.test('in words', (t) => {
  const text = (values: readonly number[], kind: ValueKind, runs = values.length): string =>
    estimateText(estimateOf(values, kind, 0.95)!, told, runs);
  t.equal(text([7], 'count'), '7');
  t.equal(text([0, 0, 0, 0, 0], 'count'), '0 (at most 0.599)*');
  t.equal(text(Array.from({ length: 10 }, () => 1), 'share'), '1 (at least 0.7)');
  t.equal(text([50, 50], 'count'), '50 in all*');
  t.equal(text([0, 0], 'size'), '0 in all*');
  t.match(text([4, 5, 6], 'size'), /^5 \([\d.]+ to [\d.]+\)\*$/);
  t.match(text([4, 5, 6], 'size', 9), /^5 \([\d.]+ to [\d.]+\)\* in 3 of 9$/);
  t.equal(text([50, 50], 'count', 3), '50* in 2 of 3', 'not in all');
  t.equal(text([7], 'count', 2), '7 in 1 of 2');
  t.same(warningsOf([estimateOf(Array.from({ length: 12 }, () => 50), 'count', 0.95)!]), []);
  t.match(warningsOf([estimateOf([4, 5, 6], 'size', 0.95)!])[0], /^\* Unsure: fewer than 10 runs/);
  t.end();
});
