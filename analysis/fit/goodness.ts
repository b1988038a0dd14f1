/** Whether durations could come from a law at all. */
import { draw, streamKey, type StreamKey } from '../../experiment/random/streams.js';
import { sample as sampleFrom, type Distribution } from '../../experiment/random/distributions.js';
import { kaplanMeier, type Duration, type SurvivalStep } from '../statistics/kaplan-meier.js';
import { fitLaw, type FittedLaw } from './laws.js';
import { sampleOf, sortedSample, type Sample } from './sample.js';

/** Of more durations, so many are drawn for the test: it is repeated some hundred times. */
export const MOST_TESTED = 5_000;

export interface Goodness {
  /** Greatest difference between the law and the Kaplan-Meier estimate (Kolmogorov-Smirnov). */
  readonly distance: number;
  /** How often a sample of the law itself, fitted anew, is as far or farther from its fit. */
  readonly p: number;
  readonly tested: number;
  readonly rounds: number;
}

/** Greatest distance between a law and the shares that ended, as far as ends were seen. */
export function distanceOf({ times, logs, censored }: Sample, law: FittedLaw): number {
  const { length } = times;
  let [open, greatest] = [1, 0];
  for (let index = 0; index < length; ) {
    const time = times[index];
    const atRisk = length - index;
    const expected = law.survival(time, logs[index]);
    let ended = 0;
    for (; index < length && times[index] === time; index += 1) ended += 1 - censored[index];
    if (ended === 0) continue;
    const after = open * (1 - ended / atRisk);
    greatest = Math.max(greatest, Math.abs(open - expected), Math.abs(after - expected));
    open = after;
  }
  return greatest;
}

/**
 * By parametric bootstrap, as the law was fitted to the very sample: Stute, Gonzalez Manteiga and
 * Presedo Quindimil, "Bootstrap based goodness-of-fit-tests", Metrika 40 (1993). Lives are cut
 * short as in the sample: by draws from the Kaplan-Meier estimate of the times of censoring.
 */
export function testFit(
  durations: readonly Duration[],
  law: FittedLaw['name'],
  rounds: number,
  seed: number,
): Goodness | null {
  const tested = someOf(durations, MOST_TESTED, streamKey(seed, 'fit/tested'));
  const own = sampleOf(tested);
  const fitted = fitLaw(law, own);
  if (fitted === null) return null;
  const distance = distanceOf(own, fitted);
  const cut = censoringOf(tested);
  const key = streamKey(seed, `fit/${law}`);
  let farther = 0;
  for (let round = 0; round < rounds; round += 1) {
    const drawn = drawSample(fitted.distribution, tested.length, cut, key, round);
    const again = fitLaw(law, drawn);
    // A sample that cannot be fitted at all is no closer than ours.
    if (again === null || distanceOf(drawn, again) >= distance) farther += 1;
  }
  return { distance, p: (farther + 1) / (rounds + 1), tested: tested.length, rounds };
}

/** All, or so many of them, each as likely as any other. */
function someOf(all: readonly Duration[], most: number, key: StreamKey): readonly Duration[] {
  if (all.length <= most) return all;
  const left = [...all];
  for (let place = 0; place < most; place += 1) {
    const other = place + Math.floor(draw(key, place) * (left.length - place));
    [left[place], left[other]] = [left[other], left[place]];
  }
  return left.slice(0, most);
}

/** When durations are censored; none: never. */
function censoringOf(durations: readonly Duration[]): readonly SurvivalStep[] {
  const turned = durations.map(({ time, censored }) => ({ time, censored: !censored }));
  return durations.some(({ censored }) => censored) ? kaplanMeier(turned, 0.95) : [];
}

function drawSample(
  distribution: Distribution,
  count: number,
  cut: readonly SurvivalStep[],
  key: StreamKey,
  round: number,
): Sample {
  const ended = new Float64Array(count);
  const open = new Float64Array(count);
  let [ends, opens] = [0, 0];
  for (let i = 0; i < count; i += 1) {
    // What a law gives as 0 has no logarithm; a trace is no finer than this.
    const time = Math.max(sampleFrom(distribution, draw(key, round, i)), 1e-6);
    const limit = cut.length === 0 ? Infinity : cutAt(cut, draw(key, round, i, 1));
    if (limit < time) open[opens++] = limit;
    else ended[ends++] = time;
  }
  return sortedSample(ended.subarray(0, ends).sort(), open.subarray(0, opens).sort());
}

/** The first time by which a share u has been censored; Infinity: it never is. */
function cutAt(cut: readonly SurvivalStep[], u: number): number {
  let [low, high] = [0, cut.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (1 - cut[middle].survival > u) high = middle;
    else low = middle + 1;
  }
  return low < cut.length ? cut[low].time : Infinity;
}
