/** What a column of a table is, said once: CSV, Parquet, dictionary and CSVW follow from it. */

export type Cell = string | number | boolean | null;
export type ColumnType = 'text' | 'integer' | 'number' | 'boolean';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** SI, `bytes`, `messages` and the like, 1 for shares; null: no quantity. */
  readonly unit: string | null;
  readonly meaning: string;
  /** When a cell is empty; null: never. */
  readonly whenNull: string | null;
}

/** A column whose cells are the values of a field of the same name. */
export interface Field<Value extends Cell> extends Omit<Column, 'name'> {
  /** @param text - undefined: the table is an older one that lacks the column */
  readonly read: (text: string | undefined, column: string) => Value;
}

/** A row, by the fields of its table. */
export type RowOf<F> = {
  readonly [Name in keyof F]: F[Name] extends Field<infer Value> ? Value : never;
};

/** A field for each of a row's, in the order of the columns. */
export type Fields<Row> = {
  readonly [Name in keyof Row]-?: Row[Name] extends Cell ? Field<Row[Name]> : never;
};

/** A cell is none that its column can hold. */
export class CellDefect extends Error {}

/** A quantity; with `whenNull`, one that may be missing. */
export function quantity(unit: string, meaning: string): Field<number>;
export function quantity(unit: string, meaning: string, whenNull: string): Field<number | null>;
export function quantity(unit: string, meaning: string, whenNull?: string): Field<never> {
  return numeric('number', unit, meaning, whenNull) as Field<never>;
}

/** A whole number of something. */
export function count(unit: string, meaning: string): Field<number> {
  return numeric('integer', unit, meaning) as Field<number>;
}

export function flag(meaning: string): Field<boolean> {
  return { type: 'boolean', unit: null, meaning, whenNull: null, read: (text) => text === 'true' };
}

export function words(meaning: string): Field<string> {
  return { type: 'text', unit: null, meaning, whenNull: null, read: (text) => text ?? '' };
}

/** One of a few words; what is none of them reads as the last. */
export function oneOf<Word extends string>(choices: readonly Word[], meaning: string): Field<Word> {
  return {
    type: 'text',
    unit: null,
    meaning: `${meaning}: ${choices.join(', ')}`,
    whenNull: null,
    read: (text) => choices.find((word) => word === text) ?? choices[choices.length - 1],
  };
}

export function columnsOf<Row>(fields: Fields<Row>): readonly Column[] {
  return Object.entries(fields as Readonly<Record<string, Field<Cell>>>).map(
    ([name, { type, unit, meaning, whenNull }]) => ({ name, type, unit, meaning, whenNull }),
  );
}

/** Of a row, in the order of the columns. */
export function cellsOf<Row extends object>(fields: Fields<Row>, row: Row): Cell[] {
  return Object.keys(fields).map((name) => row[name as keyof Row] as Cell);
}

export function readRow<Row extends object>(
  fields: Fields<Row>, texts: Readonly<Record<string, string>>,
): Row {
  const entries = Object.entries(fields as Readonly<Record<string, Field<Cell>>>);
  return Object.fromEntries(entries.map(([name, { read }]) => [name, read(texts[name], name)])) as
    Row;
}

/** A cell's text as its value. @throws CellDefect */
export function valueOf(type: ColumnType, text: string, column: string): Cell {
  if (type === 'text') return text;
  if (text === '') return null;
  return type === 'boolean' ? text === 'true' : numberIn(text, column);
}

function numeric(
  type: 'number' | 'integer', unit: string, meaning: string, whenNull: string | null = null,
): Field<number | null> {
  return {
    type, unit, meaning, whenNull,
    read: (text, column) => {
      if (text === undefined || text === '') return whenNull === null ? 0 : null;
      return numberIn(text, column);
    },
  };
}

function numberIn(text: string, column: string): number {
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  throw new CellDefect(`${JSON.stringify(text.slice(0, 20))} in ${column} is no number`);
}
