/**
 * Tables as Parquet: typed, compressed, read by DuckDB, pandas, R and others. Not in the index of
 * this folder, since only tables of sweeps need the library.
 */
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { Cell, Column } from './column.js';

/** Cells that are kept in memory until they become a row group. */
const GROUP_CELLS = 1 << 18;

const physical = { text: 'BYTE_ARRAY', integer: 'INT64', number: 'DOUBLE', boolean: 'BOOLEAN' } as
  const;

/** The same rows make the same bytes. */
export class ParquetFile {
  private readonly columns: readonly Column[];
  private readonly writer: ParquetWriter;
  private readonly groupRows: number;
  private data: (Cell | bigint)[][];

  constructor(path: string, columns: readonly Column[]) {
    this.columns = columns;
    this.groupRows = Math.max(1, Math.floor(GROUP_CELLS / columns.length));
    this.data = columns.map(() => []);
    this.writer = new ParquetWriter({
      writer: fileWriter(path),
      createdBy: 'howdah',
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(({ name, type, whenNull }) => ({
          name,
          type: physical[type],
          ...(type === 'text' ? { converted_type: 'UTF8' as const } : {}),
          repetition_type: whenNull === null ? 'REQUIRED' as const : 'OPTIONAL' as const,
        })),
      ],
    });
  }

  /** A row; null where a cell is empty. */
  add(cells: readonly Cell[]): void {
    for (const [index, { type }] of this.columns.entries()) {
      const cell = cells[index];
      this.data[index].push(type === 'integer' && cell !== null ? BigInt(cell) : cell);
    }
    if (this.data[0].length === this.groupRows) this.flush();
  }

  close(): void {
    this.flush();
    // Synchronous, since its file writer is.
    void this.writer.finish();
  }

  private flush(): void {
    if (this.data[0].length === 0) return;
    const columnData = this.columns.map(({ name }, index) => ({ name, data: this.data[index] }));
    void this.writer.write({ columnData, rowGroupSize: this.groupRows });
    this.data = this.columns.map(() => []);
  }
}
