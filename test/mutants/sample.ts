/** A sample of mutants, each judged, by several workers at a time. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Copy, coreSource } from '../explore/patched.js';
import { allMutants, drawMutants, type Mutant } from './generate.js';
import { judge } from './judge.js';
import type { Options } from './options.js';
import { bestFirst, Results, type Result } from './results.js';
import type { Hunt, Seeds } from './runner.js';
import { surveySound, type Sound } from './sound.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const directory = join(root, 'results/mutants');
/** What is tried, and how many seeds of it. */
const hunts: readonly (Hunt & { readonly count: number })[] = [
  { scenario: 'swarm.yaml', settings: 'given', count: 100 },
  { scenario: 'swarm.yaml', settings: 'drawn', count: 100 },
  { scenario: 'swarm-ring.yaml', settings: 'given', count: 10 },
];

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
  let sound: Promise<Sound> | null = null;
  let done = 0;
  const left = todo.values();
  await Promise.all(Array.from({ length: Math.min(jobs, todo.length) }, () => withCopy(
    async (copy) => {
      const survey = await (sound ??= surveySound(copy, soundSeeds(), directory, progress));
      for (const mutant of left) {
        const result = results.add(mutant, await judge(mutant, copy, seedsFor(mutant), survey));
        done += 1;
        progress(`${done} of ${todo.length}, ${inWords(result)}`);
      }
    },
  )));
  return { mutants, results: mutants.map((mutant) => results.of(mutant)!) };
}

function inWords({ where, found, test, reached, seconds }: Result): string {
  const fate = found !== null ? `seed ${found.seed}, settings ${found.settings}: ${found.by}` : test
    ?? (reached ? 'SURVIVES' : 'UNREACHED');
  return `${where}: ${fate} (${seconds} s)`;
}

function soundSeeds(): Seeds[] {
  return hunts.map(({ count, ...hunt }) => {
    return { ...hunt, seeds: Array.from({ length: count }, (_, index) => index + 1) };
  });
}

/** Those that found most first, and the ring first for what it is there for. */
function seedsFor({ file }: Mutant): Seeds[] {
  const all = soundSeeds().map((one) => ({ ...one, seeds: bestFirst(directory, one) }));
  return file.startsWith('overlay/') ? all.reverse() : all;
}

/** With core built in it as mutants are, so that places in files are the same. */
async function withCopy(use: (copy: Copy) => Promise<void>): Promise<void> {
  const copy = new Copy();
  try {
    const files = new Set(allMutants(join(root, 'core')).map(({ file }) => file));
    for (const file of files) copy.replace(file, coreSource(file));
    await use(copy);
  } finally {
    copy.remove();
  }
}
