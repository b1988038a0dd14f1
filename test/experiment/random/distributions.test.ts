import fc from 'fast-check';
import t from 'tap';
import {
  lognormalWithMean,
  mean,
  paretoWithMean,
  quantile,
  sample,
  supremum,
  weibullWithMean,
  type Distribution,
} from '../../../experiment/random/distributions.js';
import { EntityRandom, streamKey } from '../../../experiment/random/streams.js';

const N = 100_000;

/** Distribution, its standard deviation and its distribution function, from the textbook. */
const cases: readonly [Distribution, number, (x: number) => number][] = [
  [{ kind: 'uniform', low: 20, high: 80 }, 60 / Math.sqrt(12), (x) => (x - 20) / 60],
  [{ kind: 'exponential', mean: 3 }, 3, (x) => 1 - Math.exp(-x / 3)],
  [
    { kind: 'lognormal', median: 40, sigma: 0.5 },
    40 * Math.sqrt((Math.exp(0.25) - 1) * Math.exp(0.25)),
    (x) => normalCdf(Math.log(x / 40) / 0.5),
  ],
  // Gamma(1.5) = sqrt(pi) / 2 and Gamma(2) = 1: a Rayleigh distribution.
  [
    { kind: 'weibull', scale: 7, shape: 2 },
    7 * Math.sqrt(1 - Math.PI / 4),
    (x) => 1 - Math.exp(-((x / 7) ** 2)),
  ],
  // Gamma(1 + 1 / 0.5) = 2, Gamma(5) = 24.
  [
    { kind: 'weibull', scale: 7, shape: 0.5 },
    7 * Math.sqrt(24 - 4),
    (x) => 1 - Math.exp(-Math.sqrt(x / 7)),
  ],
  // Variance m^2 a / ((a - 1)^2 (a - 2)); the fourth moment exists too.
  [
    { kind: 'pareto', minimum: 2, shape: 9 },
    (2 / 8) * Math.sqrt(9 / 7),
    (x) => 1 - (2 / x) ** 9,
  ],
  // Half of it even from 2 to 4, half from 4 to 10: E x^2 = (28/3 + 52) / 2, mean 5.
  [
    { kind: 'empirical', quantiles: [2, 4, 10] },
    Math.sqrt(92 / 3 - 25),
    (x) => (x < 4 ? (x - 2) / 4 : 0.5 + (x - 4) / 12),
  ],
];

for (const [distribution, deviation, cdf] of cases) {
  t.test(`${distribution.kind}: mean, deviation, Kolmogorov-Smirnov`, async (t) => {
    const random = new EntityRandom(streamKey(1, 'distributions'), 3);
    const values = new Float64Array(N).map(() => sample(distribution, random.next())).sort();
    const average = values.reduce((sum, x) => sum + x, 0) / N;
    const variance = values.reduce((sum, x) => sum + (x - average) ** 2, 0) / (N - 1);
    const error = deviation / Math.sqrt(N);
    t.ok(Math.abs(average - mean(distribution)) < 3.9 * error, `mean ${average}`);
    t.ok(Math.abs(Math.sqrt(variance) / deviation - 1) < 0.03, `deviation ${variance}`);
    let distance = 0;
    values.forEach((x, i) => {
      distance = Math.max(distance, cdf(x) - i / N, (i + 1) / N - cdf(x));
    });
    // Exceeded once in 1,000 by chance: 1.95 / sqrt(n).
    t.ok(distance * Math.sqrt(N) < 1.95, `distance ${distance}`);
  });

  t.test(`${distribution.kind}: the quantile undoes the distribution function`, async (t) => {
    for (const p of [0.001, 0.1, 0.25, 0.5, 0.9, 0.99, 0.9999]) {
      t.ok(Math.abs(cdf(quantile(distribution, p)) - p) < 1e-6, `at ${p}`);
    }
  });
}

/** Abramowitz and Stegun 7.1.26: good to 1.5e-7, and independent of what is tested. */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const s = 1 / (1 + 0.3275911 * x);
  const poly =
    s *
    (0.254829592 + s * (-0.284496736 + s * (1.421413741 + s * (-1.453152027 + s * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z < 0 ? (1 - erf) / 2 : (1 + erf) / 2;
}

const positive = fc.double({ min: 0, max: 1e9, noNaN: true });
const shapes = fc.double({ min: 0.1, max: 100, noNaN: true });
const anyDistribution: fc.Arbitrary<Distribution> = fc.oneof(
  positive.map((value) => ({ kind: 'constant' as const, value })),
  fc
    .tuple(positive, positive)
    .map(([low, span]) => ({ kind: 'uniform' as const, low, high: low + span })),
  positive.map((value) => ({ kind: 'exponential' as const, mean: value })),
  fc
    .tuple(positive, fc.double({ min: 0, max: 5, noNaN: true }))
    .map(([median, sigma]) => ({ kind: 'lognormal' as const, median, sigma })),
  fc
    .tuple(positive, shapes)
    .map(([scale, shape]) => ({ kind: 'weibull' as const, scale, shape })),
  fc
    .tuple(positive, shapes)
    .map(([minimum, shape]) => ({ kind: 'pareto' as const, minimum, shape })),
);

t.test('samples are finite, not negative, monotone, and within the supremum', async (t) => {
  const uniform = fc.integer({ min: 0, max: 2 ** 53 - 1 }).map((n) => n / 2 ** 53);
  const ends = fc.constantFrom(0, 2 ** -53, 0.5, 1 - 2 ** -53);
  const u = fc.oneof(uniform, ends);
  fc.assert(
    fc.property(anyDistribution, u, u, (distribution, u, v) => {
      const x = sample(distribution, u);
      const inRange = Number.isFinite(x) && x >= 0 && x <= supremum(distribution);
      return inRange && (u > v || x <= sample(distribution, v));
    }),
    { seed: 1, numRuns: 500 },
  );
  t.pass('500 random distributions and draws');
});

t.test('suprema: for bounds', async (t) => {
  t.equal(supremum({ kind: 'constant', value: 3 }), 3);
  t.equal(supremum({ kind: 'uniform', low: 1, high: 2 }), 2);
  t.equal(supremum({ kind: 'exponential', mean: 1 }), Infinity);
  t.equal(supremum({ kind: 'exponential', mean: 0 }), 0);
  t.equal(supremum({ kind: 'lognormal', median: 1, sigma: 0.1 }), Infinity);
  t.equal(supremum({ kind: 'lognormal', median: 7, sigma: 0 }), 7);
  t.equal(supremum({ kind: 'weibull', scale: 1, shape: 2 }), Infinity);
  t.equal(supremum({ kind: 'weibull', scale: 0, shape: 2 }), 0);
  t.equal(supremum({ kind: 'pareto', minimum: 1, shape: 2 }), Infinity);
  t.equal(supremum({ kind: 'pareto', minimum: 0, shape: 2 }), 0);
  t.equal(supremum({ kind: 'empirical', quantiles: [1, 1, 9] }), 9);
});

t.test('laws by their mean', async (t) => {
  t.ok(Math.abs(mean(lognormalWithMean(12, 0.8)) - 12) < 1e-12);
  t.ok(Math.abs(mean(weibullWithMean(12, 0.7)) - 12) < 1e-12);
  t.ok(Math.abs(mean(paretoWithMean(12, 1.3)) - 12) < 1e-12);
  // Gamma(3) = 2; a tail of shape 1 has no mean.
  t.ok(Math.abs(mean({ kind: 'weibull', scale: 5, shape: 0.5 }) - 10) < 1e-12);
  t.equal(mean({ kind: 'pareto', minimum: 5, shape: 1 }), Infinity);
  t.equal(mean({ kind: 'pareto', minimum: 0, shape: 1 }), 0);
});

t.test('pinned samples, bit by bit, on every engine', async (t) => {
  t.equal(sample({ kind: 'constant', value: 5 }, 0.3), 5);
  t.equal(sample({ kind: 'uniform', low: 20, high: 80 }, 0.3), 38);
  t.equal(sample({ kind: 'exponential', mean: 3 }, 0.3), 1.070024831816197);
  t.equal(sample({ kind: 'lognormal', median: 40, sigma: 0.5 }, 0.3), 30.77427758657036);
  t.equal(sample({ kind: 'weibull', scale: 7, shape: 0.7 }, 0.3), 1.605045953120749);
  t.equal(sample({ kind: 'pareto', minimum: 2, shape: 1.5 }, 0.3), 2.5368685764074304);
  t.equal(sample({ kind: 'empirical', quantiles: [2, 4, 10] }, 0.75), 7);
});
