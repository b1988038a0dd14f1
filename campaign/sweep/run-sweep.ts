/** A sweep from its file to its directory. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SweepDirectory, type SweepManifest, type SweepRow } from '../../analysis/sweep/index.js';
import type { Sweep } from '../../experiment/sweep/index.js';
import { quoted, shorter } from '../record-run.js';
import { InputError } from '../errors.js';
import type { Executor } from '../executors/executor.js';
import { Pool } from '../executors/pool.js';
import { version } from '../package-root.js';
import { hashCode, withPlugins } from '../run-id.js';
import { keepHeapSmall } from '../heap.js';
import { Ledger } from './ledger.js';
import type { Shard } from './schedule.js';
import { sweepId } from './sweep-id.js';
import { sweepWorker, type SweepTask, type TaskPlugins } from './task.js';

/** What to sweep, who makes the runs, and where they go. */
export interface SweepToRun {
  readonly sweep: Sweep;
  /** Those that the sweep was loaded with. */
  readonly plugins?: TaskPlugins;
  /** Asked once the campaign has its name; default: a process of our own per core. */
  executor?(campaign: CampaignName): Executor<SweepTask>;
  /** Null or undefined: all of it. */
  readonly shard?: Shard | null;
  /** Keep what an earlier call finished. */
  readonly resume?: boolean;
  /** Directory of a sweep of which this one is an extension: its runs are taken over. */
  readonly extend?: string | undefined;
  /** The sweep directory; undefined: named by the sweep's id. */
  readonly out?: string | undefined;
  /** For the manifest: the command, and who makes the runs. */
  readonly notes?: Readonly<Record<string, unknown>>;
  /** Told now and then, the first time before any run is made. */
  progress?(done: Done): void;
  /** Ends it early; what is finished is kept. */
  readonly signal?: AbortSignal;
}

/** How far a sweep is. */
export interface Done {
  /** Runs that have ended, and those that will. */
  readonly runs: number;
  readonly of: number;
  readonly crashed: number;
  /** Share of the work, by the messages that are expected. */
  readonly share: number;
  /** The same share when we began: done by an earlier sweep. */
  readonly before: number;
}

/** What tells a campaign from all others. */
export interface CampaignName {
  readonly id: string;
  readonly name: string;
  /** Of the built code and of plugins. */
  readonly code: string;
}

/** What a sweep came to. */
export interface FinishedSweep {
  readonly directory: SweepDirectory;
  /** Relative to where we are, if that is shorter. */
  readonly path: string;
  readonly rows: readonly SweepRow[];
  readonly interrupted: boolean;
  /** Runs that were finished before. */
  readonly kept: number;
  readonly wallSeconds: number;
}

/**
 * Makes all runs of a sweep and writes its directory, as `sim sweep` does.
 *
 * @throws RunDirectoryError, ExecutorError; what is finished is kept
 */
export async function runSweep(how: SweepToRun): Promise<FinishedSweep> {
  keepHeapSmall();
  const { sweep, shard = null } = how;
  const code = withPlugins(hashCode(), how.plugins?.hash);
  const id = sweepId(sweep, code);
  const part = shard ? `.shard-${shard.index}-of-${shard.count}` : '';
  const extended = how.extend === undefined ? null : extendedBy(how.extend, code);
  const target = how.out ?? join('results', sweep.name, `${id}${part}`);
  const directory = SweepDirectory.open(target, id, shard);
  const close = (): void => directory.close();
  // Also when a second Ctrl-C ends the program at once.
  process.once('exit', close);
  try {
    return await runIn(directory, { how, id, code, part, extended });
  } finally {
    close();
    process.off('exit', close);
  }
}

/** @throws InputError where its runs are not those that we would make */
function extendedBy(name: string, code: string): SweepDirectory {
  const directory = SweepDirectory.read(name);
  if (directory.manifest()['code'] === code) return directory;
  throw new InputError(`${name}: was made by other code or plug-ins, make the whole sweep anew`);
}

interface Identified {
  readonly how: SweepToRun;
  readonly id: string;
  readonly code: string;
  readonly extended: SweepDirectory | null;
  /** What the name of a shard ends with. */
  readonly part: string;
}

async function runIn(
  directory: SweepDirectory,
  { how, id, code, part, extended }: Identified,
): Promise<FinishedSweep> {
  const { sweep, shard = null, plugins = { files: [], hash: '' }, notes = {} } = how;
  const started = new Date().toISOString();
  const begun = performance.now();
  const note = (complete: boolean): void =>
    directory.writeManifest(manifest({ sweep: id, shard, complete, code, started, begun, notes }));
  directory.writeSweep(sweep.yaml);
  note(false);
  if (how.out === undefined && shard === null) directory.pointLatest();
  const command = ['sim run scenario.yaml', ...plugins.files.map(pluginOption)].join(' ');
  const ledger = new Ledger({ sweep, code, directory, shard, plugins, command });
  if (extended !== null) ledger.extend(extended);
  else if (how.resume === true) ledger.resume();
  if (ledger.left > 0) directory.outdated();
  const kept = ledger.done().runs;
  let interrupted = false;
  try {
    interrupted = !(await work(ledger, how, { id: `${id}${part}`, name: sweep.name, code }));
  } finally {
    ledger.collect();
    directory.writeRuns(sweep.axes, ledger.rows());
    note(isComplete(ledger));
  }
  if (isComplete(ledger)) {
    const stopped = (): boolean => how.signal?.aborted === true;
    interrupted ||= !(await directory.writeTables(sweep.axes, ledger.rows(), stopped));
    note(true);
  }
  const wallSeconds = (performance.now() - begun) / 1000;
  const path = shorter(directory.path);
  return { directory, path, rows: ledger.rows(), interrupted, kept, wallSeconds };
}

function isComplete(ledger: Ledger): boolean {
  const { runs, of } = ledger.done();
  return runs === of;
}

function pluginOption(file: string): string {
  return `--plugin ${quoted(file)}`;
}

/** False when it was interrupted. */
async function work(
  ledger: Ledger, how: SweepToRun, campaign: CampaignName,
): Promise<boolean> {
  const { signal } = how;
  const executor = how.executor?.(campaign) ??
    new Pool<SweepTask>(availableParallelism(), sweepWorker);
  const before = ledger.done().share;
  const show = (): void => how.progress?.({ ...ledger.done(), before });
  const stop = (): void => executor.stop();
  signal?.addEventListener('abort', stop);
  show();
  try {
    if (signal?.aborted !== true) {
      await executor.execute({
        next: () => ledger.next(),
        left: () => ledger.left,
        ended: ({ runId }, crashed) => {
          ledger.end(runId, crashed);
          show();
        },
        progress: ({ runId }, share) => {
          ledger.progress(runId, share);
          show();
        },
      });
    }
    return signal?.aborted !== true;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function manifest(given: {
  readonly sweep: string;
  readonly shard: Shard | null;
  readonly complete: boolean;
  readonly code: string;
  readonly started: string;
  readonly begun: number;
  readonly notes: Readonly<Record<string, unknown>>;
}): SweepManifest {
  const { begun, notes, ...rest } = given;
  return {
    ...rest,
    version: version(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    wallSeconds: (performance.now() - begun) / 1000,
    ...notes,
  };
}
