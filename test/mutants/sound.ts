/** The sound code: what its runs come to, and which code each seed and each test reaches. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Copy } from '../explore/patched.js';
import type { Reached } from './coverage.js';
import { reachedByTest, testsOf } from './core-tests.js';
import { exploreCopy } from './exploration.js';
import type { Seeds, Tried } from './runner.js';

export interface Sound {
  readonly tried: readonly Tried[];
  /** By test of core. */
  readonly tests: Readonly<Record<string, Reached>>;
}

/**
 * As it was found for this very program the last time, if it was. `copy` has core in it as it is.
 * @throws Error where a promise is broken or a test fails: no mutant could be told from that
 */
export async function surveySound(
  copy: Copy, all: readonly Seeds[], directory: string, progress: (what: string) => void,
): Promise<Sound> {
  const file = join(directory, `sound-${hashOf(join(copy.root, 'dist'))}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Sound;
  progress('the sound code');
  const { tried, broke } = await exploreCopy(copy.root, { all, isSurvey: true });
  const unsound = tried.find(({ failure }) => failure !== null);
  if (broke !== null || unsound !== undefined) {
    const { scenario, seed, failure } = unsound ?? tried.at(-1)!;
    throw new Error(`the sound code: ${broke ?? JSON.stringify({ scenario, seed, failure })}`);
  }
  const tests: Record<string, Reached> = {};
  for (const test of testsOf(copy.root)) tests[test] = await reachedByTest(copy.root, test);
  const sound: Sound = { tried, tests };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(sound));
  return sound;
}

function hashOf(directory: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => one.endsWith('.js')).sort()) {
    hash.update(name).update(readFileSync(join(directory, name)));
  }
  return hash.digest('hex').slice(0, 12);
}
