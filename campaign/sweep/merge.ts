/** Shards of a sweep, made here and there, become the whole. */
import { join } from 'node:path';
import { SweepDirectory, type SweepManifest, type SweepRow } from '../../analysis/sweep/index.js';
import { readOutline, type Axis } from '../../experiment/sweep/index.js';
import { shorter } from '../record-run.js';
import { InputError } from '../errors.js';
import type { FinishedSweep } from './run-sweep.js';
import { outcomeOf } from './ledger.js';

interface Part {
  /** As the user named it. */
  readonly name: string;
  readonly directory: SweepDirectory;
  readonly manifest: SweepManifest;
}

/** @throws InputError unless the directories are all the shards, and whole; RunDirectoryError */
export async function mergeShards(
  names: readonly string[], out: string | undefined,
): Promise<FinishedSweep> {
  const begun = performance.now();
  const parts = names.map((name): Part => {
    const directory = SweepDirectory.read(name);
    return { name, directory, manifest: directory.manifest() };
  });
  check(parts);
  const [first] = parts;
  const { sweep } = first.manifest;
  const { name, axes } = readOutline(join(first.directory.path, 'sweep.yaml'));
  const whole = SweepDirectory.open(out ?? join('results', name, sweep), sweep, null);
  try {
    return await fill(whole, parts, { axes, out, begun });
  } finally {
    whole.close();
  }
}

interface Whole {
  readonly axes: readonly Axis[];
  readonly out: string | undefined;
  readonly begun: number;
}

async function fill(
  whole: SweepDirectory,
  parts: readonly Part[],
  { axes, out, begun }: Whole,
): Promise<FinishedSweep> {
  const [first] = parts;
  whole.writeSweep(first.directory.readSweep());
  whole.writeManifest({ ...first.manifest, shard: null, complete: false });
  const paths = axes.map(({ path }) => path);
  const rows = parts.flatMap(({ directory }) =>
    directory.readRuns(paths).map((row) => take(row, directory, whole)),
  );
  rows.sort((a, b) => a.cell - b.cell || a.replication - b.replication);
  whole.writeRuns(axes, rows);
  const shards = parts.map(({ manifest }) => manifest);
  const manifest = { ...first.manifest, shard: null, complete: true, shards };
  whole.writeManifest(manifest);
  await whole.writeTables(axes, rows, () => false);
  whole.writeManifest(manifest);
  if (out === undefined) whole.pointLatest();
  const path = shorter(whole.path);
  const wallSeconds = (performance.now() - begun) / 1000;
  return { directory: whole, path, rows, interrupted: false, kept: rows.length, wallSeconds };
}

function check(parts: readonly Part[]): void {
  const [first] = parts;
  const seen = new Map<number, Part>();
  for (const part of parts) {
    const { sweep, shard, complete } = part.manifest;
    const refuse = (problem: string, remedy: string): never => {
      throw new InputError(`${part.name}: ${problem}, ${remedy}`);
    };
    if (sweep !== first.manifest.sweep) {
      refuse(`belongs to another sweep than ${first.name}`, 'name the shards of one sweep');
    }
    if (shard === null) refuse('is a whole sweep already', 'name shards');
    const { index, count } = shard!;
    if (count !== first.manifest.shard?.count) {
      refuse(`is one of ${count} shards, ${first.name} is not`, 'divide the sweep in one way');
    }
    if (!complete) refuse('is not finished', `go on with --resume --shard ${index}/${count}`);
    const other = seen.get(index);
    if (other) refuse(`is shard ${index} as ${other.name} is`, 'name each shard once');
    seen.set(index, part);
  }
  const { count } = first.manifest.shard!;
  const missing = Array.from({ length: count }, (_, i) => i + 1).find((index) => !seen.has(index));
  if (missing !== undefined) {
    const remedy = `make it by sim sweep --shard ${missing}/${count} and name it too`;
    throw new InputError(`${first.name}: shard ${missing} of ${count} is missing, ${remedy}`);
  }
}

/** A shard's row, with its run. */
function take(row: SweepRow, from: SweepDirectory, whole: SweepDirectory): SweepRow {
  const crash = from.crash(row.runId);
  if (row.status === 'crashed') whole.crashed(row.runId, crash ?? 'no reason is known');
  else whole.adopt(from, row.runId);
  return { ...row, ...outcomeOf(whole.finished(row.runId)) };
}
