/** What a sweep and its worker processes tell each other; plain data, so that any wire will do. */

/** One run. */
export interface SweepTask {
  readonly runId: string;
  /** Fully resolved. */
  readonly scenario: string;
  /** The run directory. */
  readonly directory: string;
  /** Of the built code and of plugins, so that it is hashed once. */
  readonly code: string;
  /** The command that makes this run again. */
  readonly command: string;
  readonly plugins: TaskPlugins;
}

/** Modules with implementations of the user's own, to be loaded before the run. */
export interface TaskPlugins {
  readonly files: readonly string[];
  /** Of their content when the sweep began. */
  readonly hash: string;
}

/** What worker processes run. */
export const sweepWorker = new URL('worker.js', import.meta.url);
