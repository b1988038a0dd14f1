// Wanted numbers are what R 4.2.2 printed for the command beside them, with survival 3.5-3 and
// boot 1.3-28.1, or were published where that is said.
import t from 'tap';
import { binomialInterval, binomialTest } from '../../../analysis/statistics/binomial.js';
import {
  bcaInterval, expanded, jackknife, resampled,
} from '../../../analysis/statistics/bootstrap.js';
import { pairedDifference, unpairedDifference } from '../../../analysis/statistics/differences.js';
import { holm } from '../../../analysis/statistics/holm.js';
import { incompleteGamma } from '../../../analysis/statistics/incomplete-gamma.js';
import { kaplanMeier, type Duration } from '../../../analysis/statistics/kaplan-meier.js';
import { logRank } from '../../../analysis/statistics/log-rank.js';
import { mser5 } from '../../../analysis/statistics/mser.js';
import { momentsOf } from '../../../analysis/statistics/moments.js';
import {
  isOverdispersed, poissonInterval, ratioOfRates,
} from '../../../analysis/statistics/poisson.js';
import { restrictedMean } from '../../../analysis/statistics/restricted-mean.js';
import { shareMeanInterval } from '../../../analysis/statistics/share-mean.js';
import { skewedMeanInterval, skewedMeanTails } from '../../../analysis/statistics/skewed-mean.js';
import { near } from './near.js';

t.test('the incomplete gamma function: pgamma(x, a)', (t) => {
  const wanted = [
    [0.5, 0.2, 0.472910743134462], [1, 1, 0.632120558828558], [3, 2.5, 0.45618688411667],
    [10, 14, 0.890600630357261], [100, 90, 0.15822098918643], [100, 130, 0.997249591632693],
  ];
  for (const [a, x, p] of wanted) near(t, incompleteGamma(a, x), p, 1e-12);
  t.equal(incompleteGamma(3, 0), 0);
  t.end();
});

t.test('counts of events: poisson.test(k)$conf.int', (t) => {
  const wanted = [
    [1, 0.0253178079842899, 5.5716433909389], [2, 0.242209278543965, 7.22468766772396],
    [5, 1.62348639011842, 11.6683320793227], [20, 12.2165195854039, 30.8883779026746],
    [100, 81.3639912509232, 121.626793792426],
  ];
  for (const [events, lower, upper] of wanted) {
    const interval = poissonInterval(events, 1, 0.95);
    near(t, interval.lower, lower);
    near(t, interval.upper, upper);
  }
  const rate = poissonInterval(7, 2.5, 0.9);
  near(t, rate.lower, 1.31412627675787);
  near(t, rate.upper, 5.25924552097285);
  const none = poissonInterval(0, 30, 0.95);
  t.equal(none.lower, 0);
  near(t, none.upper, 3 / 30, 2e-4);
  t.notOk(isOverdispersed([0, 1, 0, 2, 1, 0, 0, 1, 3, 0]));
  t.ok(isOverdispersed([0, 0, 0, 9, 0, 0, 0, 0, 12, 0]), 'they come in bursts');
  t.end();
});

t.test('two rates: poisson.test(c(k1, k2), c(T1, T2))', (t) => {
  const breast = ratioOfRates([11, 800], [6, 3011], 0.95);
  near(t, breast.p, 0.000120483786845775);
  near(t, breast.lower, 2.33913681667604);
  near(t, breast.upper, 22.7233482766146);
  near(t, breast.ratio!, (11 / 800) / (6 / 3011));
  const even = ratioOfRates([10, 1], [3, 1], 0.95);
  near(t, even.p, 0.09228515625);
  near(t, even.upper, 18.8487235524196);
  const never = ratioOfRates([5, 1], [0, 1], 0.95);
  t.match(never, { ratio: null, upper: Infinity });
  near(t, never.p, 0.0625);
  near(t, ratioOfRates([7, 2], [7, 3], 0.95).p, 0.58680478941184);
  t.end();
});

t.test('shares of trials: binom.test(k, n)', (t) => {
  const wanted = [
    [0, 10, 0, 0.308497107818761], [1, 10, 0.00252857854446179, 0.445016117028195],
    [29, 30, 0.827830544366587, 0.99915642907337], [30, 30, 0.884296691777972, 1],
    [120, 1000, 0.100500923748168, 0.141766863792825],
  ];
  for (const [hits, trials, lower, upper] of wanted) {
    const interval = binomialInterval(hits, trials, 0.95);
    near(t, interval.lower, lower);
    near(t, interval.upper, upper);
  }
  near(t, binomialTest(3, 10, 0.5), 0.34375);
  near(t, binomialTest(8, 20, 0.3), 0.33481500708557);
  t.equal(binomialTest(0, 0, 0.5), 1);
  t.end();
});

t.test('many comparisons: p.adjust(p, "holm")', (t) => {
  const adjusted = holm([0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.5]);
  const wanted = [0.06, 0.1, 0.12, 0.12, 0.12, 0.007, 0.5];
  adjusted.forEach((value, index) => near(t, value, wanted[index]));
  t.same(holm([]), []);
  t.end();
});

// Student, "The probable error of a mean" (1908); R's data set `sleep`.
const drug1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const drug2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

t.test('unpaired: t.test(extra ~ group, sleep)', (t) => {
  const { difference, interval, p } = unpairedDifference(drug1, drug2, 0.95);
  near(t, difference, 1.58);
  near(t, p!, 0.0793941401873582);
  near(t, interval!.lower, -0.20548323071171);
  near(t, interval!.upper, 3.36548323071171);
  t.match(unpairedDifference([1, 1], [2, 2], 0.95), { difference: 1, interval: null, p: null });
  t.match(unpairedDifference([1], [2], 0.95), { difference: 1, interval: null, p: null });
  t.end();
});

t.test('means of values without skewness: t.test(x)', (t) => {
  // t.test(c(1, 3, 5, 7, 9))$conf.int: mean 5, variance 10, t with 4 degrees.
  const even = momentsOf([1, 3, 5, 7, 9]);
  const { lower, upper } = skewedMeanInterval(even, 0.95);
  near(t, lower, 1.07351367704);
  near(t, upper, 8.92648632296);
  near(t, skewedMeanTails(even, lower), 0.05, 1e-6);
  t.end();
});

t.test('means of skewed values: Hall (1992), equation 2, and its test says the same', (t) => {
  const values = [0.1, 0.2, 0.2, 0.4, 0.5, 0.9, 1.1, 1.8, 2.5, 7.3];
  const moments = momentsOf(values);
  // n = 10; x <- values; g <- mean((x-mean(x))^3)/mean((x-mean(x))^2)^1.5; a <- g/(3*sqrt(n))
  // f <- function(m) {t <- (mean(x)-m)*sqrt(n)/sd(x); t+a*t^2+a^2*t^3/3+a/2}
  // uniroot(function(m) f(m)-qt(.975,9), c(-5,12), tol=1e-13)$root, and with qt(.025,9)
  const { lower, upper } = skewedMeanInterval(moments, 0.95);
  near(t, lower, 0.428436977342, 1e-9);
  near(t, upper, 7.1992672628, 1e-9);
  near(t, skewedMeanTails(moments, lower), 0.05, 1e-9);
  near(t, skewedMeanTails(moments, upper), 0.05, 1e-9);
  t.end();
});

t.test('pairs: what both have in common falls out', (t) => {
  const pairs = drug1.map((first, index) => [first, drug2[index]] as const);
  const { difference, interval, p } = pairedDifference(pairs, 0.95);
  near(t, difference, 1.58);
  // Without skewness it would be 0.7001 to 2.4599, p 0.00283: t.test(paired = TRUE).
  t.ok(interval!.lower > 0.7 && interval!.upper > 2.46, 'the long tail is on the right');
  t.ok(p! < 0.00284);
  const same = pairedDifference([[1, 2], [3, 4], [0.1, 1.1]], 0.95);
  t.match(same, { count: 3, interval: null, p: null });
  t.match(pairedDifference([[4, 6]], 0.95), { count: 1, difference: 2, interval: null, p: null });
  t.end();
});

t.test('shares stay within 0 and 1', (t) => {
  const { lower, upper } = shareMeanInterval(momentsOf([0.9, 0.99, 1]), 0.95);
  t.ok(lower > 0 && lower < 0.9 && upper > 0.99 && upper < 1, `${lower} to ${upper}`);
  // m <- 0.5; s <- sd(c(.4,.5,.6))/sqrt(3); plogis(qlogis(m)+c(-1,1)*qt(.975,2)*s/(m*(1-m)))
  const even = shareMeanInterval(momentsOf([0.4, 0.5, 0.6]), 0.95);
  near(t, even.lower, 0.270190734794);
  near(t, even.upper, 0.729809265206);
  t.end();
});

t.test('the bootstrap: boot.ci(type = "bca") over all 5^5 samples', (t) => {
  const x = [12, 31, 4, 79, 22];
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const replicates = Array.from({ length: 3125 }, (_, index) =>
    sum(x.map((__, place) => x[Math.floor(index / 5 ** place) % 5])));
  // Influence of values on their sum is their distance from the mean, up to a factor.
  const influence = x.map((value) => value - sum(x) / 5);
  const { lower, upper } = bcaInterval(sum(x), replicates, influence, 0.95);
  t.same([lower, upper].map(Math.round), [63, 299]);
  const narrow = bcaInterval(sum(x), replicates, influence, 0.8);
  t.same([narrow.lower, narrow.upper].map(Math.round), [81, 242]);
  t.end();
});

t.test('the bootstrap: a variance, as Efron and Tibshirani (1993), table 14.2, publish it', (t) => {
  const spatial = [
    48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26,
    30, 41,
  ];
  const variance = (values: readonly number[]): number => {
    const { deviation, count } = momentsOf(values);
    return (deviation * deviation * (count - 1)) / count;
  };
  const estimate = variance(spatial);
  near(t, estimate, 171.534, 1e-5);
  const replicates = resampled(spatial, variance, 4000);
  const interval = bcaInterval(estimate, replicates, jackknife(spatial, variance), 0.9);
  // By 2000 samples 115.8 to 259.6; R's boot.ci, by 20,000 samples, 116.4 to 264.6.
  t.ok(Math.abs(interval.lower - 116.1) < 3, `${interval.lower}`);
  t.ok(Math.abs(interval.upper - 262.1) < 6, `${interval.upper}`);
  t.same(resampled(spatial, variance, 3), replicates.slice(0, 3), 'the same every time');
  t.ok(expanded(0.95, 10) > 0.98 && expanded(0.95, 1000) < 0.951);
  t.end();
});

/** `6+` is censored. */
function durations(text: string): Duration[] {
  return text.split(' ').map((word) => ({ time: parseFloat(word), censored: word.endsWith('+') }));
}

// Miller, "Survival Analysis" (1981): acute myelogenous leukemia; R's data set `aml`.
const maintained = durations('9 13 13+ 18 23 28+ 31 34 45+ 48 161+');
const others = durations('5 5 8 8 12 16+ 23 27 30 33 43 45');

t.test('Kaplan-Meier: survfit(Surv(time, status) ~ x, aml, conf.type = "log-log")', (t) => {
  const wanted = [
    [9, 11, 0.90909090909, 0.086678417204, 0.50808020577, 0.98667382267],
    [13, 10, 0.81818181818, 0.1162912998, 0.447428614682, 0.95116222858],
    [18, 8, 0.71590909091, 0.139664970557, 0.350190385908, 0.89902397419],
    [48, 2, 0.18409090909, 0.153492745786, 0.011738480123, 0.52501484273],
  ];
  const steps = kaplanMeier(maintained, 0.95);
  for (const [time, atRisk, survival, error, lower, upper] of wanted) {
    const step = steps.find((one) => one.time === time)!;
    t.equal(step.atRisk, atRisk);
    near(t, step.survival, survival);
    near(t, step.error, error);
    near(t, step.lower, lower);
    near(t, step.upper, upper);
  }
  t.end();
});

t.test('restricted means: summary(survfit(...), rmean = 45)$table', (t) => {
  const first = restrictedMean(kaplanMeier(maintained, 0.95), 45);
  near(t, first.mean, 30.7386363636);
  near(t, first.error, 4.11408624001);
  const second = restrictedMean(kaplanMeier(others, 0.95), 45);
  near(t, second.mean, 22.7083333333);
  near(t, second.error, 4.18094198103);
  t.match(restrictedMean([], 7), { mean: 7, error: 0 }, 'nothing ended');
  t.end();
});

t.test('log-rank: survdiff(Surv(time, status) ~ x)', (t) => {
  const aml = logRank(maintained, others)!;
  t.equal(aml.observed, 7);
  near(t, aml.expected, 10.689335992);
  near(t, aml.chiSquare, 3.3963886989776);
  near(t, aml.p, 0.0653393220405051);
  // Remissions of Freireich et al. (1963), for which 16.79 was published.
  const treated = durations(
    '6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+');
  const placebo = durations('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23');
  const remission = logRank(treated, placebo)!;
  near(t, remission.expected, 19.2505009480311);
  near(t, remission.chiSquare, 16.7929409892165);
  near(t, remission.p, 4.16880910933453e-5, 1e-12);
  near(t, restrictedMean(kaplanMeier(treated, 0.95), 20).mean, 16.11652661064);
  near(t, restrictedMean(kaplanMeier(placebo, 0.95), 20).error, 1.26808268250);
  t.equal(logRank([], treated), null);
  t.equal(logRank(durations('5+'), durations('6+')), null);
  t.end();
});

t.test('warm-up: MSER of White (1997) on batches of five, its formula written out in R', (t) => {
  const settling = Array.from({ length: 100 }, (_, i) => 10 * Math.exp(-i / 8) + Math.sin(i * 1.7));
  t.same(mser5(settling), { leftOut: 35, atEnd: false });
  const sawtooth = Array.from({ length: 62 }, (_, i) => (i % 7) + (i < 12 ? 6 - i / 2 : 0));
  t.same(mser5(sawtooth), { leftOut: 15, atEnd: false });
  t.same(mser5(Array.from({ length: 60 }, (_, i) => 1 + (i % 5))), { leftOut: 0, atEnd: false });
  const late = Array.from({ length: 100 }, (_, i) => (i < 55 ? 10 : 0));
  t.same(mser5(late), { leftOut: 50, atEnd: true }, 'no more than half');
  t.equal(mser5(late.slice(0, 49)), null);
  t.end();
});
