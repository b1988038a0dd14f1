/** Tells how a sweep went, and sets the exit code accordingly. */
import { join } from 'node:path';
import { elementaryEffects, measureIn, type SweepRow } from '../../analysis/sweep/index.js';
import { promisesText } from '../../analysis/promise-words.js';
import { meanInterval } from '../../analysis/statistics/mean.js';
import { count, duration, list, quantity, some } from '../../analysis/words.js';
import type { ConductedSweep } from '../../campaign/sweep/conduct-sweep.js';
import { readOutline, type SweepOutline } from '../../experiment/sweep/index.js';
import pc from '../colors.js';
import { exit, type ExitCode } from '../exit.js';
import { interruptedCode } from '../interruption.js';
import { plainTable, tableText, wrapped } from '../text.js';

/** More cells would be read by nobody. */
const MOST_CELLS = 40;
const MOST_TOLD = 4;

export function printSweep(
  conducted: ConductedSweep,
  how: { readonly json: boolean; readonly quiet: boolean },
): void {
  process.exitCode = exitCodeOf(conducted);
  if (how.json) console.log(JSON.stringify(asJson(conducted), null, 2));
  else if (!how.quiet) console.log(text(conducted));
}

export function exitCodeOf({ rows, interrupted }: {
  readonly rows: readonly Pick<SweepRow, 'status'>[];
  readonly interrupted: boolean;
}): ExitCode {
  if (interrupted) return interruptedCode();
  if (rows.some(({ status }) => status === 'crashed')) return exit.defect;
  return rows.some(({ status }) => status === 'broken') ? exit.broken : exit.ok;
}

function asJson({ directory, path, rows, interrupted, kept }: ConductedSweep): object {
  const effects = effectsOf(readOutline(join(directory.path, 'sweep.yaml')), rows);
  const number = (status: SweepRow['status']): number =>
    rows.filter((row) => row.status === status).length;
  return {
    directory: path,
    runs: rows.length,
    kept,
    ok: number('ok'),
    broken: number('broken'),
    crashed: number('crashed'),
    interrupted,
    table: join(path, 'runs.csv'),
    ...(effects.length === 0 ? {} : { effects }),
  };
}

function text(conducted: ConductedSweep): string {
  const { directory, path, rows, interrupted, kept, wallSeconds } = conducted;
  const outline = readOutline(join(directory.path, 'sweep.yaml'));
  const { name, axes } = outline;
  const before = kept === 0 ? '' : `, ${count(kept)} of them from before`;
  const heading =
    `${pc.bold(name)}: ${some(rows.length, 'run')}${before}, in ${duration(wallSeconds)}`;
  return [
    heading,
    ...(interrupted ? [pc.yellow('Interrupted; --resume goes on from here.')] : []),
    ...promises(rows),
    ...trouble(rows, 'broken', 'broke an invariant, or its bound'),
    ...trouble(rows, 'crashed', `crashed (why: ${path}/crashes)`),
    ...cellTable(axes.map((axis) => axis.path), rows),
    ...screening(outline, rows),
    '',
    `Sweep directory  ${path}`,
    `Report           sim report ${path}`,
  ].join('\n');
}

function promises(rows: readonly SweepRow[]): string[] {
  const { text, reasons } = promisesText(rows);
  return [`${text}.`, ...reasons.map((why) => wrapped(`No bound in ${why}`))];
}

function trouble(rows: readonly SweepRow[], status: SweepRow['status'], what: string): string[] {
  const ids = rows.filter((row) => row.status === status).map(({ runId }) => runId);
  if (ids.length === 0) return [];
  return [pc.red(`${some(ids.length, 'run')} ${what}: ${list(ids, MOST_TOLD)}`)];
}

const columns = [
  ['detection', 'detection.seconds.mean'],
  ['recovery per fault', 'recovery.perFault.mean'],
  ['longest settling', 'recovery.settle.max'],
  ['managed', 'availability.managedShare'],
  ['messages/s', 'messages.sentPerSecond'],
] as const;

/** Of a Morris design: how much each axis matters for each measure. */
function effectsOf(outline: SweepOutline, rows: readonly SweepRow[]) {
  const measures = outline.report.measures ?? columns.map(([, measure]) => measure);
  return measures.flatMap((measure) =>
    elementaryEffects(outline, rows, measure).map((effect) => ({ measure, ...effect })));
}

function screening(outline: SweepOutline, rows: readonly SweepRow[]): string[] {
  const lines = effectsOf(outline, rows).map((effect) => [
    effect.measure, effect.axis, quantity(effect.meanAbsolute), quantity(effect.mean),
    effect.deviation === null ? '-' : quantity(effect.deviation),
  ]);
  if (lines.length === 0) return [];
  const table = plainTable(['measure', 'axis', 'mean |effect|', 'mean effect', 'deviation'], 2);
  for (const line of lines) table.push(line);
  return ['', 'Elementary effects, per whole length of the axis', tableText(table)];
}

/** A row per cell, each measure's mean over the replications. */
function cellTable(axes: readonly string[], rows: readonly SweepRow[]): string[] {
  const cells = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.values);
    const own = cells.get(key);
    if (own) own.push(row);
    else cells.set(key, [row]);
  }
  const short = axes.map((path) => path.split('.').slice(-2).join('.'));
  const table = plainTable([...short, 'runs', ...columns.map(([title]) => title)], axes.length);
  for (const [key, own] of [...cells].slice(0, MOST_CELLS)) {
    const means = columns.map(([, measure]) => {
      const values = own.flatMap(({ scalars }) => measureIn(scalars, measure) ?? []);
      return meanInterval(values, 0.95)?.mean ?? null;
    });
    const [detection, recovery, settle, managed, messages] = means;
    const cell = (value: number | null, told: (value: number) => string): string =>
      value === null ? '-' : told(value);
    table.push([
      ...(JSON.parse(key) as string[]),
      count(own.length),
      ...[detection, recovery, settle].map((value) => cell(value, duration)),
      cell(managed, (share) => `${quantity(share * 100)}%`),
      cell(messages, quantity),
    ]);
  }
  const more = cells.size - MOST_CELLS;
  return ['', tableText(table), ...(more > 0 ? [`... and ${some(more, 'more cell')}`] : [])];
}
