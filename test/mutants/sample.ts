/** A sample of mutants, each judged, by several workers at a time. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Copy } from '../explore/patched.js';
import { exploreCopy } from './exploration.js';
import { allMutants, drawMutants, type Mutant } from './generate.js';
import { judge, soundKey, type Sound } from './judge.js';
import type { Options } from './options.js';
import { bestFirst, Results, type Result } from './results.js';
import type { Seeds } from './runner.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const directory = join(root, 'results/mutants');
/** What exploration tries, of each scenario. */
export const seedsOf: Readonly<Record<string, number>> = { 'swarm.yaml': 200, 'swarm-ring.yaml': 10 };

export interface Sample {
  readonly mutants: readonly Mutant[];
  /** Of each of them. */
  readonly results: readonly Result[];
}

export async function judgeSample(
  { seed, count, jobs, again, only }: Options, progress: (what: string) => void,
): Promise<Sample> {
  const all = allMutants(join(root, 'core')).filter(({ file }) => file.includes(only));
  const mutants = drawMutants(all, seed, count);
  const results = new Results(join(directory, String(seed), 'results.jsonl'));
  const todo = mutants.filter((mutant) => {
    const known = results.of(mutant);
    return known === undefined || (again && known.found === null && known.test === null);
  });
  if (todo.length > 0) {
    const sound = await soundDigests(progress);
    const left = todo.values();
    let done = 0;
    await Promise.all(Array.from({ length: jobs }, () => withCopy(async (copy) => {
      for (const mutant of left) {
        const fate = await judge(mutant, copy, seedsFor(mutant), sound);
        const { found, test, reached, where } = results.add(mutant, fate);
        const what = found !== null ? `seed ${found.seed}: ${found.by}` : test
          ?? (reached ? 'SURVIVES' : 'UNREACHED');
        done += 1;
        progress(`${done} of ${todo.length}, ${where}: ${what} (${fate.seconds} s)`);
      }
    })));
  }
  return { mutants, results: mutants.map((mutant) => results.of(mutant)!) };
}

/** The ring first for what it is there for. */
function seedsFor({ file }: Mutant): Seeds[] {
  const all = Object.entries(seedsOf).map(([scenario, count]) => {
    return { scenario, seeds: bestFirst(directory, scenario, count) };
  });
  return file.startsWith('overlay/') ? all.reverse() : all;
}

/** @throws Error where the sound code breaks a promise: no mutant could be told from it */
async function soundDigests(progress: (what: string) => void): Promise<Sound> {
  progress('the sound code');
  const all = Object.entries(seedsOf).map(([scenario, count]) => {
    return { scenario, seeds: Array.from({ length: count }, (_, index) => index + 1) };
  });
  const { tried, broke } = await withCopy((copy) => exploreCopy(copy.root, all, true));
  const unsound = tried.find(({ failure }) => failure !== null);
  if (broke !== null || unsound !== undefined) {
    throw new Error(`the sound code: ${broke ?? JSON.stringify(unsound)}`);
  }
  return new Map(tried.map(({ scenario, seed, digest }) => [soundKey(scenario, seed), digest!]));
}

async function withCopy<T>(use: (copy: Copy) => Promise<T>): Promise<T> {
  const copy = new Copy();
  try {
    return await use(copy);
  } finally {
    copy.remove();
  }
}
