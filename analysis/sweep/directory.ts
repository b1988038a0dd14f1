/** The directory of a sweep: its runs appear one by one, the table of them at the end. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import type { EpisodeRow } from '../record.js';
import { guard, pointLatest, RunDirectoryError } from '../run-directory.js';
import type { Summary } from '../summary.js';
import { readEpisodes } from '../tables.js';
import { readRuns, runsCsv, type SweepRow } from './table.js';

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

/** Of a finished run, what its row is made from. */
export interface FinishedRun {
  readonly summary: Summary;
  readonly episodes: readonly EpisodeRow[];
}

export class SweepDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes it, or goes on in one of the same sweep. Throws {@link RunDirectoryError}, `NOT_A_RUN`
   * if something else is there.
   */
  static open(target: string, sweep: string, shard: SweepManifest['shard']): SweepDirectory {
    const path = resolve(target);
    return guard(path, () => {
      refuseOther(path, target, sweep, shard);
      fs.mkdirSync(join(path, 'runs'), { recursive: true });
      const directory = new SweepDirectory(path);
      directory.sweepUp();
      // A table beside runs that are being made again would be of the past.
      fs.rmSync(join(path, 'runs.csv'), { force: true });
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
    return new SweepDirectory(path);
  }

  run(runId: string): string {
    return join(this.path, 'runs', runId);
  }

  /** Undefined unless it is there, and whole. */
  finished(runId: string): FinishedRun | undefined {
    const run = this.run(runId);
    return guard(run, () => {
      if (!fs.existsSync(join(run, 'manifest.json'))) return undefined;
      const text = (name: string): string => fs.readFileSync(join(run, name), 'utf8');
      const { interrupted } = JSON.parse(text('manifest.json')) as { interrupted: boolean };
      if (interrupted) return undefined;
      const summary = JSON.parse(text('summary.json')) as Summary;
      return { summary, episodes: readEpisodes(text('episodes.csv')) };
    });
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
    fs.rmSync(join(crashes, `${runId}.txt`), { force: true });
    if (fs.existsSync(crashes) && fs.readdirSync(crashes).length === 0) fs.rmdirSync(crashes);
  }

  crash(runId: string): string | undefined {
    const file = join(this.path, 'crashes', `${runId}.txt`);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  }

  writeSweep(yaml: string): void {
    this.put('sweep.yaml', yaml);
  }

  readSweep(): string {
    return this.text('sweep.yaml');
  }

  writeManifest(manifest: SweepManifest): void {
    this.put('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  }

  manifest(): SweepManifest {
    return JSON.parse(this.text('manifest.json')) as SweepManifest;
  }

  writeRuns(axes: readonly string[], rows: readonly SweepRow[]): void {
    this.put('runs.csv', runsCsv(axes, rows));
  }

  /** Throws {@link RunDirectoryError}, `NOT_A_RUN`, before there is a table. */
  readRuns(axes: readonly string[]): SweepRow[] {
    if (!fs.existsSync(join(this.path, 'runs.csv'))) {
      const message = `${this.path}: the sweep is not over; sim sweep --resume goes on with it`;
      throw new RunDirectoryError(message, this.path, 'NOT_A_RUN');
    }
    return readRuns(this.text('runs.csv'), axes);
  }

  pointLatest(): void {
    guard(this.path, () => pointLatest(this.path));
  }

  /** Takes a finished run from another directory of the same sweep. */
  adopt(from: SweepDirectory, runId: string): void {
    guard(this.path, () => {
      const temporary = join(this.path, 'runs', `.${runId}.new-${randomBytes(6).toString('hex')}`);
      fs.cpSync(from.run(runId), temporary, { recursive: true });
      fs.rmSync(this.run(runId), { recursive: true, force: true });
      fs.renameSync(temporary, this.run(runId));
    });
  }

  /** What a killed sweep left half done. */
  private sweepUp(): void {
    const runs = join(this.path, 'runs');
    for (const name of fs.readdirSync(runs)) {
      if (/^\..*\.new-/.test(name)) fs.rmSync(join(runs, name), { recursive: true, force: true });
    }
  }

  private text(name: string): string {
    const file = join(this.path, name);
    return guard(file, () => fs.readFileSync(file, 'utf8'));
  }

  private put(name: string, content: string): void {
    const file = join(this.path, name);
    const temporary = `${file}.${randomBytes(4).toString('hex')}`;
    guard(file, () => {
      try {
        fs.writeFileSync(temporary, content);
        fs.renameSync(temporary, file);
      } finally {
        fs.rmSync(temporary, { force: true });
      }
    });
  }
}

export function isSweepDirectory(path: string): boolean {
  return ['sweep.yaml', 'manifest.json'].every((name) => fs.existsSync(join(path, name)));
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
    if (fs.readdirSync(path).length > 0) refuse('exists and is not a sweep directory');
    return;
  }
  const before = JSON.parse(fs.readFileSync(join(path, 'manifest.json'), 'utf8')) as SweepManifest;
  if (before.sweep !== sweep) refuse('holds another sweep, or one made by other code');
  const same = JSON.stringify(before.shard) === JSON.stringify(shard);
  if (!same) refuse('holds another shard of this sweep');
}
