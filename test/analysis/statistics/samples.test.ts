import fc from 'fast-check';
import t from 'tap';
import { exactLimit, noStatistics, Samples } from '../../../analysis/statistics/samples.js';

function samplesOf(values: readonly number[]): Samples {
  const samples = new Samples();
  for (const value of values) samples.add(value);
  return samples;
}

void t.test('quantiles are nearest-rank', (t) => {
  t.same(new Samples().statistics(), noStatistics);
  const hundred = Array.from({ length: 100 }, (_, index) => (100 - index) * 1e6);
  t.same(samplesOf(hundred).statistics(), { mean: 50.5, p50: 50, p95: 95, p99: 99, max: 100 });
  const three = samplesOf([3e6, 1e6, 2e6]).statistics();
  t.same(three, { mean: 2, p50: 2, p95: 3, p99: 3, max: 3 });
  t.end();
});

void t.test('a quantile is the least value that enough values do not exceed', (t) => {
  const values = fc.array(fc.nat(10_000_000), { minLength: 1, maxLength: 300 });
  const property =
    fc.property(values, (list) => {
      const { p50, p95, p99, max } = samplesOf(list).statistics();
      const upTo = (limit: number): number => list.filter((v) => v / 1e6 <= limit).length;
      for (const [value, percent] of [[p50, 50], [p95, 95], [p99, 99]] as const) {
        if (upTo(value!) * 100 < percent * list.length) return false;
        const less = list.filter((v) => v / 1e6 < value!).length;
        if (less * 100 >= percent * list.length) return false;
      }
      return max === Math.max(...list) / 1e6;
    });
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});

void t.test('a histogram has every value once, in the bin that covers it', (t) => {
  const values = fc.array(fc.nat(2_000_000_000), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 60 }), (list, wanted) => {
      const bins = samplesOf(list).histogram(wanted);
      const total = bins.reduce((sum, { count }) => sum + count, 0);
      const last = bins.at(-1)!;
      return total === list.length && bins.length <= wanted && last.to_s * 1e6 >= Math.max(...list);
    }),
  );
  t.same(new Samples().histogram(10), []);
  t.end();
});

void t.test('beyond the limit memory stays as it is, and quantiles are right to 0.1%', (t) => {
  const samples = new Samples();
  const count = exactLimit + 50_000;
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    // A full period of a linear congruence: every value up to `count`, out of order.
    const value = ((index * 7919) % count) * 37;
    sum += value;
    samples.add(value);
  }
  const { mean, p50, p99, max } = samples.statistics();
  t.equal(samples.count, count);
  t.equal(mean, sum / count / 1e6);
  t.equal(max, ((count - 1) * 37) / 1e6);
  for (const [value, percent] of [[p50, 0.5], [p99, 0.99]] as const) {
    const exact = ((Math.ceil(percent * count) - 1) * 37) / 1e6;
    t.ok(Math.abs(value! - exact) <= exact * 0.001, `${value} for ${exact}`);
  }
  t.equal(samples.histogram(40).reduce((total, bin) => total + bin.count, 0), count);
  t.end();
});
