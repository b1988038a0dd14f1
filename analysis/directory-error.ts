/** What goes wrong with directories of runs and sweeps. */
import { refusalOf } from '../experiment/refusal.js';

/** The environment failed (disk full, no permission), or a directory is not what it should be. */
export class RunDirectoryError extends Error {
  override readonly name = 'RunDirectoryError';
  readonly path: string;
  /**
   * As Node names it (`ENOSPC`); or `NOT_A_RUN` where something else is there, `DAMAGED` where it
   * is not as the run left it, `LOCKED` where another process is at work in it.
   */
  readonly code: string;

  constructor(message: string, path: string, code: string, cause?: unknown) {
    super(message, { cause });
    this.path = path;
    this.code = code;
  }

  /** What was named is wrong; else the environment failed. */
  get isInput(): boolean {
    return this.code === 'NOT_A_RUN' || this.code === 'DAMAGED';
  }
}

/** Runs `work`; whatever the file system throws comes out as {@link RunDirectoryError}. */
export function guard<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof RunDirectoryError || !(error instanceof Error)) throw error;
    const { code, path: where = path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const { problem, remedy } = refusalOf(error);
    const what = remedy === undefined ? problem : `${problem}, ${remedy}`;
    throw new RunDirectoryError(`${where}: ${what}`, where, code, error);
  }
}
