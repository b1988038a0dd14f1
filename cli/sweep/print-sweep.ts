/** Tells how a sweep went, and sets the exit code accordingly. */
import { join } from 'node:path';
import { estimateText, warningsOf } from '../../analysis/estimate-words.js';
import { measureWords } from '../../analysis/measure-words.js';
import {
  elementaryEffects, measureIn, valueKind, type SweepRow,
} from '../../analysis/sweep/index.js';
import { promisesText } from '../../analysis/promise-words.js';
import { estimateOf, type Estimate } from '../../analysis/statistics/estimate.js';
import { count, duration, list, quantity, some } from '../../analysis/words.js';
import type { FinishedSweep } from '../../campaign/sweep/run-sweep.js';
import { readOutline, type SweepOutline } from '../../experiment/sweep/index.js';
import { answer } from '../answer.js';
import pc from '../colors.js';
import { exit, type ExitCode } from '../exit.js';
import { interruptedCode } from '../interruption.js';
import type { OutputArguments } from '../options.js';
import { plainTable, tableText, wrapped } from '../text.js';

/** More cells would be read by nobody. */
const MOST_CELLS = 40;
const MOST_TOLD = 4;

export function printSweep(finished: FinishedSweep, how: OutputArguments): void {
  process.exitCode = exitCodeOf(finished);
  answer(how, () => asJson(finished), () => text(finished));
}

export function exitCodeOf({ rows, interrupted }: {
  readonly rows: readonly Pick<SweepRow, 'status'>[];
  readonly interrupted: boolean;
}): ExitCode {
  if (interrupted) return interruptedCode();
  if (rows.some(({ status }) => status === 'crashed')) return exit.defect;
  return rows.some(({ status }) => status === 'broken') ? exit.broken : exit.ok;
}

function asJson({ directory, path, rows, interrupted, kept }: FinishedSweep): object {
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

function text(finished: FinishedSweep): string {
  const { directory, path, rows, interrupted, kept, wallSeconds } = finished;
  const outline = readOutline(join(directory.path, 'sweep.yaml'));
  const { name } = outline;
  const before = kept === 0 ? '' : `, ${count(kept)} of them from before`;
  const heading =
    `${pc.bold(name)}: ${some(rows.length, 'run')}${before}, in ${duration(wallSeconds)}`;
  return [
    heading,
    ...(interrupted ? [pc.yellow('Interrupted; --resume goes on from here.')] : []),
    ...promises(rows),
    ...trouble(rows, 'broken', 'broke an invariant, or its bound'),
    ...trouble(rows, 'crashed', `crashed (why: ${path}/crashes)`),
    ...cellTable(outline, rows),
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

/** Of a sweep whose report names none. */
const usual: readonly string[] = [
  'detection.seconds.mean', 'recovery.perFault.mean', 'recovery.settle.max',
  'availability.managedShare', 'messages.sentPerSecond',
];

function measuresFor({ report }: SweepOutline): readonly string[] {
  return report.measures ?? usual;
}

/** Of a Morris design: how much each axis matters for each measure. */
function effectsOf(outline: SweepOutline, rows: readonly SweepRow[]) {
  return measuresFor(outline).flatMap((measure) =>
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

/** A row per cell: each measure's mean over the replications, and its interval. */
function cellTable(outline: SweepOutline, rows: readonly SweepRow[]): string[] {
  const axes = outline.axes.map(({ path }) => path);
  const measures = measuresFor(outline);
  const cells = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.values);
    const own = cells.get(key);
    if (own) own.push(row);
    else cells.set(key, [row]);
  }
  const short = axes.map((path) => path.split('.').slice(-2).join('.'));
  const titles = measures.map((measure) => measureWords(measure).title);
  const table = plainTable([...short, 'runs', ...titles], axes.length);
  const shown: Estimate[] = [];
  for (const [key, own] of [...cells].slice(0, MOST_CELLS)) {
    const told = measures.map((measure) => {
      const values = own.flatMap(({ scalars }) => measureIn(scalars, measure) ?? []);
      const estimate = estimateOf(values, valueKind(measure), 0.95);
      if (estimate === null) return '-';
      shown.push(estimate);
      return estimateText(estimate, measureWords(measure).told, own.length);
    });
    table.push([...(JSON.parse(key) as string[]), count(own.length), ...told]);
  }
  const more = cells.size - MOST_CELLS;
  return [
    '', tableText(table), ...(more > 0 ? [`... and ${some(more, 'more cell')}`] : []),
    ...warningsOf(shown).map(wrapped),
  ];
}
