/** Which axes matter: elementary effects of a Morris design (Morris 1991, Campolongo 2007). */
import type { SweepOutline } from '../../experiment/sweep/index.js';
import { measureIn } from './measures.js';
import type { SweepRow } from './table.js';

/** Of one axis on a measure, per full length of the axis and in the measure's unit. */
export interface Effect {
  /** Of linked axes the first. */
  readonly axis: string;
  /** Mean of the absolute effects, mu*: how much the axis matters. */
  readonly meanAbsolute: number;
  /** Mean, mu: less than that in size where effects of both signs occur. */
  readonly mean: number;
  /** Standard deviation, sigma: large where the effect depends on the other axes, or is curved. */
  readonly deviation: number | null;
  readonly count: number;
}

/** The greatest first; empty unless the design is Morris's. */
export function elementaryEffects(
  { axes, design }: Pick<SweepOutline, 'axes' | 'design'>,
  rows: readonly SweepRow[],
  measure: string,
): Effect[] {
  if (design.kind !== 'morris') return [];
  const cells = cellsOf(rows, measure);
  const length = lengthOf(rows, design.trajectories);
  const effects = new Map<number, number[]>();
  for (let number = 1; number < design.trajectories * length; number += 1) {
    const [before, after] = [cells.get(number), cells.get(number + 1)];
    if (number % length === 0 || before === undefined || after === undefined) continue;
    const place = axes.findIndex((_, axis) => before.values[axis] !== after.values[axis]);
    if (place < 0) continue;
    const { values, shares = [] } = axes[place];
    const at = (cell: Cell): number => shares[values.indexOf(cell.values[place])];
    const own = effects.get(place) ?? [];
    effects.set(place, own);
    // Of a list not all steps have one length: of two values it is the whole of the axis.
    own.push((after.mean - before.mean) / (at(after) - at(before)));
  }
  return [...effects].map(([place, own]) => ({ axis: axes[place].path, ...summaryOf(own) }))
    .sort((a, b) => b.meanAbsolute - a.meanAbsolute);
}

/** A trajectory has a cell more than there are dimensions. */
function lengthOf(rows: readonly SweepRow[], trajectories: number): number {
  const cells = rows.reduce((most, { cell }) => Math.max(most, cell), 0);
  return Math.round(cells / trajectories);
}

interface Cell {
  readonly values: readonly string[];
  /** Over its replications. */
  readonly mean: number;
}

function cellsOf(rows: readonly SweepRow[], measure: string): Map<number, Cell> {
  const measured = new Map<number, { values: readonly string[]; own: number[] }>();
  for (const { cell, values, scalars } of rows) {
    const value = measureIn(scalars, measure);
    if (value === null) continue;
    const known = measured.get(cell);
    if (known) known.own.push(value);
    else measured.set(cell, { values, own: [value] });
  }
  return new Map([...measured].map(([cell, { values, own }]) =>
    [cell, { values, mean: meanOf(own) }]));
}

function summaryOf(effects: readonly number[]): Omit<Effect, 'axis'> {
  const mean = meanOf(effects);
  const squares = effects.reduce((sum, effect) => sum + (effect - mean) * (effect - mean), 0);
  return {
    meanAbsolute: meanOf(effects.map(Math.abs)),
    mean,
    deviation: effects.length < 2 ? null : Math.sqrt(squares / (effects.length - 1)),
    count: effects.length,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
