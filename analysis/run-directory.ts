/** The run directory: all that one run leaves behind, appearing whole or not at all. */
import type { ObservationSink } from '../core/observations.js';
import type { RunRecord } from './record.js';

/** What differs between machines: version, Node, platform, wall time, peak memory. */
export interface Manifest {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly wallSeconds: number;
  readonly peakMemoryBytes: number;
  /** The command that makes this run again. */
  readonly command: string;
  readonly [more: string]: unknown;
}

export interface RunFiles {
  /** Fully resolved: running it again gives the same digest. */
  readonly scenarioYaml: string;
  /** `interrupted` is added from the record. */
  readonly manifest: Manifest;
  /** Point `latest`, beside the target, at it. */
  readonly latest?: boolean;
}

/** The environment failed (disk full, no permission), or the target must not be replaced. */
export class RunDirectoryError extends Error {
  override readonly name = 'RunDirectoryError';
  readonly path: string;
  /** As Node names it (`ENOSPC`), or `NOT_A_RUN` where the target is something else. */
  readonly code: string;

  constructor(message: string, path: string, code: string, cause?: unknown) {
    super(message, { cause });
    this.path = path;
    this.code = code;
  }
}

/** A run directory in the making, in a hidden sibling of its target. */
export interface PendingRunDirectory {
  /** Writes every observation as a line of trace.jsonl; only if called, before the run. */
  trace(): ObservationSink;
  /** Writes the rest and moves the whole to its place. Throws {@link RunDirectoryError}. */
  commit(record: RunRecord, files: RunFiles): void;
  /** Leaves nothing behind; harmless after `commit`. */
  discard(): void;
}

/** Throws {@link RunDirectoryError} at once if the target cannot become a run directory. */
export function openRunDirectory(_target: string): PendingRunDirectory {
  throw new Error('not built yet');
}

/** All in one, for a run without a trace. */
export function writeRunDirectory(target: string, record: RunRecord, files: RunFiles): void {
  const pending = openRunDirectory(target);
  try {
    pending.commit(record, files);
  } finally {
    pending.discard();
  }
}
