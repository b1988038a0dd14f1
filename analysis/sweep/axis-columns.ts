/** The columns that say which run of a sweep a row belongs to. */
import type { Axis } from '../../experiment/sweep/index.js';
import { quantityOf } from '../../experiment/language/units.js';
import type { Cell, Column } from '../tables/index.js';

/** Columns of the axes: of each its text, and of those that take quantities the number too. */
export class AxisColumns {
  readonly columns: readonly Column[];
  /** By axis; null: its values are no quantities, or of several kinds. */
  private readonly units: readonly (string | null)[];

  /** @param taken - names that the axes' columns must not have */
  constructor(axes: readonly Axis[], taken: ReadonlySet<string> = new Set()) {
    this.units = axes.map(({ values }) => unitOf(values));
    const texts = axes.map(({ path }): Column => ({
      name: taken.has(path) ? `vary.${path}` : path,
      type: 'text',
      unit: null,
      meaning: `value of the axis ${path}, as the sweep writes it`,
      whenNull: null,
    }));
    const numbers = axes.flatMap(({ path }, index): Column[] => {
      const unit = this.units[index];
      const meaning = `value of the axis ${path} as a number`;
      const whenNull = 'this value is no quantity';
      return unit === null
        ? [] : [{ name: numberName(path), type: 'number', unit, meaning, whenNull }];
    });
    this.columns = [...texts, ...numbers];
  }

  cells(values: readonly string[]): Cell[] {
    const numbers = values.filter((_, index) => this.units[index] !== null);
    return [...values, ...numbers.map((text) => quantityOf(text)?.value ?? null)];
  }
}

/** Of the column beside the one of the axis itself. */
export function numberName(path: string): string {
  return `${path}_si`;
}

function unitOf(values: readonly string[]): string | null {
  const units = new Set(values.flatMap((text) => quantityOf(text)?.unit ?? []));
  return units.size === 1 ? [...units][0] : null;
}
