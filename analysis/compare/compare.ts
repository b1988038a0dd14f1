/** Two sides, measure by measure and cell by cell. */
import { measureIn, valueKind } from '../sweep/index.js';
import { holm } from '../statistics/holm.js';
import { effectOf, type Effect, type Values } from './effect.js';
import type { ComparedRun, Side } from './side.js';

/** What most people want to know of two systems. */
export const usualComparison: readonly string[] = [
  'detection.seconds.mean', 'detection.falsePositives', 'recovery.perFault.mean',
  'recovery.settle.p95', 'availability.unmanagedShare', 'messages.sentPerSecond',
  'messages.bytesPerSecond',
];

export interface Compared extends Effect {
  /** Empty where each side is one cell. */
  readonly cell: string;
  readonly measure: string;
  /** Of p, over all that is compared (Holm). */
  readonly adjusted: number | null;
  readonly outcome: Outcome;
}

/** `same`: alike in every pair; `few`: runs too few to tell. */
export type Outcome = 'more' | 'less' | 'unseen' | 'same' | 'few';

export interface Comparison {
  readonly first: Side;
  readonly second: Side;
  readonly compared: readonly Compared[];
  /** Of each side: runs whose seed or cell the other lacks. */
  readonly left: readonly [number, number];
  /** Measures without a value on either side. */
  readonly unmeasured: readonly string[];
}

interface Matched {
  readonly cell: string;
  readonly first: readonly ComparedRun[];
  readonly second: readonly ComparedRun[];
  readonly paired: boolean;
}

/** Undefined: the sides have no cell in common. */
export function compare(
  first: Side, second: Side, measures: readonly string[],
): Comparison | undefined {
  const cells = matched(first, second);
  if (cells.length === 0) return undefined;
  const raw = effectsIn(cells, measures);
  const compared = judgedTogether(raw);
  const used = (side: 'first' | 'second'): number =>
    cells.reduce((sum, one) => sum + one[side].length, 0);
  const left = [first.runs.length - used('first'), second.runs.length - used('second')] as const;
  const unmeasured = measures.filter((name) => !raw.some(({ measure }) => measure === name));
  return { first, second, compared, left, unmeasured };
}

/** Not yet judged: of a cell, on a measure. */
export type Unjudged = Omit<Compared, 'adjusted' | 'outcome'>;

/** None where the sides have no cell in common. */
export function effectsOf(first: Side, second: Side, measures: readonly string[]): Unjudged[] {
  return effectsIn(matched(first, second), measures);
}

function effectsIn(cells: readonly Matched[], measures: readonly string[]): Unjudged[] {
  return cells.flatMap((one) => measures.flatMap((measure) => {
    const effect = effectOf(valuesOf(one, measure), valueKind(measure));
    return effect === null ? [] : [{ cell: one.cell, measure, ...effect }];
  }));
}

/** Of everything that does not differ, at most one call in twenty says that something does. */
export function judgedTogether(raw: readonly Unjudged[]): Compared[] {
  const tested = raw.filter(({ p }) => p !== null);
  const adjusted = holm(tested.map(({ p }) => p ?? 1));
  return raw.map((one): Compared => {
    const own = one.p === null ? null : adjusted[tested.indexOf(one)];
    return { ...one, adjusted: own, outcome: outcomeOf(one, own) };
  });
}

function outcomeOf({ difference, count, p }: Effect, adjusted: number | null): Outcome {
  if (difference === 0 && p === null) return 'same';
  if (adjusted === null) return count < 2 ? 'few' : difference > 0 ? 'more' : 'less';
  if (adjusted >= 0.05) return 'unseen';
  return difference > 0 ? 'more' : 'less';
}

function matched(first: Side, second: Side): Matched[] {
  const [a, b] = [byCell(first), byCell(second)];
  if (a.size === 1 && b.size === 1) {
    const [[cell, own]] = a;
    const [[other, others]] = b;
    const name = cell === other ? cell : '';
    return [pairedUp(name, own, others)];
  }
  return [...a].flatMap(([cell, own]) => {
    const others = b.get(cell);
    return others === undefined ? [] : [pairedUp(cell, own, others)];
  });
}

function byCell({ runs }: Side): Map<string, ComparedRun[]> {
  const cells = new Map<string, ComparedRun[]>();
  for (const run of runs) cells.set(run.cell, [...(cells.get(run.cell) ?? []), run]);
  return cells;
}

/** By seed; where no seed is on both sides, as they are. */
function pairedUp(
  cell: string, first: readonly ComparedRun[], second: readonly ComparedRun[],
): Matched {
  const bySeed = new Map(second.map((run) => [run.seed, run]));
  const pairs = first.flatMap((run) => {
    const other = bySeed.get(run.seed);
    return other === undefined ? [] : [[run, other] as const];
  });
  if (pairs.length === 0) return { cell, first, second, paired: false };
  const [own, others] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  return { cell, first: own, second: others, paired: true };
}

/** A run without a value takes its partner along: a difference needs both. */
function valuesOf({ first, second, paired }: Matched, measure: string): Values {
  const of = ({ scalars }: ComparedRun): number | null => measureIn(scalars, measure);
  if (!paired) {
    const all = (runs: readonly ComparedRun[]): number[] => runs.flatMap((run) => of(run) ?? []);
    return { paired, first: all(first), second: all(second) };
  }
  const pairs = first.flatMap((run, index) => {
    const [one, other] = [of(run), of(second[index])];
    return one === null || other === null ? [] : [[one, other] as const];
  });
  return { paired, pairs };
}

