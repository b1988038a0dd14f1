/** What becomes of one mutant: exploration has its try, and where that finds nothing, the tests. */
import { coreSource, type Copy } from '../explore/patched.js';
import { failingTest } from './core-tests.js';
import { exploreCopy } from './exploration.js';
import { mutated, type Mutant } from './generate.js';
import type { Seeds, Tried } from './runner.js';

export interface Fate {
  /** What exploration found; null: nothing. */
  readonly found: {
    readonly scenario: string;
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

/** Digests of the sound code by scenario and seed. */
export type Sound = ReadonlyMap<string, string>;

export const soundKey = (scenario: string, seed: number): string => `${scenario} ${seed}`;

export async function judge(
  mutant: Mutant, copy: Copy, all: readonly Seeds[], sound: Sound,
): Promise<Fate> {
  const { file, edit } = mutant;
  const begun = Date.now();
  const source = coreSource(file);
  copy.replace(file, mutated(source, edit));
  try {
    const { tried, broke } = await exploreCopy(copy.root, all, false);
    const found = findOf(tried, broke, all);
    const reached = found !== null || tried.some(({ scenario, seed, digest }) => {
      return digest !== sound.get(soundKey(scenario, seed));
    });
    const test = found === null ? await failingTest(copy.root, file) : null;
    return { found, reached, test, seconds: Math.round((Date.now() - begun) / 1000) };
  } finally {
    copy.replace(file, source);
  }
}

function findOf(
  tried: readonly Tried[], broke: string | null, all: readonly Seeds[],
): Fate['found'] {
  const last = tried.at(-1);
  if (last !== undefined && last.failure !== null) {
    const { scenario, seed, failure: { invariant } } = last;
    return { scenario, seed, by: invariant };
  }
  if (broke === null) return null;
  const order = all.flatMap(({ scenario, seeds }) => seeds.map((seed) => ({ scenario, seed })));
  return { ...order[Math.min(tried.length, order.length - 1)], by: broke };
}
