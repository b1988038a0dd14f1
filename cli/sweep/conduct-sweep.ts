/** A sweep from its file to its directory. */
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { SweepDirectory, type SweepManifest, type SweepRow } from '../../analysis/sweep/index.js';
import type { Sweep } from '../../experiment/sweep/index.js';
import { commandLine, quoted } from '../conduct.js';
import { Interruption } from '../interruption.js';
import { Pool } from '../pool.js';
import { version } from '../package-root.js';
import { hashCode, withPlugins } from '../run-id.js';
import { Ledger } from './ledger.js';
import { SweepProgress } from './progress.js';
import type { Shard } from './schedule.js';
import { sweepId } from './sweep-id.js';
import type { TaskPlugins } from './task.js';

export interface ConductSweep {
  readonly sweep: Sweep;
  readonly plugins: TaskPlugins;
  /** Worker processes; undefined: one per core. */
  readonly jobs: number | undefined;
  readonly shard: Shard | null;
  /** Keep what an earlier call finished. */
  readonly resume: boolean;
  /** The sweep directory; undefined: named by the sweep's id. */
  readonly out: string | undefined;
  readonly showProgress: boolean;
}

export interface ConductedSweep {
  readonly directory: SweepDirectory;
  /** Relative to where we are, if that is shorter. */
  readonly path: string;
  readonly rows: readonly SweepRow[];
  readonly interrupted: boolean;
  /** Runs that were finished before. */
  readonly kept: number;
  readonly wallSeconds: number;
}

/** Ahead of so many runs per worker, none is left without work by a run given ahead. */
const PLENTY = 4;

/** @throws RunDirectoryError, PoolError; what is finished is kept */
export async function conductSweep(how: ConductSweep): Promise<ConductedSweep> {
  const { sweep, shard } = how;
  const code = withPlugins(hashCode(), how.plugins.hash);
  const id = sweepId(sweep, code);
  const part = shard ? `.shard-${shard.index}-of-${shard.count}` : '';
  const target = how.out ?? join('results', sweep.name, `${id}${part}`);
  const directory = SweepDirectory.open(target, id, shard);
  const close = (): void => directory.close();
  // Also when a second Ctrl-C ends the program at once.
  process.once('exit', close);
  try {
    return await conductIn(directory, { how, id, code });
  } finally {
    close();
    process.off('exit', close);
  }
}

interface Identified {
  readonly how: ConductSweep;
  readonly id: string;
  readonly code: string;
}

async function conductIn(
  directory: SweepDirectory,
  { how, id, code }: Identified,
): Promise<ConductedSweep> {
  const { sweep, shard, plugins } = how;
  const started = new Date().toISOString();
  const begun = performance.now();
  const jobs = how.jobs ?? availableParallelism();
  const note = (complete: boolean): void =>
    directory.writeManifest(manifest({ sweep: id, shard, complete, code, jobs, started, begun }));
  directory.writeSweep(sweep.yaml);
  note(false);
  if (how.out === undefined && shard === null) directory.pointLatest();
  const command = ['sim run scenario.yaml', ...plugins.files.map(pluginOption)].join(' ');
  const ledger = new Ledger({ sweep, code, directory, shard, plugins, command });
  if (how.resume) ledger.resume();
  const kept = ledger.done().runs;
  let interrupted = false;
  try {
    interrupted = !(await work(ledger, jobs, how.showProgress));
  } finally {
    ledger.collect();
    const rows = ledger.rows();
    directory.writeRuns(sweep.axes.map(({ path }) => path), rows);
    const { runs, of } = ledger.done();
    note(runs === of);
  }
  const near = relative('', directory.path);
  const path = near !== '' && near.length < directory.path.length ? near : directory.path;
  const wallSeconds = (performance.now() - begun) / 1000;
  return { directory, path, rows: ledger.rows(), interrupted, kept, wallSeconds };
}

function pluginOption(file: string): string {
  return `--plugin ${quoted(file)}`;
}

/** False when it was interrupted. */
async function work(ledger: Ledger, jobs: number, showProgress: boolean): Promise<boolean> {
  const progress = new SweepProgress(showProgress);
  const before = ledger.done().share;
  const show = (): void => progress.show({ ...ledger.done(), before });
  const pool = new Pool(jobs, {
    next: () => ledger.next(),
    plenty: () => ledger.left > PLENTY * jobs,
    ended: ({ runId }, crashed) => {
      ledger.end(runId, crashed);
      show();
    },
    progress: ({ runId }, share) => {
      ledger.progress(runId, share);
      show();
    },
  }, new URL('worker.js', import.meta.url));
  const interruption = new Interruption(() => pool.stop());
  show();
  try {
    await pool.run();
    return !interruption.requested;
  } finally {
    progress.stop();
    interruption.end();
  }
}

function manifest(given: {
  readonly sweep: string;
  readonly shard: Shard | null;
  readonly complete: boolean;
  readonly code: string;
  readonly jobs: number;
  readonly started: string;
  readonly begun: number;
}): SweepManifest {
  const { begun, ...rest } = given;
  return {
    ...rest,
    version: version(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    wallSeconds: (performance.now() - begun) / 1000,
    command: commandLine(),
  };
}
