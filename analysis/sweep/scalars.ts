/** A run's summary as one row of numbers. */
import type { Summary } from '../measures/index.js';

export type Scalar = number | boolean | string | null;
export type Scalars = Readonly<Record<string, Scalar>>;

/** The scalars of a summary by dotted name; of invariants the numbers checked and broken. */
export function scalarsOf(summary: Summary): Scalars {
  const { scenario: _scenario, seed: _seed, invariants, ...rest } = summary;
  const { final, ...before } = rest;
  const scalars: Record<string, Scalar> = {};
  flatten('', before, scalars);
  scalars['invariants.checked'] = invariants.checked.length;
  scalars['invariants.broken'] = invariants.broken.length;
  flatten('final.', final, scalars);
  return scalars;
}

function flatten(prefix: string, value: object, into: Record<string, Scalar>): void {
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    if (Array.isArray(inner)) continue;
    const name = `${prefix}${key}`;
    if (typeof inner === 'object' && inner !== null) flatten(`${name}.`, inner, into);
    else into[name] = inner as Scalar;
  }
}

/**
 * All names that occur, each after the one it follows in the first row that has it: message types
 * or rules that only some runs know get their columns among their like.
 */
export function columnsOf(rows: readonly Scalars[]): string[] {
  const columns: string[] = [];
  const known = new Set<string>();
  for (const row of rows) {
    const names = Object.keys(row);
    if (names.every((name) => known.has(name))) continue;
    let place = 0;
    for (const name of names) {
      if (known.has(name)) {
        place = columns.indexOf(name) + 1;
        continue;
      }
      columns.splice(place, 0, name);
      known.add(name);
      place += 1;
    }
  }
  return columns;
}
