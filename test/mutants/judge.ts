/** What becomes of one mutant: exploration has its try, and where that finds nothing, the tests. */
import { built, coreSource, type Copy } from '../explore/patched.js';
import { failingTest } from './core-tests.js';
import { isReached, placeOf, type Place } from './coverage.js';
import { exploreCopy } from './exploration.js';
import { mutated, type Mutant } from './generate.js';
import { loading, type Hunt, type Seeds, type Tried } from './runner.js';
import type { Sound } from './sound.js';

export interface Fate {
  /** What exploration found; null: nothing. */
  readonly found: Hunt & {
    readonly seed: number;
    /** The broken invariant, or how the process ended. */
    readonly by: string;
  } | null;
  /** False: every run was as with the sound code, to the last observation. */
  readonly reached: boolean;
  /** The test that failed, where exploration found nothing; null: none. */
  readonly test: string | null;
  readonly seconds: number;
}

/** @param all in the order in which they are tried */
export async function judge(
  mutant: Mutant, copy: Copy, all: readonly Seeds[], sound: Sound,
): Promise<Fate> {
  const { file, edit } = mutant;
  const begun = Date.now();
  const source = coreSource(file);
  const wrong = mutated(source, edit);
  const place = placeOf(file, built(source), built(wrong));
  copy.replace(file, wrong);
  try {
    const chosen = seedsReaching(all, place, sound);
    const { tried, broke } = chosen.length === 0
      ? { tried: [], broke: null } : await exploreCopy(copy.root, { all: chosen, isSurvey: false });
    const found = findOf(tried, broke, chosen);
    const reached = found !== null || tried.some((one) => one.digest !== soundDigest(sound, one));
    const tests = Object.keys(sound.tests).filter((test) => isReached(sound.tests[test], place));
    const test = found === null ? await failingTest(copy.root, tests, file) : null;
    return { found, reached, test, seconds: Math.round((Date.now() - begun) / 1000) };
  } finally {
    copy.replace(file, source);
  }
}

/** Those that come to the place: with all others the mutant does just what the sound code does. */
function seedsReaching(all: readonly Seeds[], place: Place, { tried }: Sound): Seeds[] {
  return all.map(({ seeds, ...hunt }) => {
    const reaching = new Set(tried
      .filter((one) => isSame(one, hunt) && isReached(one.reached!, place))
      .map(({ seed }) => seed));
    const isLoaded = reaching.has(loading);
    return { ...hunt, seeds: seeds.filter((seed) => isLoaded || reaching.has(seed)) };
  }).filter(({ seeds }) => seeds.length > 0);
}

function soundDigest({ tried }: Sound, of: Tried): string | null {
  const sound = tried.find((one) => isSame(one, of) && one.seed === of.seed);
  return sound?.digest ?? null;
}

function isSame(a: Hunt, b: Hunt): boolean {
  return a.scenario === b.scenario && a.settings === b.settings;
}

function findOf(
  tried: readonly Tried[], broke: string | null, all: readonly Seeds[],
): Fate['found'] {
  const last = tried.at(-1);
  if (last !== undefined && last.failure !== null) {
    const { scenario, settings, seed, failure: { invariant } } = last;
    return { scenario, settings, seed, by: invariant };
  }
  if (broke === null) return null;
  const order = all.flatMap(({ seeds, ...hunt }) => seeds.map((seed) => ({ ...hunt, seed })));
  return { ...order[Math.min(tried.length, order.length - 1)], by: broke };
}
