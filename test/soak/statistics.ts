/**
 * Whether intervals hold as often as they say, and comparisons find what is there and no more, on
 * laws that are known. `--docs` puts the table of coverage into docs/measuring.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { compare, type Side } from '../../analysis/compare/index.js';
import { effectOf } from '../../analysis/compare/effect.js';
import { estimateOf, type ValueKind } from '../../analysis/statistics/estimate.js';
import type { Interval } from '../../analysis/statistics/interval.js';
import { kaplanMeier } from '../../analysis/statistics/kaplan-meier.js';
import { normalQuantile } from '../../analysis/statistics/normal.js';
import { count } from '../../analysis/words.js';
import { draw, streamKey, type StreamKey } from '../../experiment/random/streams.js';
import type { Check, Finding } from './check.js';

const page = 'docs/measuring.md';
const mark = /(<!-- coverage -->\n)[^]*?(<!-- end of coverage -->)/;
const CONFIDENCE = 0.95;
const SIZES = [3, 5, 10, 30];

/** A uniform draw above 0 for the value of an experiment. */
type Uniform = (experiment: number, place: number) => number;

/** What an experiment says of the truth; null: it refuses. */
interface Statement {
  readonly holds: boolean;
  readonly warned: boolean;
}

interface Law {
  readonly name: string;
  /** At least 94%; else 93% to 97% where nothing is warned of. */
  readonly exact: boolean;
  state(uniform: Uniform, experiment: number, size: number): Statement | null;
}

const exponential = (u: number): number => -Math.log(u);
const lognormal = (u: number, sigma: number): number => Math.exp(sigma * normalQuantile(u));

function mean(
  name: string, kind: ValueKind, truth: number, of: (u: number) => number, exact = false,
): Law {
  return {
    name, exact,
    state: (uniform, experiment, size) => {
      const values = Array.from({ length: size }, (_, place) => of(uniform(experiment, place)));
      const { interval, warning } = estimateOf(values, kind, CONFIDENCE)!;
      // The same in all runs: nothing is said of how far the mean may be off.
      if (interval === null) return null;
      return { holds: within(interval, truth), warned: warning !== null };
    },
  };
}

function within({ lower, upper }: Interval, truth: number): boolean {
  // The rule of three meets its truth just so at 30 runs of 0.1 events each.
  return lower <= truth && truth <= upper * (1 + 2e-3);
}

/** How many events there are in a run, by one uniform draw. */
function poisson(u: number, rate: number): number {
  let [count, term] = [0, Math.exp(-rate)];
  for (let sum = term; sum < u && count < 100; sum += term) {
    count += 1;
    term *= rate / count;
  }
  return count;
}

const laws: readonly Law[] = [
  mean('never an event', 'count', 0, () => 0, true),
  mean('counts of mean 0.1', 'count', 0.1, (u) => poisson(u, 0.1), true),
  mean('counts of mean 2', 'count', 2, (u) => poisson(u, 2), true),
  mean('so in one run of twenty', 'flag', 0.05, (u) => (u < 0.05 ? 1 : 0), true),
  mean('normal', 'size', 10, (u) => 10 + normalQuantile(u)),
  mean('lognormal, sigma 0.5', 'size', Math.exp(0.125), (u) => lognormal(u, 0.5)),
  mean('lognormal, sigma 1', 'size', Math.exp(0.5), (u) => lognormal(u, 1)),
  mean('exponential', 'size', 1, exponential),
  mean('shares near 1, lognormal', 'share', 1 - 0.01 * Math.exp(0.08), (u) =>
    1 - 0.01 * lognormal(u, 0.4)),
  mean('shares near 1, exponential', 'share', 0.99, (u) => 1 - 0.01 * exponential(u)),
  mean('shares, half of them 1', 'share', 0.995, (u) =>
    (u < 0.5 ? 1 : 1 - 0.01 * exponential(2 * (u - 0.5) + 1e-12))),
  {
    // For each recovery that is seen, one and a half are cut off.
    name: 'Kaplan-Meier at the median, 60% censored', exact: false,
    state: (uniform, experiment, size) => {
      const at = Math.LN2;
      const durations = Array.from({ length: size }, (_, place) => {
        const over = exponential(uniform(experiment, 2 * place));
        const end = exponential(uniform(experiment, 2 * place + 1)) / 1.5;
        return { time: Math.min(over, end), censored: end < over };
      });
      const left = durations.filter(({ time }) => time >= at).length;
      const step = kaplanMeier(durations, CONFIDENCE).filter(({ time }) => time <= at).at(-1);
      if (step === undefined) return null;
      return { holds: within(step, 0.5), warned: left < LEAST_AT_RISK };
    },
  },
  {
    name: 'ratio of means of pairs (BCa from 30)', exact: false,
    state: (uniform, experiment, size) => {
      if (experiment >= MOST_BOOTSTRAPS) return null;
      const pairs = Array.from({ length: size }, (_, place) => {
        const both = lognormal(uniform(experiment, 3 * place), 0.3);
        const own = (which: number): number =>
          both * lognormal(uniform(experiment, 3 * place + which), 0.2);
        return [own(1), 2 * own(2)] as const;
      });
      const { ratioInterval, first } = effectOf({ paired: true, pairs }, 'size')!;
      return { holds: within(ratioInterval!, 2), warned: first.warning !== null };
    },
  },
];

/** Fewer at risk tell little of the share that is open. */
const LEAST_AT_RISK = 5;
/** Each is a thousand samples. */
const MOST_BOOTSTRAPS = 2_000;

interface Coverage {
  readonly law: Law;
  readonly size: number;
  readonly told: number;
  /** Of what was told. */
  readonly holding: number;
  readonly granted: number;
  readonly holdingGranted: number;
}

function coverageOf(law: Law, size: number, experiments: number): Coverage {
  const key = streamKey(size, law.name);
  let [told, holding, granted, holdingGranted] = [0, 0, 0, 0];
  for (let experiment = 0; experiment < experiments; experiment += 1) {
    const statement = law.state(uniformOf(key), experiment, size);
    if (statement === null) continue;
    told += 1;
    if (statement.holds) holding += 1;
    if (statement.warned) continue;
    granted += 1;
    if (statement.holds) holdingGranted += 1;
  }
  return { law, size, told, holding, granted, holdingGranted };
}

function uniformOf(key: StreamKey): Uniform {
  return (experiment, place) => draw(key, experiment, place) + 2 ** -54;
}

/** Two standard errors of a share near 95%. */
const slack = (count: number): number => 2 * Math.sqrt((0.05 * 0.95) / Math.max(1, count));

/** Where most are warned of, those that are wrong and are not must be few. */
function judged({ law, told, holding, granted, holdingGranted }: Coverage, long: boolean): boolean {
  const give = (count: number): number => (long ? 0 : slack(count));
  if (law.exact) return holding / told >= 0.94 - give(told);
  if (granted < told / 2) return (granted - holdingGranted) / told <= 0.05 + give(told);
  const share = holdingGranted / granted;
  return share >= 0.93 - give(granted) && share <= 0.97 + give(granted);
}

export const statistics: Check = async (scale, progress, words = []) => {
  const long = scale === 'long';
  const experiments = long ? 10_000 : 150;
  const rows = laws.flatMap((law) => SIZES.map((size) => {
    progress(`${law.name}, ${size} values`);
    return coverageOf(law, size, experiments);
  }));
  const comparisons = long ? 1000 : 100;
  const compared = [falseDifferences(comparisons), foundDifferences(comparisons)];
  if (words.includes('--docs')) writeTable(rows, experiments, compared);
  return [
    ...rows.map((row): Finding => ({
      what: `${row.law.name}, ${row.size} values: the truth is in the 95% interval`,
      measured: coverageText(row).join(', '),
      wanted: row.law.exact ? 'at least 94%' :
        '93% to 97% where nothing is warned of, or at most 5% wrong without a warning',
      ok: judged(row, long),
    })),
    ...compared,
  ];
};

function coverageText({ told, holding, granted, holdingGranted }: Coverage): string[] {
  const share = (part: number, whole: number): string =>
    whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)}%`;
  return [
    share(holding, told), `${share(granted, told)} without a warning`,
    `${share(holdingGranted, granted)} of these`,
    `${share(granted - holdingGranted, told)} wrong and not warned of`,
  ];
}

const measure = 'detection.seconds.mean';

function sideOf(name: string, count: number, from: number, of: (seed: number) => number): Side {
  const runs = Array.from({ length: count }, (_, index) =>
    ({ cell: '', seed: from + index, directory: '', scalars: { [measure]: of(from + index) } }));
  return { name, runs, crashed: 0, measures: undefined };
}

/** Of 1,000 comparisons 5% by chance, and two standard errors. */
function falseDifferences(comparisons: number): Finding {
  const key = streamKey(1, 'a variant that changes nothing but draws');
  let different = 0;
  for (let index = 0; index < comparisons; index += 1) {
    const value = (seed: number): number => lognormal(draw(key, index, seed) + 2 ** -54, 0.5);
    const { compared } = compare(
      sideOf('A', 20, 0, value), sideOf('B', 20, 1000, value), [measure])!;
    if (compared[0].outcome !== 'unseen') different += 1;
  }
  const share = different / comparisons;
  return {
    what: 'the same law twice, seeds apart, 20 runs each', measured: percent(share),
    wanted: 'at most 6.5% called different', ok: share <= 0.065 + (comparisons < 1000 ? 0.03 : 0),
  };
}

function foundDifferences(comparisons: number): Finding {
  const key = streamKey(1, 'half a standard deviation');
  let found = 0;
  for (let index = 0; index < comparisons; index += 1) {
    const normal = (seed: number, side: number): number =>
      normalQuantile(draw(key, index, seed, side) + 2 ** -54);
    // Of the differences, the standard deviation is 1 and the mean half of it.
    const common = (seed: number): number => 100 + 3 * normal(seed, 0);
    const { compared } = compare(
      sideOf('A', 50, 0, common),
      sideOf('B', 50, 0, (seed) => common(seed) + 0.5 + normal(seed, 1)), [measure])!;
    if (compared[0].outcome === 'more') found += 1;
  }
  const share = found / comparisons;
  return {
    what: 'half a standard deviation, 50 pairs', measured: percent(share),
    wanted: 'found in at least 90%', ok: share >= 0.9 - (comparisons < 1000 ? 0.05 : 0),
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function writeTable(
  rows: readonly Coverage[], experiments: number, compared: readonly Finding[],
): void {
  const lines = rows.map((row) => `| ${row.law.name} | ${row.size} | ${coverageText(row)
    .map((text) => /^[\d.]+%|^–/.exec(text)?.[0] ?? '').join(' | ')} |`);
  const text = [
    `${count(experiments)} experiments each, ${count(MOST_BOOTSTRAPS)} of ratios.`, '',
    '| law | values | holds | told without a warning | holds there | wrong, not warned of |',
    '|---|---|---|---|---|---|', ...lines, '',
    'Comparisons, 1,000 of each:', '',
    '| of | called different | wanted |', '|---|---|---|',
    ...compared.map(({ what, measured, wanted }) => `| ${what} | ${measured} | ${wanted} |`), '',
  ].join('\n');
  const before = readFileSync(page, 'utf8');
  writeFileSync(page, before.replace(mark, (_whole, begin: string, end: string) =>
    `${begin}${text}${end}`));
}
