/** A sweep as charts need it: one axis to draw against, the others told apart by line. */
import { keyOf, type Linked } from '../linked/index.js';
import { screen, type Page } from '../theme.js';
import type { SweepRow } from '../../sweep/index.js';
import { measureIn, valueKind } from '../../sweep/index.js';
import { estimateOf, type Estimate } from '../../statistics/estimate.js';
import type { ResolvedScenario } from '../../../experiment/scenario/resolved.js';
import type { Axis, Sweep, SweepOutline } from '../../../experiment/sweep/index.js';
import { axisScale, axisTitle, type AxisScale } from './axis.js';

export const CONFIDENCE = 0.95;

/** One combination of values. */
export interface SweepCell extends Linked {
  /** Of each axis. */
  readonly values: readonly string[];
  /** Position on the x axis, or the name there. */
  readonly x: number | string;
  readonly variant: string;
  /** Without those that crashed. */
  readonly rows: readonly SweepRow[];
}

export interface SweepData {
  readonly page: Page;
  readonly outline: SweepOutline;
  readonly rows: readonly SweepRow[];
  /** In design order, those without a run left out. */
  readonly cells: readonly SweepCell[];
  /** Drawn against; undefined if nothing is varied. */
  readonly axis: Axis | undefined;
  readonly scale: AxisScale;
  readonly title: string;
  /** One line each; a single one has the empty name. */
  readonly variants: readonly string[];
  /** What ran in the cell with these values; null: not known, as where a plug-in is named. */
  readonly scenarioOf: (values: readonly string[]) => ResolvedScenario | null;
}

/** With the scenarios of its cells, where they are known. */
export type KnownSweep = SweepOutline & Partial<Pick<Sweep, 'cells'>>;

export function sweepData(
  outline: KnownSweep, rows: readonly SweepRow[], page: Page = screen,
): SweepData {
  const { axes, report, cells: designed = [] } = outline;
  const scenarios = new Map(designed.map(({ values, scenario }) =>
    [JSON.stringify(values), scenario]));
  const axis = chosenAxis(axes);
  const scale = axisScale(axis?.values ?? ['']);
  const place = axis === undefined ? -1 : axes.indexOf(axis);
  const byCell = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.values);
    const cell = byCell.get(key);
    if (cell) cell.push(row);
    else byCell.set(key, [row]);
  }
  const cells = [...byCell.values()].map((own): SweepCell => {
    const { values } = own[0];
    const x = axis === undefined ? 0 : axis.values.indexOf(values[place]);
    return {
      values,
      x: scale.positions?.[x] ?? values[place] ?? '',
      variant: variantOf(axes, values, place, report.axes),
      of: keyOf(axes, values),
      ofLine: keyOf(axes, values, place),
      rows: own.filter(({ status }) => status !== 'crashed'),
    };
  });
  return {
    page,
    outline,
    rows,
    cells,
    axis,
    scale,
    title: axis === undefined ? 'nothing is varied' : axisTitle(axis.path, report.axes),
    variants: [...new Set(cells.map(({ variant }) => variant))],
    scenarioOf: (values) => scenarios.get(JSON.stringify(values)) ?? null,
  };
}

/** Of those with numbers the one with most values. */
function chosenAxis(axes: readonly Axis[]): Axis | undefined {
  const most = (some: readonly Axis[]): Axis | undefined =>
    some.reduce<Axis | undefined>(
      (best, axis) => (best && best.values.length >= axis.values.length ? best : axis),
      undefined,
    );
  return most(axes.filter(({ values }) => axisScale(values).positions !== null)) ?? most(axes);
}

function variantOf(
  axes: readonly Axis[],
  values: readonly string[],
  place: number,
  titles: Readonly<Record<string, string>>,
): string {
  return axes
    .map(({ path }, index) => ({ name: axisTitle(path, titles), index }))
    .filter(({ index }) => index !== place && axes[index].values.length > 1)
    .map(({ name, index }) => `${name} ${values[index]}`)
    .join(', ');
}

/** A measure's mean over the replications of a cell, and how sure it is; null: never measured. */
export function inCell(cell: SweepCell, measure: string): Estimate | null {
  const values = cell.rows.flatMap(({ scalars }) => measureIn(scalars, measure) ?? []);
  return estimateOf(values, valueKind(measure), CONFIDENCE);
}
