/** The run directory: all that one run leaves behind, appearing whole or not at all. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ObservationSink } from '../core/observations.js';
import { aside, inTheMaking, sweepUp } from '../experiment/litter.js';
import type { MessageSink } from '../experiment/world.js';
import type { Summary } from './measures/index.js';
import type { RunRecord } from './record.js';
import type { EpisodeRow, FaultRow, FaultTargetRow } from './tables/index.js';
import { guard, RunDirectoryError } from './directory-error.js';
import { StoredFiles, type Seal } from './stored-files.js';
import * as tables from './tables/index.js';
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

/** Without these it is no summary. */
const summaryKeys = ['scenario', 'seed', 'messages', 'recovery', 'invariants', 'final'];

function filesOf(directory: string): StoredFiles {
  const scenario = join(directory, 'scenario.yaml');
  return new StoredFiles(directory, `make the run again: sim run ${scenario}`);
}

/** Two tables of a run, checked. Throws {@link RunDirectoryError}, naming the `remedy`. */
export function readRecoveries(
  directory: string,
  remedy: string,
): Pick<StoredRun, 'episodes' | 'faults'> {
  const files = new StoredFiles(directory, remedy);
  files.manifest();
  return {
    episodes: files.table('episodes.csv', tables.episodes.read),
    faults: files.table('faults.csv', tables.faults.read),
  };
}

/** Of a finished run, what its row in a sweep is made from. */
export interface FinishedRun {
  readonly summary: Summary;
  readonly episodes: readonly EpisodeRow[];
}

/** Undefined unless it is there, whole and undamaged. Throws {@link RunDirectoryError}. */
export function readFinishedRun(directory: string): FinishedRun | undefined {
  if (!fs.existsSync(join(directory, 'manifest.json'))) return undefined;
  try {
    const files = filesOf(directory);
    const { interrupted } = files.manifest<{ interrupted: boolean }>();
    if (interrupted || !files.areWhole()) return undefined;
    const summary = files.json<Summary>('summary.json', summaryKeys);
    return { summary, episodes: files.table('episodes.csv', tables.episodes.read) };
  } catch (error) {
    if (error instanceof RunDirectoryError && error.code === 'DAMAGED') return undefined;
    throw error;
  }
}

/** A run whose files are all there, not read yet but for the summary. Throws as reading it does. */
export function openRunFiles(directory: string): { path: string; summary: Summary } {
  const path = resolve(directory);
  return guard(path, () => {
    restoreAside(path);
    refuseNoRun(path, directory);
    const files = filesOf(directory);
    files.manifest();
    files.mustBeWhole();
    return { path, summary: files.json<Summary>('summary.json', summaryKeys) };
  });
}

function refuseNoRun(path: string, directory: string): void {
  if (isRun(path)) return;
  const wants = 'a run directory holds summary.json and manifest.json';
  throw new RunDirectoryError(`${directory}: not a run (${wants})`, path, 'NOT_A_RUN');
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
export interface StoredRun
extends Omit<RunRecord, 'faults' | 'faultTargets' | 'interrupted'> {
  readonly directory: string;
  readonly manifest: Manifest & { readonly interrupted: boolean };
  readonly scenarioYaml: string;
  readonly faults: readonly FaultRow[];
  /** None of a run that an earlier version made; so it is with close-ups. */
  readonly faultTargets: readonly FaultTargetRow[];
}

/**
 * Throws {@link RunDirectoryError} at once if the target cannot become a run directory.
 *
 * @param isTidy - its folder need not be looked through for what killed processes left
 */
export function openRunDirectory(target: string, isTidy = false): PendingRunDirectory {
  const place = resolve(target);
  return guard(place, () => {
    fs.mkdirSync(dirname(place), { recursive: true });
    restoreAside(place);
    refuseOther(place);
    if (!isTidy) sweepUp(dirname(place));
    // Not mkdtemp, whose directories only their owner can read.
    const temporary = inTheMaking(place);
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
    refuseNoRun(place, directory);
    const files = filesOf(directory);
    const manifest = files.manifest<StoredRun['manifest']>();
    type Told = Pick<StoredRun, 'stories' | 'detections' | 'paths' | 'closeUps'>;
    const told = files.json<Told>('stories.json', ['stories', 'detections']);
    return {
      directory: place,
      summary: files.json<Summary>('summary.json', summaryKeys),
      manifest,
      scenarioYaml: files.text('scenario.yaml'),
      episodes: files.table('episodes.csv', tables.episodes.read),
      faults: files.table('faults.csv', tables.faults.read),
      faultTargets: files.lists('fault-targets.csv')
        ? files.table('fault-targets.csv', tables.faultTargets.read) : [],
      messages: files.table('messages.csv', tables.messages.read),
      timeseries: files.table('timeseries.csv', tables.timeseries.read),
      stories: told.stories,
      detections: told.detections,
      paths: told.paths ?? [],
      closeUps: told.closeUps ?? [],
    };
  });
}

const TRACE = 'trace.jsonl';

class Pending implements PendingRunDirectory {
  private readonly target: string;
  private readonly temporary: string;
  private traceFile: TraceFile | null = null;
  private readonly seals: Record<string, Seal> = {};

  constructor(target: string, temporary: string) {
    this.target = target;
    this.temporary = temporary;
  }

  trace(): ObservationSink & MessageSink {
    const path = join(this.temporary, TRACE);
    const file = guard(path, () => new TraceFile(path));
    this.traceFile = file;
    return {
      observe: (timeUs, process, observation) =>
        guard(path, () => file.observe(timeUs, process, observation)),
      hosts: (hosts) => guard(path, () => file.hosts(hosts)),
      sent: (...told) => guard(path, () => file.sent(...told)),
      duplicated: (...told) => guard(path, () => file.duplicated(...told)),
      dropped: (...told) => guard(path, () => file.dropped(...told)),
      received: (...told) => guard(path, () => file.received(...told)),
    };
  }

  commit(record: RunRecord, files: RunFiles): void {
    guard(this.target, () => {
      if (this.traceFile !== null) {
        this.traceFile.close();
        this.seals[TRACE] = { bytes: fs.statSync(join(this.temporary, TRACE)).size };
      }
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
    const { summary, stories, paths, closeUps, detections, interrupted } = record;
    this.put('scenario.yaml', [files.scenarioYaml]);
    this.put('summary.json', [json(summary)]);
    this.put('stories.json', [json({ stories, paths, closeUps, detections })]);
    const put = <Row>(table: tables.Table<Row>, rows: Iterable<Row>): void =>
      this.put(`${table.name}.csv`, tables.csvOf(table, rows));
    put(tables.episodes, record.episodes);
    put(tables.faults, record.faults);
    put(tables.faultTargets, record.faultTargets);
    put(tables.messages, record.messages);
    put(tables.timeseries, record.timeseries);
    // Last, since a directory without a manifest is not a run.
    this.put('manifest.json', [json({ ...files.manifest, interrupted, files: this.seals })]);
  }

  private put(name: string, pieces: Iterable<string>): void {
    const file = fs.openSync(join(this.temporary, name), 'w');
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for (const piece of pieces) {
        fs.writeFileSync(file, piece);
        hash.update(piece);
        bytes += Buffer.byteLength(piece);
      }
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    this.seals[name] = { bytes, sha256: hash.digest('hex') };
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
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
  const old = aside(target);
  fs.rmSync(old, { recursive: true, force: true });
  const replaces = fs.existsSync(target);
  if (replaces) fs.renameSync(target, old);
  try {
    fs.renameSync(temporary, target);
  } catch (error) {
    if (replaces) fs.renameSync(old, target);
    throw error;
  }
  if (replaces) fs.rmSync(old, { recursive: true, force: true });
}

function restoreAside(target: string): void {
  const old = aside(target);
  if (!fs.existsSync(target) && fs.existsSync(old)) fs.renameSync(old, target);
}

/** A symbolic link cannot be overwritten, but renaming a new one over it is one step. */
export function pointLatest(target: string): void {
  const link = join(dirname(target), 'latest');
  const temporary = inTheMaking(link);
  try {
    fs.symlinkSync(basename(target), temporary, 'dir');
    fs.renameSync(temporary, link);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw Object.assign(error as Error, { path: link });
  }
}
