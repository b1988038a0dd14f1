/** Failure logs: a row per outage, with the node, when it failed and when it was repaired. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { ScenarioError } from '../scenario/error.js';
import type { OutageCursor, OutageTable, TraceFile } from './trace.js';

const US_PER_S = 1e6;
const PIECE = 1 << 18;

const required = ['node', 'failed_at_s', 'repaired_at_s'] as const;
const howRows = `write a header with ${required.join(', ')} (and cause), then a row per outage`;

/**
 * Of one node, outages that overlap or touch become one, their union. A row that names no repair
 * lasts to the end of the log and beyond. Takes some 30 bytes per row.
 *
 * @throws ScenarioError, or what `fs` does
 */
export function readFailureLog(path: string): TraceFile {
  const log = new FailureLog(path);
  const hash = createHash('sha256');
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.allocUnsafe(PIECE);
  const file = openSync(path, 'r');
  let rest = '';
  try {
    for (;;) {
      const read = readSync(file, buffer, 0, PIECE, null);
      if (read === 0) break;
      hash.update(buffer.subarray(0, read));
      const lines = (rest + decoder.write(buffer.subarray(0, read))).split('\n');
      rest = lines.pop()!;
      for (const line of lines) log.take(line);
    }
  } finally {
    closeSync(file);
  }
  log.take(rest + decoder.end());
  return log.finish(hash.digest('hex'));
}

class FailureLog {
  private readonly path: string;
  private line = 0;
  /** Where the required columns stand; null: the header is still to come. */
  private columns: readonly number[] | null = null;
  private readonly numbers = new Map<string, number>();
  private readonly node: number[] = [];
  private readonly beginUs: number[] = [];
  private readonly endUs: number[] = [];
  private rows = 0;
  private empty = 0;

  constructor(path: string) {
    this.path = path;
  }

  take(text: string): void {
    this.line += 1;
    const marked = this.line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
    const line = marked.endsWith('\r') ? marked.slice(0, -1) : marked;
    if (line.trim() === '' || line.startsWith('#')) return;
    if (this.columns === null) this.columns = this.header(line);
    else this.row(fieldsOf(line), this.columns);
  }

  finish(sha256: string): TraceFile {
    if (this.columns === null || this.node.length === 0) {
      this.line = 1;
      this.fail(1, 'there are no outages in this log', howRows);
    }
    const { outages, merged } = this.union();
    let endUs = 0;
    for (const [index, beginUs] of outages.beginUs.entries()) {
      const last = outages.endUs[index];
      endUs = Math.max(endUs, Number.isFinite(last) ? last : beginUs + 1);
    }
    const { path, rows, empty } = this;
    const nodes = outages.first.length - 1;
    return { path, sha256, nodes, rows, merged, empty, neverUp: 0, startUs: 0, endUs, outages };
  }

  private header(line: string): readonly number[] {
    const names = fieldsOf(line).map(({ text }) => text.trim().toLowerCase());
    return required.map((name) => {
      const column = names.indexOf(name);
      return column >= 0 ? column : this.fail(1, `there is no column ${name}`, howRows);
    });
  }

  private row(fields: readonly Field[], columns: readonly number[]): void {
    const [node, failed, repaired] = columns.map((column) => {
      const remedy = 'give each row all columns of the header';
      return fields[column] ?? this.fail(1, `only ${fields.length} values in this row`, remedy);
    });
    const beginUs = this.instant(failed);
    const endUs = repaired.text.trim() === '' ? Infinity : this.instant(repaired);
    if (endUs < beginUs) {
      const problem = `repaired at ${repaired.text.trim()}s, before it failed`;
      this.fail(repaired.column, problem, 'write when it was repaired, or nothing if it never was');
    }
    this.rows += 1;
    if (endUs === beginUs) {
      this.empty += 1;
      return;
    }
    const name = node.text.trim();
    if (name === '') this.fail(node.column, 'the row names no node', 'name it');
    const number = this.numbers.get(name) ?? this.numbers.size;
    this.numbers.set(name, number);
    this.node.push(number);
    this.beginUs.push(beginUs);
    this.endUs.push(endUs);
  }

  private instant({ text, column }: Field): number {
    const word = text.trim();
    const seconds = word === '' ? NaN : Number(word);
    if (seconds >= 0 && seconds <= Number.MAX_SAFE_INTEGER / US_PER_S) {
      return Math.round(seconds * US_PER_S);
    }
    const shown = JSON.stringify(word.slice(0, 20));
    return this.fail(column, `${shown} is not a number of seconds`, 'write seconds, 0 or more');
  }

  /** By the order of names, numbers among them by value, and of time. */
  private union(): { outages: OutageTable; merged: number } {
    const { node, beginUs, endUs } = this;
    const names = [...this.numbers.keys()];
    const rank = new Int32Array(names.length);
    names.sort(byName).forEach((name, place) => {
      rank[this.numbers.get(name)!] = place;
    });
    const order = Array.from(node.keys()).sort(
      (a, b) => rank[node[a]] - rank[node[b]] || beginUs[a] - beginUs[b],
    );
    const first = new Int32Array(names.length + 1);
    const begins: number[] = [];
    const ends: number[] = [];
    let before = -1;
    for (const row of order) {
      const place = rank[node[row]];
      const last = ends.length - 1;
      if (place === before && beginUs[row] <= ends[last]) {
        ends[last] = Math.max(ends[last], endUs[row]);
        continue;
      }
      if (place !== before) first[place] = begins.length;
      before = place;
      begins.push(beginUs[row]);
      ends.push(endUs[row]);
    }
    first[names.length] = begins.length;
    const table = { beginUs: Float64Array.from(begins), endUs: Float64Array.from(ends) };
    return { outages: { kind: 'table', first, ...table }, merged: node.length - begins.length };
  }

  private fail(column: number, problem: string, remedy: string): never {
    throw new ScenarioError({ file: this.path, line: this.line, column }, { problem, remedy });
  }
}

/** Numbers by value and before all else; the rest by code unit, not by any locale. */
function byName(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (!Number.isNaN(difference) && difference !== 0) return difference;
  const numbers = Number(Number.isNaN(Number(a))) - Number(Number.isNaN(Number(b)));
  return numbers !== 0 ? numbers : a < b ? -1 : Number(a > b);
}

interface Field {
  readonly text: string;
  /** Where it stands in its line, from 1. */
  readonly column: number;
}

/** Between commas; in double quotes a comma is part of the value, and two quotes are one. */
function fieldsOf(line: string): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at <= line.length; ) {
    const column = at + 1;
    if (line[at] !== '"') {
      const comma = line.indexOf(',', at);
      const end = comma < 0 ? line.length : comma;
      fields.push({ text: line.slice(at, end), column });
      at = end + 1;
      continue;
    }
    let text = '';
    for (at += 1; at < line.length; at += 1) {
      if (line[at] !== '"') text += line[at];
      else if (line[at + 1] === '"') text += line[(at += 1)];
      else break;
    }
    fields.push({ text, column });
    const comma = line.indexOf(',', at + 1);
    at = comma < 0 ? line.length + 1 : comma + 1;
  }
  return fields;
}

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
}
