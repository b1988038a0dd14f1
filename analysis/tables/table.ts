/** A table of a run directory. */
import { cellsOf, columnsOf, readRow, type Cell, type Column, type Fields } from './column.js';
import { csv, parseRows } from './csv.js';

export interface Table<Row> {
  /** Of its files, without their endings. */
  readonly name: string;
  /** What a row is about. */
  readonly about: string;
  readonly columns: readonly Column[];
  readonly cells: (row: Row) => Cell[];
  /** From CSV. @throws TableDefect */
  readonly read: (text: string) => Row[];
}

/** In pieces. */
export function csvOf<Row>({ columns, cells }: Table<Row>, rows: Iterable<Row>): Iterable<string> {
  return csv(columns.map(({ name }) => name), mapped(rows, cells));
}

function* mapped<From, To>(rows: Iterable<From>, change: (row: From) => To): Generator<To> {
  for (const row of rows) yield change(row);
}

/** One whose columns are the fields of its rows. */
export function tableOf<Row extends object>(
  name: string, about: string, fields: Fields<Row>,
): Table<Row> {
  return {
    name,
    about,
    columns: columnsOf(fields),
    cells: (row) => cellsOf(fields, row),
    read: (text) => parseRows(text, (cells, header) =>
      readRow(fields, Object.fromEntries(header.map((column, index) => [column, cells[index]])))),
  };
}
