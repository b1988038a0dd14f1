/** What is known of mutants already: a line for each, so that a sample can be gone on with. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Mutant } from './generate.js';
import type { Fate } from './judge.js';
import type { Seeds } from './runner.js';

export interface Result extends Fate {
  readonly id: string;
  readonly sourceHash: string;
  readonly where: string;
}

export class Results {
  readonly #file: string;
  readonly #byMutant = new Map<string, Result>();

  constructor(file: string) {
    this.#file = file;
    for (const result of read(file)) this.#byMutant.set(key(result), result);
  }

  /** Of the very same mistake in the very same source. */
  of(mutant: Mutant): Result | undefined {
    return this.#byMutant.get(key(mutant));
  }

  add(mutant: Mutant, fate: Fate): Result {
    const { id, sourceHash, file, line, operator } = mutant;
    const result = { id, sourceHash, where: `${file}:${line} ${operator}`, ...fate };
    mkdirSync(dirname(this.#file), { recursive: true });
    appendFileSync(this.#file, `${JSON.stringify(result)}\n`);
    this.#byMutant.set(key(result), result);
    return result;
  }
}

/** The seeds with those first that found most in all samples of the directory. */
export function bestFirst(directory: string, { scenario, settings, seeds }: Seeds): number[] {
  const finds = new Map<number, number>();
  const samples = existsSync(directory) ? readdirSync(directory) : [];
  for (const { found } of samples.flatMap((name) => read(join(directory, name, 'results.jsonl')))) {
    if (found?.scenario !== scenario || found.settings !== settings) continue;
    finds.set(found.seed, (finds.get(found.seed) ?? 0) + 1);
  }
  return [...seeds].sort((a, b) => (finds.get(b) ?? 0) - (finds.get(a) ?? 0) || a - b);
}

function key({ id, sourceHash }: { id: string; sourceHash: string }): string {
  return `${id} ${sourceHash}`;
}

function read(file: string): Result[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter(Boolean)
    .map((line) => JSON.parse(line) as Result);
}
