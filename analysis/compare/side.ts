/** What is compared: the runs of a directory, told apart by cell and seed. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { readOutline } from '../../experiment/sweep/index.js';
import { RunDirectoryError } from '../directory-error.js';
import { readRunDirectory } from '../run-directory.js';
import { isSweepDirectory } from '../sweep/is-directory.js';
import { scalarsOf, SweepDirectory, type Scalars } from '../sweep/index.js';

export interface ComparedRun {
  /** Values of what is varied within the side, by path; the same text: the same cell. */
  readonly cell: string;
  readonly seed: number;
  readonly scalars: Scalars;
  /** Of the run. */
  readonly directory: string;
}

export interface Side {
  /** As the user wrote it. */
  readonly name: string;
  /** Without those that crashed. */
  readonly runs: readonly ComparedRun[];
  readonly crashed: number;
  /** Of a sweep's report, where it names any. */
  readonly measures: readonly string[] | undefined;
}

/**
 * A run directory, a sweep directory, or some cells of a sweep: `DIR@network.loss=5%`, with one
 * `@` for each axis that is held.
 *
 * @throws RunDirectoryError
 */
export function readSide(name: string): Side {
  const [path, ...held] = fs.existsSync(name) ? [name] : name.split('@');
  if (!isSweepDirectory(path)) {
    const { summary, directory } = readRunDirectory(path);
    if (held.length > 0) refuse(name, path, `${path} is a run, name it without @`);
    const run = { cell: '', seed: summary.seed, scalars: scalarsOf(summary), directory };
    return { name, runs: [run], crashed: 0, measures: undefined };
  }
  const directory = SweepDirectory.read(path);
  const { axes, report } = readOutline(join(directory.path, 'sweep.yaml'));
  const wanted = held.map((text) => {
    const equals = text.indexOf('=');
    const place = axes.findIndex((axis) => axis.path === text.slice(0, equals));
    const value = text.slice(equals + 1);
    if (place >= 0 && axes[place].values.includes(value)) return { place, value };
    const known = place < 0
      ? axes.map((axis) => `@${axis.path}=${axis.values[0]}`)
      : axes[place].values.map((one) => `@${axes[place].path}=${one}`);
    return refuse(name, path, `there is no cell @${text}, write ${known.join(' or ')}`);
  });
  const rows = directory.readRuns(axes.map((axis) => axis.path)).filter(({ values }) =>
    wanted.every(({ place, value }) => values[place] === value));
  const free = axes.map((_, place) => place).filter((place) =>
    axes[place].values.length > 1 && wanted.every((one) => one.place !== place));
  const whole = rows.filter(({ status }) => status !== 'crashed');
  const runs = whole.map(({ values, seed, scalars, runId }): ComparedRun => ({
    cell: free.map((place) => `${axes[place].path}=${values[place]}`).join(' '),
    seed, scalars, directory: directory.run(runId),
  }));
  return { name, runs, crashed: rows.length - runs.length, measures: report.measures };
}

function refuse(name: string, path: string, why: string): never {
  throw new RunDirectoryError(`${name}: ${why}`, path, 'NOT_A_RUN');
}
