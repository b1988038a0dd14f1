/** The directory of a sweep: its runs appear one by one, the table of them at the end. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import { inTheMaking, sweepUp } from '../../experiment/litter.js';
import type { Axis } from '../../experiment/sweep/index.js';
import { guard, RunDirectoryError } from '../directory-error.js';
import { isLock, Lock } from '../lock.js';
import {
  pointLatest, readFinishedRun, readRecoveries, type FinishedRun,
} from '../run-directory.js';
import { StoredFiles, type Seals } from '../stored-files.js';
import { writeWhole } from '../whole-file.js';
import { isSweepDirectory } from './is-directory.js';
import { readRuns, RunsTable, type SweepRow } from './table.js';
import { tableFiles, writeTables, type SweepTables } from './whole-tables.js';

/** What differs between machines, and how far it came. */
export interface SweepManifest {
  /** Of what is to be run, and by what code. */
  readonly sweep: string;
  /** Counted from 1; null: the whole. */
  readonly shard: { readonly index: number; readonly count: number } | null;
  /** False while runs are missing. */
  readonly complete: boolean;
  readonly [more: string]: unknown;
}

export class SweepDirectory {
  readonly path: string;
  /** As the user named it. */
  private readonly name: string;
  private readonly remedy = 'make it again: sim sweep --resume';
  private readonly files: StoredFiles;
  private lock: Lock | null = null;
  /** Of the tables, once they are written. */
  private seals: Seals = {};
  /** Of those that were there before. */
  private former: Seals = {};

  private constructor(path: string, name: string) {
    this.path = path;
    this.name = name;
    this.files = new StoredFiles(name, this.remedy);
  }

  /**
   * Makes it, or goes on in one of the same sweep, until {@link close}. Throws
   * {@link RunDirectoryError}: `NOT_A_RUN` if something else is there, `LOCKED` if another process
   * is at work in it.
   */
  static open(target: string, sweep: string, shard: SweepManifest['shard']): SweepDirectory {
    const path = resolve(target);
    return guard(path, () => {
      refuseOther(path, target, sweep, shard);
      fs.mkdirSync(path, { recursive: true });
      const directory = new SweepDirectory(path, target);
      directory.lock = Lock.take(path);
      try {
        // Once more: another may have been at work here while we looked.
        refuseOther(path, target, sweep, shard);
        fs.mkdirSync(join(path, 'runs'), { recursive: true });
        directory.sweepUp();
        directory.former = directory.formerSeals();
        // A table beside runs that are being made again would be of the past.
        fs.rmSync(join(path, 'runs.csv'), { force: true });
      } catch (error) {
        directory.close();
        throw error;
      }
      return directory;
    });
  }

  /** Of any sweep that was begun there. Throws {@link RunDirectoryError}, `NOT_A_RUN`. */
  static read(directory: string): SweepDirectory {
    const path = resolve(directory);
    if (!isSweepDirectory(path)) {
      const wants = 'a sweep directory holds sweep.yaml and manifest.json';
      throw new RunDirectoryError(`${directory}: not a sweep (${wants})`, path, 'NOT_A_RUN');
    }
    return new SweepDirectory(path, directory);
  }

  /** Of a finished sweep with all its tables. Throws {@link RunDirectoryError}. */
  static withTables(name: string): SweepDirectory {
    const directory = SweepDirectory.read(name);
    const { complete } = directory.manifest();
    if (!complete || !tableFiles.every((file) => directory.files.lists(file))) {
      const what = complete ? 'the sweep has no tables' : 'the sweep is not over';
      const message = `${name}: ${what}; sim sweep --resume goes on with it`;
      throw new RunDirectoryError(message, directory.path, 'NOT_A_RUN');
    }
    directory.files.mustBeWhole();
    return directory;
  }

  /** Others may work in it. Harmless when it was only read. */
  close(): void {
    this.lock?.release();
    this.lock = null;
  }

  run(runId: string): string {
    return join(this.path, 'runs', runId);
  }

  /** Undefined unless it is there, whole and undamaged. */
  finished(runId: string): FinishedRun | undefined {
    return readFinishedRun(this.run(runId));
  }

  /** Of a run that has its row. Throws {@link RunDirectoryError} where it is damaged. */
  tables(runId: string): ReturnType<typeof readRecoveries> {
    return readRecoveries(this.run(runId), this.remedy);
  }

  /** Keeps why a run crashed. */
  crashed(runId: string, reason: string): void {
    const crashes = join(this.path, 'crashes');
    guard(crashes, () => fs.mkdirSync(crashes, { recursive: true }));
    this.put(join('crashes', `${runId}.txt`), `${reason.trimEnd()}\n`);
  }

  /** A second try went well. */
  recovered(runId: string): void {
    const crashes = join(this.path, 'crashes');
    const told = join(crashes, `${runId}.txt`);
    if (!fs.existsSync(told)) return;
    fs.rmSync(told, { force: true });
    if (fs.readdirSync(crashes).length === 0) fs.rmdirSync(crashes);
  }

  crash(runId: string): string | undefined {
    const file = join(this.path, 'crashes', `${runId}.txt`);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  }

  writeSweep(yaml: string): void {
    this.put('sweep.yaml', yaml);
  }

  readSweep(): string {
    return this.files.text('sweep.yaml');
  }

  writeManifest(manifest: SweepManifest): void {
    const content = { ...manifest, files: this.seals };
    this.put('manifest.json', `${JSON.stringify(content, null, 2)}\n`);
  }

  manifest(): SweepManifest {
    return this.files.manifest<SweepManifest>();
  }

  writeRuns(axes: readonly Axis[], rows: readonly SweepRow[]): void {
    const hash = createHash('sha256');
    let bytes = 0;
    const told = function* (pieces: Iterable<string>): Generator<string> {
      for (const piece of pieces) {
        hash.update(piece);
        bytes += Buffer.byteLength(piece);
        yield piece;
      }
    };
    writeWhole(join(this.path, 'runs.csv'), told(new RunsTable(axes, rows).csv()));
    this.seals = { 'runs.csv': { bytes, sha256: hash.digest('hex') } };
  }

  /** Some run is about to be made: tables of all of them are of the past. */
  outdated(): void {
    guard(this.path, () => {
      for (const name of tableFiles) fs.rmSync(join(this.path, name), { force: true });
    });
    this.former = {};
  }

  /**
   * After {@link writeRuns}: the other tables, of all runs together, unless those of the same runs
   * are there. False: it was interrupted.
   */
  async writeTables(
    axes: readonly Axis[], rows: readonly SweepRow[], interrupted: SweepTables['interrupted'],
  ): Promise<boolean> {
    if (this.former['runs.csv']?.sha256 === this.seals['runs.csv'].sha256) {
      this.seals = this.former;
      if (tableFiles.every((name) => this.isWhole(name))) return true;
    }
    this.outdated();
    const open: SweepTables['open'] = (runId) => {
      const files = new StoredFiles(this.run(runId), this.remedy);
      files.manifest();
      return (name) => files.text(name);
    };
    const seals = await writeTables(this.path, { axes, rows, open, interrupted });
    this.seals = { 'runs.csv': this.seals['runs.csv'], ...seals };
    return seals !== null;
  }

  private isWhole(name: string): boolean {
    const { size } = fs.statSync(join(this.path, name), { throwIfNoEntry: false }) ?? {};
    return size !== undefined && this.seals[name]?.bytes === size;
  }

  /** Throws {@link RunDirectoryError}, `NOT_A_RUN`, before there is a table. */
  readRuns(axes: readonly string[]): SweepRow[] {
    if (!fs.existsSync(join(this.path, 'runs.csv'))) {
      const message = `${this.name}: the sweep is not over; sim sweep --resume goes on with it`;
      throw new RunDirectoryError(message, this.path, 'NOT_A_RUN');
    }
    this.files.manifest();
    return this.files.table('runs.csv', (text) => readRuns(text, axes));
  }

  pointLatest(): void {
    guard(this.path, () => pointLatest(this.path));
  }

  /** Takes a finished run from another directory of the same sweep. */
  adopt(from: SweepDirectory, runId: string): void {
    guard(this.path, () => {
      const temporary = inTheMaking(this.run(runId));
      fs.cpSync(from.run(runId), temporary, { recursive: true });
      fs.rmSync(this.run(runId), { recursive: true, force: true });
      fs.renameSync(temporary, this.run(runId));
    });
  }

  /** What a killed sweep left half done. */
  private sweepUp(): void {
    const ours = new Set(['manifest.json', 'sweep.yaml', 'runs.csv', ...tableFiles]);
    const isHalf = (name: string): boolean =>
      ours.has(name.replace(/\.[0-9a-f]{8}$/, '')) && !ours.has(name);
    for (const name of fs.readdirSync(this.path)) {
      const isLeft = isHalf(name) || /^lock\.[0-9a-f]{16}$/.test(name);
      if (isLeft) fs.rmSync(join(this.path, name), { force: true });
    }
    sweepUp(join(this.path, 'runs'), true);
  }

  private formerSeals(): Seals {
    if (!fs.existsSync(join(this.path, 'manifest.json'))) return {};
    this.files.manifest();
    return this.files.sealed;
  }

  private put(name: string, content: string): void {
    writeWhole(join(this.path, name), content);
  }
}

/** Neither a directory of the user's own nor another sweep must be written into. */
function refuseOther(
  path: string,
  target: string,
  sweep: string,
  shard: SweepManifest['shard'],
): void {
  const found = fs.statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  const refuse = (what: string): never => {
    const message = `${target}: ${what}; name another directory, or remove it`;
    throw new RunDirectoryError(message, path, 'NOT_A_RUN');
  };
  if (!found.isDirectory()) refuse('is not a directory');
  if (!isSweepDirectory(path)) {
    // A runner that is killed before it has begun leaves its lock.
    const begun = isLock(join(path, 'lock'));
    if (!begun && fs.readdirSync(path).length > 0) refuse('exists and is not a sweep directory');
    return;
  }
  const before = new StoredFiles(target, 'name another directory, or remove it')
    .manifest<SweepManifest>();
  if (before.sweep !== sweep) refuse('holds another sweep, or one made by other code');
  const same = JSON.stringify(before.shard) === JSON.stringify(shard);
  if (!same) refuse('holds another shard of this sweep');
}
