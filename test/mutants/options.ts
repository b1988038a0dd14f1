import { parseArgs } from 'node:util';

export interface Options {
  /** Which mutants are drawn, and how many. */
  readonly seed: number;
  readonly count: number;
  readonly jobs: number;
  /** Survivors that are known are tried once more: against judges and tests as they are now. */
  readonly again: boolean;
  /** Only those whose file holds this text. */
  readonly only: string;
}

/** @throws TypeError for what it does not know */
export function parseOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '120' },
      jobs: { type: 'string', default: '2' },
      again: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  const { seed, count, jobs, again, only } = values;
  return { seed: Number(seed), count: Number(count), jobs: Number(jobs), again, only };
}
