import type { OutageCursor, OutageTable } from './trace.js';

/** Over a table that is all in memory. */
export class TableCursor implements OutageCursor {
  beginUs = 0;
  endUs = 0;
  private readonly table: OutageTable;
  private readonly at: Int32Array;

  constructor(table: OutageTable) {
    this.table = table;
    this.at = table.first.slice();
  }

  next(node: number): boolean {
    const at = this.at[node];
    if (at >= this.table.first[node + 1]) return false;
    this.at[node] = at + 1;
    this.beginUs = this.table.beginUs[at];
    this.endUs = this.table.endUs[at];
    return true;
  }

  rewind(node: number): void {
    this.at[node] = this.table.first[node];
  }
}
