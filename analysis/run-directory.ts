/** The run directory: all that one run leaves behind, appearing whole or not at all. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ObservationSink } from '../core/observations.js';
import { refusalOf } from '../experiment/refusal.js';
import type { MessageSink } from '../experiment/world.js';
import type {
  EpisodeRow,
  FaultRow,
  HistogramBin,
  MessageRow,
  RunRecord,
  Story,
  TimeseriesRow,
} from './record.js';
import type { Summary } from './summary.js';
import * as tables from './tables.js';
import { TraceFile } from './trace-file.js';

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
  /**
   * As Node names it (`ENOSPC`), or `NOT_A_RUN` where the target is something else, or `DAMAGED`
   * where it is not as the run left it.
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

/** A run directory in the making, in a hidden sibling of its target. */
export interface PendingRunDirectory {
  /**
   * Writes every observation, and message, as lines of trace.jsonl; only if called, before the
   * run.
   */
  trace(): ObservationSink & MessageSink;
  /** Writes the rest and moves the whole to its place. Throws {@link RunDirectoryError}. */
  commit(record: RunRecord, files: RunFiles): void;
  /** Leaves nothing behind; harmless after `commit`. */
  discard(): void;
}

/** What a run directory holds, read back. */
export interface StoredRun {
  readonly directory: string;
  readonly summary: Summary;
  readonly manifest: Manifest & { readonly interrupted: boolean };
  readonly scenarioYaml: string;
  readonly episodes: readonly EpisodeRow[];
  readonly faults: readonly FaultRow[];
  readonly messages: readonly MessageRow[];
  readonly timeseries: readonly TimeseriesRow[];
  readonly stories: readonly Story[];
  readonly detections: readonly HistogramBin[];
}

/** Throws {@link RunDirectoryError} at once if the target cannot become a run directory. */
export function openRunDirectory(target: string): PendingRunDirectory {
  const place = resolve(target);
  return guard(place, () => {
    fs.mkdirSync(dirname(place), { recursive: true });
    restoreAside(place);
    refuseOther(place);
    // Not mkdtemp, whose directories only their owner can read.
    const temporary = sibling(place, 'new') + randomBytes(6).toString('hex');
    fs.mkdirSync(temporary);
    return new Pending(place, temporary);
  });
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

/** Throws {@link RunDirectoryError}, `NOT_A_RUN` if it is none. */
export function readRunDirectory(directory: string): StoredRun {
  const place = resolve(directory);
  return guard(place, () => {
    restoreAside(place);
    if (!isRun(place)) {
      const wants = 'a run directory holds summary.json and manifest.json';
      throw new RunDirectoryError(`${directory}: not a run (${wants})`, place, 'NOT_A_RUN');
    }
    const text = (name: string): string => fs.readFileSync(join(place, name), 'utf8');
    const told = JSON.parse(text('stories.json')) as Pick<StoredRun, 'stories' | 'detections'>;
    return {
      directory: place,
      summary: JSON.parse(text('summary.json')) as Summary,
      manifest: JSON.parse(text('manifest.json')) as StoredRun['manifest'],
      scenarioYaml: text('scenario.yaml'),
      episodes: tables.readEpisodes(text('episodes.csv')),
      faults: tables.readFaults(text('faults.csv')),
      messages: tables.readMessages(text('messages.csv')),
      timeseries: tables.readTimeseries(text('timeseries.csv')),
      stories: told.stories,
      detections: told.detections,
    };
  });
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

class Pending implements PendingRunDirectory {
  private readonly target: string;
  private readonly temporary: string;
  private traceFile: TraceFile | null = null;

  constructor(target: string, temporary: string) {
    this.target = target;
    this.temporary = temporary;
  }

  trace(): ObservationSink & MessageSink {
    const path = join(this.temporary, 'trace.jsonl');
    const file = guard(path, () => new TraceFile(path));
    this.traceFile = file;
    return {
      observe: (timeUs, process, observation) =>
        guard(path, () => file.observe(timeUs, process, observation)),
      sent: (...told) => guard(path, () => file.sent(...told)),
      received: (...told) => guard(path, () => file.received(...told)),
    };
  }

  commit(record: RunRecord, files: RunFiles): void {
    guard(this.target, () => {
      this.traceFile?.close();
      this.write(record, files);
      moveInto(this.temporary, this.target);
      if (files.latest === true) pointLatest(this.target);
    });
  }

  discard(): void {
    this.traceFile?.abandon();
    fs.rmSync(this.temporary, { recursive: true, force: true });
  }

  private write(record: RunRecord, files: RunFiles): void {
    const { episodeColumns, faultColumns, messageColumns, timeseriesColumns, cells } = tables;
    const { summary, stories, detections, interrupted } = record;
    this.put('scenario.yaml', [files.scenarioYaml]);
    this.put('summary.json', [json(summary)]);
    this.put('stories.json', [json({ stories, detections })]);
    const table = (
      name: string,
      columns: readonly string[],
      rows: Parameters<typeof tables.csv>[1],
    ): void => this.put(name, tables.csv(columns, rows));
    table('episodes.csv', episodeColumns, record.episodes.map((r) => cells(r, episodeColumns)));
    table('faults.csv', faultColumns, mapped(record.faults, (row) => cells(row, faultColumns)));
    table('messages.csv', messageColumns, record.messages.map((r) => cells(r, messageColumns)));
    table('timeseries.csv', timeseriesColumns, record.timeseries.map(tables.timeseriesCells));
    // Last, since a directory without a manifest is not a run.
    this.put('manifest.json', [json({ ...files.manifest, interrupted })]);
  }

  private put(name: string, pieces: Iterable<string>): void {
    const file = fs.openSync(join(this.temporary, name), 'w');
    try {
      for (const piece of pieces) fs.writeFileSync(file, piece);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
  }
}

function* mapped<From, To>(rows: Iterable<From>, change: (row: From) => To): Generator<To> {
  for (const row of rows) yield change(row);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function sibling(target: string, what: string): string {
  return join(dirname(target), `.${basename(target)}.${what}-`);
}

function isRun(path: string): boolean {
  return ['summary.json', 'manifest.json'].every((name) => fs.existsSync(join(path, name)));
}

/** A directory of the user's own must never be replaced by a run. */
function refuseOther(target: string): void {
  const found = fs.lstatSync(target, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isDirectory() && (isRun(target) || fs.readdirSync(target).length === 0)) return;
  const message = `${target}: exists and is not a run directory; name another, or remove it`;
  throw new RunDirectoryError(message, target, 'NOT_A_RUN');
}

/**
 * Node cannot exchange two directories in one step: the old one steps aside first. Killed in
 * between, it is put back by {@link restoreAside} the next time anyone looks.
 */
function moveInto(temporary: string, target: string): void {
  const aside = `${sibling(target, 'old')}aside`;
  fs.rmSync(aside, { recursive: true, force: true });
  const replaces = fs.existsSync(target);
  if (replaces) fs.renameSync(target, aside);
  try {
    fs.renameSync(temporary, target);
  } catch (error) {
    if (replaces) fs.renameSync(aside, target);
    throw error;
  }
  if (replaces) fs.rmSync(aside, { recursive: true, force: true });
}

function restoreAside(target: string): void {
  const aside = `${sibling(target, 'old')}aside`;
  if (!fs.existsSync(target) && fs.existsSync(aside)) fs.renameSync(aside, target);
}

/** A symbolic link cannot be overwritten, but renaming a new one over it is one step. */
export function pointLatest(target: string): void {
  const link = join(dirname(target), 'latest');
  const temporary = `${sibling(link, 'new')}${process.pid}`;
  fs.rmSync(temporary, { force: true });
  fs.symlinkSync(basename(target), temporary, 'dir');
  try {
    fs.renameSync(temporary, link);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}
