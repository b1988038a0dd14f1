/** Which code of core is come to: what the seeds and tests of a mutant are chosen by. */
import { Session, type Profiler } from 'node:inspector';

/** A part of a built file that is counted by itself; parts lie within others. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly isRun: boolean;
}

/** By path under dist/core. */
export type Reached = Readonly<Record<string, readonly Stretch[]>>;

/** Counts what this process does, file by file and block by block. */
export class Coverage {
  readonly #session = new Session();

  constructor() {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Of the time since the last call. */
  take(): Reached {
    let taken: Profiler.ScriptCoverage[] = [];
    // Calls back before it returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      taken = result;
    });
    return reachedOf(taken);
  }
}

export function reachedOf(scripts: readonly Profiler.ScriptCoverage[]): Reached {
  const core = '/dist/core/';
  return Object.fromEntries(scripts
    .filter(({ url }) => url.includes(core))
    .map(({ url, functions }) => [
      url.slice(url.indexOf(core) + core.length),
      functions.flatMap(({ ranges }) => ranges.map(({ startOffset, endOffset, count }) => {
        return { start: startOffset, end: endOffset, isRun: count > 0 };
      })),
    ]));
}

/** What was changed in a built file: from `start` to `end` in what it was before. */
export interface Place {
  /** Under dist/core. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export function placeOf(file: string, before: string, after: string): Place {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let same = 0;
  const most = Math.min(before.length, after.length) - start;
  while (same < most && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { file: file.replace(/\.ts$/, '.js'), start, end: before.length - same };
}

/** Whether anything there was run, by the smallest stretches around both of its ends. */
export function isReached(reached: Reached, { file, start, end }: Place): boolean {
  const stretches = reached[file] ?? [];
  return isRunAt(stretches, start) || isRunAt(stretches, Math.max(start, end - 1));
}

function isRunAt(stretches: readonly Stretch[], place: number): boolean {
  let smallest: Stretch | null = null;
  for (const one of stretches) {
    if (place < one.start || place >= one.end) continue;
    if (smallest === null || one.end - one.start <= smallest.end - smallest.start) smallest = one;
  }
  return smallest?.isRun ?? false;
}
