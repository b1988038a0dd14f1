/** Tables of sweeps that are kept in results/reference. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meanInterval } from '../../analysis/statistics/mean.js';
import { measureIn } from '../../analysis/sweep/measures.js';
import { readRuns, type SweepRow } from '../../analysis/sweep/table.js';
import { loadSweep } from '../../checker/scenario.js';
import type { Sweep } from '../../experiment/sweep/index.js';

const table = (name: string): string => join('results/reference', name, 'runs.csv');

/** Says so in the test's report: `npm run reference` has yet to make that table. */
export function unlessKept(name: string): { skip: string | false } {
  return { skip: existsSync(table(name)) ? false : `no kept table: npm run reference -- ${name}` };
}

/** Of all that are kept. */
export function keptNames(): string[] {
  return readdirSync('scenarios/sweeps').map((file) => file.replace('.yaml', ''))
    .filter((name) => existsSync(table(name)));
}

export function keptRows(name: string): { sweep: Sweep; rows: SweepRow[] } {
  const sweep = loadSweep(join('scenarios/sweeps', `${name}.yaml`));
  const paths = sweep.axes.map(({ path }) => path);
  return { sweep, rows: readRuns(readFileSync(table(name), 'utf8'), paths) };
}

/** Of the runs in the cell with these values: a measure of each, by replication. */
export function valuesIn(
  rows: readonly SweepRow[], values: readonly string[], measure: string,
): number[] {
  return rows.filter((row) => row.values.join() === values.join())
    .flatMap(({ scalars }) => measureIn(scalars, measure) ?? []);
}

/** Their mean. */
export function meanIn(
  rows: readonly SweepRow[], values: readonly string[], measure: string,
): number {
  return meanInterval(valuesIn(rows, values, measure), 0.95)!.mean;
}
