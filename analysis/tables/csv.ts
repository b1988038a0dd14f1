/** Tables as CSV, written and read. */
import { stringify } from 'csv-stringify/sync';
import { CellDefect, type Cell } from './column.js';

/** Of a piece: rows at most, and cells, since some tables are wide. */
const BATCH = 4096;
const BATCH_CELLS = 1 << 16;

/** With a header line; pieces of some thousand rows, so that a long table needs little memory. */
export function* csv(
  columns: readonly string[], rows: Iterable<readonly Cell[]>,
): Generator<string> {
  const most = Math.min(BATCH, Math.ceil(BATCH_CELLS / Math.max(1, columns.length)));
  let batch: (readonly Cell[])[] = [columns];
  for (const row of rows) {
    batch.push(row);
    if (batch.length <= most) continue;
    yield csvLines(batch);
    batch = [];
  }
  yield csvLines(batch);
}

/** Without a header; with the end of each line. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify([...rows], { cast: { boolean: String } });
}

/** A table is not one that {@link csv} wrote. */
export class TableDefect extends Error {
  /** From 1, the header's. */
  readonly row: number;

  constructor(row: number, message: string) {
    super(message);
    this.row = row;
  }
}

/** Reads what {@link csv} wrote: one object per row, by the names in the header. */
export function parseCsv(text: string): Record<string, string>[] {
  return parseRows(text, (row, header) =>
    Object.fromEntries(header.map((name, index) => [name, row[index]])));
}

/**
 * Reads what {@link csv} wrote. Throws {@link TableDefect}.
 *
 * @param make - what becomes of a row's cells; may throw CellDefect
 */
export function parseRows<Row>(
  text: string,
  make: (cells: readonly string[], header: readonly string[]) => Row,
): Row[] {
  const [header = [], ...rows] = cellsIn(text);
  if (header.length === 0) throw new TableDefect(1, 'the table is empty');
  return rows.map((row, place) => {
    if (row.length !== header.length) {
      const problem = `this row has ${row.length} values, and the header ${header.length}`;
      throw new TableDefect(place + 2, problem);
    }
    try {
      return make(row, header);
    } catch (error) {
      throw error instanceof CellDefect ? new TableDefect(place + 2, error.message) : error;
    }
  });
}

function cellsIn(text: string): string[][] {
  // Most tables have no quotes, and are long.
  if (text.includes('"')) return quotedCells(text);
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.pop() !== '') throw new TableDefect(lines.length + 1, 'the table is cut off here');
  return lines.map((line) => line.split(','));
}

/** Fields in quotes may hold commas, line ends and doubled quotes. */
function quotedCells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) throw new TableDefect(rows.length + 1, 'this is not CSV');
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    if (match[3] === '') throw new TableDefect(rows.length + 1, 'the table is cut off here');
    rows.push(row);
    row = [];
  }
  if (row.length > 0) throw new TableDefect(rows.length + 1, 'the table is cut off here');
  return rows;
}
