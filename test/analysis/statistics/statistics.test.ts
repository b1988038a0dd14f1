import fc from 'fast-check';
import t from 'tap';
import { incompleteBeta } from '../../../analysis/statistics/beta.js';
import {
  kaplanMeier,
  survivalQuantile,
  type Duration,
} from '../../../analysis/statistics/kaplan-meier.js';
import { meanInterval } from '../../../analysis/statistics/mean.js';
import { fitGrowth } from '../../../analysis/statistics/growth.js';
import { fitLine } from '../../../analysis/statistics/regression.js';
import { normalQuantile } from '../../../analysis/statistics/normal.js';
import { studentCdf, studentQuantile } from '../../../analysis/statistics/student.js';
import { lnGamma } from '../../../experiment/random/ln-gamma.js';

function near(t: { ok(ok: boolean, what: string): unknown }, got: number, want: number, by = 5e-5) {
  t.ok(Math.abs(got - want) <= by, `${got} is ${want} within ${by}`);
}

t.test('the gamma and incomplete beta functions where they are known', (t) => {
  for (let n = 1, factorial = 1; n <= 20; factorial *= n, n += 1) {
    near(t, lnGamma(n), Math.log(factorial), 1e-12);
  }
  near(t, lnGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
  near(t, incompleteBeta(0.3, 1, 1), 0.3, 1e-14);
  near(t, incompleteBeta(0.3, 2, 1), 0.09, 1e-14);
  // P(at least 3 heads of 5): sum of binomials.
  near(t, incompleteBeta(0.5, 3, 3), 0.5, 1e-14);
  near(t, incompleteBeta(0.2, 3, 3), 0.05792, 1e-14);
  t.equal(incompleteBeta(0, 2, 3), 0);
  t.equal(incompleteBeta(1, 2, 3), 1);
  t.end();
});

t.test("quantiles of Student's t as in tables", (t) => {
  const table: readonly [degrees: number, p95: number, p975: number, p995: number][] = [
    [1, 6.313752, 12.706205, 63.656741],
    [2, 2.919986, 4.302653, 9.924843],
    [3, 2.353363, 3.182446, 5.840909],
    [4, 2.131847, 2.776445, 4.604095],
    [5, 2.015048, 2.570582, 4.032143],
    [9, 1.833113, 2.262157, 3.249836],
    [10, 1.812461, 2.228139, 3.169273],
    [29, 1.699127, 2.04523, 2.756386],
    [30, 1.697261, 2.042272, 2.749996],
    [120, 1.657651, 1.97993, 2.617421],
  ];
  for (const [degrees, ...quantiles] of table) {
    for (const [index, p] of [0.95, 0.975, 0.995].entries()) {
      near(t, studentQuantile(p, degrees), quantiles[index], 1e-6);
      near(t, studentQuantile(1 - p, degrees), -quantiles[index], 1e-6);
    }
  }
  t.equal(studentQuantile(0.5, 7), 0);
  near(t, normalQuantile(0.975), 1.959963984540054, 1e-12);
  near(t, studentQuantile(0.975, 1e7), normalQuantile(0.975), 1e-6);
  const p = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  const property = fc.property(p, fc.integer({ min: 1, max: 500 }), (share, degrees) => {
    return Math.abs(studentCdf(studentQuantile(share, degrees), degrees) - share) < 1e-10;
  });
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});

t.test('the mean of few values', (t) => {
  t.equal(meanInterval([], 0.95), null);
  t.same(meanInterval([3], 0.95), { count: 1, mean: 3, halfWidth: null });
  t.match(meanInterval([3, 3, 3], 0.95), { mean: 3, halfWidth: 0 });
  // Mean 5, variance 10, error sqrt(2), t with 4 degrees.
  const interval = meanInterval([1, 3, 5, 7, 9], 0.95)!;
  t.equal(interval.mean, 5);
  near(t, interval.halfWidth!, 2.776445 * Math.SQRT2, 1e-5);
  t.end();
});

/** `6+` is censored. */
function durations(text: string): Duration[] {
  return text.split(' ').map((word) => ({ time: parseFloat(word), censored: word.endsWith('+') }));
}

t.test('Kaplan-Meier: remissions under 6-MP (Freireich et al., Blood 21, 1963)', (t) => {
  const weeks = durations('6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+');
  // Time, at risk, ended, survival, error, interval: as Stata's `sts list` prints them.
  const published = [
    [6, 21, 3, 0.8571, 0.0764, 0.6197, 0.9516],
    [7, 17, 1, 0.8067, 0.0869, 0.5631, 0.9228],
    [10, 15, 1, 0.7529, 0.0963, 0.5032, 0.8894],
    [13, 12, 1, 0.6902, 0.1068, 0.4316, 0.8491],
    [16, 11, 1, 0.6275, 0.1141, 0.3675, 0.8049],
    [22, 7, 1, 0.5378, 0.1282, 0.2678, 0.7468],
    [23, 6, 1, 0.4482, 0.1346, 0.1881, 0.6801],
  ];
  const steps = kaplanMeier(weeks, 0.95);
  t.equal(steps.length, published.length);
  for (const [index, row] of published.entries()) {
    const { time, atRisk, ended, survival, error, lower, upper } = steps[index];
    t.same([time, atRisk, ended], row.slice(0, 3));
    [survival, error, lower, upper].forEach((value, at) => near(t, value, row[at + 3], 6e-5));
  }
  t.equal(survivalQuantile(steps, 0.5), 23, 'the published median');
  t.equal(survivalQuantile(steps, 0.9), null, 'nobody knows');
  t.end();
});

t.test('Kaplan-Meier: by hand, and without censoring the plain shares', (t) => {
  const [first, second, ...more] = kaplanMeier(durations('1 2+ 3 4+'), 0.95);
  t.match(first, { time: 1, atRisk: 4, ended: 1, survival: 0.75 });
  t.match(second, { time: 3, atRisk: 2, ended: 1, survival: 0.375 });
  near(t, second.error, 0.375 * Math.sqrt(1 / 12 + 1 / 2), 1e-12);
  t.same(more, []);
  t.same(kaplanMeier([], 0.95), []);
  t.same(kaplanMeier(durations('5+ 6+'), 0.95), []);
  t.match(kaplanMeier(durations('5 5'), 0.95), [{ survival: 0, lower: 0, upper: 1 }]);
  const whole = fc.array(fc.nat(50), { minLength: 1, maxLength: 60 });
  const property = fc.property(whole, (times) =>
    kaplanMeier(times.map((time) => ({ time, censored: false })), 0.95).every((step) => {
      const left = times.filter((time) => time > step.time).length / times.length;
      const within = step.lower <= step.survival + 1e-12 && step.survival <= step.upper + 1e-12;
      return Math.abs(step.survival - left) < 1e-9 && within;
    }),
  );
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});

t.test('least squares: the Norris data, certified by NIST (StRD)', (t) => {
  const points = `0.1,0.2 338.8,337.4 118.1,118.2 888.0,884.6 9.2,10.1 228.1,226.5 668.5,666.3
    998.5,996.3 449.1,448.6 778.9,777.0 559.2,558.2 0.3,0.4 0.1,0.6 778.1,775.5 668.8,666.9
    339.3,338.0 448.9,447.5 10.8,11.6 557.7,556.0 228.3,228.1 998.0,995.8 888.8,887.6 119.6,120.2
    0.3,0.3 0.6,0.3 557.6,556.8 339.3,339.1 888.0,887.2 998.5,999.0 778.9,779.0 10.2,11.1
    117.6,118.3 228.9,229.2 668.4,669.1 449.2,448.9 0.2,0.5`
    .split(/\s+/)
    .map((pair) => pair.split(',').map(Number))
    .map(([y, x]) => ({ x, y }));
  const line = fitLine(points, 0.95)!;
  near(t, line.intercept, -0.262323073774029, 1e-12);
  near(t, line.slope, 1.00211681802045, 1e-13);
  near(t, line.interceptError, 0.232818234301152, 1e-12);
  near(t, line.slopeError, 0.429796848199937e-3, 1e-14);
  near(t, line.deviation, 0.884796396144373, 1e-12);
  t.equal(line.degrees, 34);
  near(t, line.slopeHalfWidth, 2.032245 * line.slopeError, 1e-8);
  t.end();
});

t.test('growth: lm(y ~ x, weights = 1 / y^2) and lm(log(y) ~ log(x)) of R 4.2.2', (t) => {
  const [xs, ys] = [[10, 30, 100, 300, 1000], [2.1, 3.9, 11.2, 30.5, 102]];
  const { law, power, off } = fitGrowth(xs.map((x, index) => ({ x, y: ys[index] })), 0.95)!;
  near(t, power.line.slope, 0.85396218588, 1e-10);
  if (law.kind !== 'affine') throw new Error('a straight line is nearer');
  near(t, law.constant, 1.0705119299739, 1e-9);
  near(t, law.perUnit, 0.0992639793008, 1e-10);
  near(t, law.constant - law.constantHalfWidth, 0.8742576947549, 1e-9);
  near(t, law.perUnit + law.perUnitHalfWidth, 0.104989327982, 1e-10);
  near(t, off, 0.0366639069973, 1e-10);
  const cubes = xs.map((x) => ({ x, y: x ** 3 }));
  t.equal(fitGrowth(cubes, 0.95)!.law.kind, 'power');
  t.equal(fitGrowth([...cubes, { x: 5, y: 0 }], 0.95), null, 'zero is no power of anything');
  t.end();
});

t.test('least squares: too few points make no line', (t) => {
  const at = (x: number) => ({ x, y: 2 * x + 1 });
  t.equal(fitLine([at(1), at(2)], 0.95), null);
  t.equal(fitLine([at(1), at(1), at(1)], 0.95), null);
  t.match(fitLine([at(1), at(2), at(4)], 0.95), { slope: 2, intercept: 1, slopeHalfWidth: 0 });
  t.end();
});
