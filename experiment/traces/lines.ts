/** A text file line by line, read in pieces, with the hash of its bytes. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { ScenarioError } from '../language/error.js';

const PIECE = 1 << 18;

/** What stands between two separators of a line. */
export interface Field {
  readonly text: string;
  /** Where it stands in its line, from 1. */
  readonly column: number;
}

/** Takes the lines of one file, and says where they are wrong. */
export abstract class LineReader {
  readonly path: string;
  /** From 1. */
  line = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** One line that is neither empty nor a comment. */
  protected abstract content(line: string): void;

  /** Lines that begin with `#`; by default they count for nothing. */
  protected comment(_line: string): void {
    // Nothing.
  }

  take(text: string): void {
    this.line += 1;
    const marked = this.line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
    const line = marked.endsWith('\r') ? marked.slice(0, -1) : marked;
    if (line.startsWith('PAR1')) this.fail(1, 'this is Parquet', 'write the table as CSV');
    if (line.startsWith('#')) this.comment(line);
    else if (line.trim() !== '') this.content(line);
  }

  fail(column: number, problem: string, remedy: string): never {
    const place = { file: this.path, line: Math.max(1, this.line), column };
    throw new ScenarioError(place, { problem, remedy });
  }

  /** A number of the trace's unit, as microseconds. */
  protected instant({ text, column }: Field, usPerUnit: number): number {
    const word = text.trim();
    const us = Math.round((word === '' ? NaN : Number(word)) * usPerUnit);
    if (us >= 0 && us <= Number.MAX_SAFE_INTEGER) return us;
    const shown = JSON.stringify(word.slice(0, 20));
    if (usPerUnit !== 1e6) return this.fail(column, `${shown} is no time`, 'write 0 or more');
    return this.fail(column, `${shown} is not a number of seconds`, 'write seconds, 0 or more');
  }
}

/** Passes a file to its reader; returns its hex SHA-256. @throws what `fs` does */
export function readLines(reader: LineReader): string {
  const hash = createHash('sha256');
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.allocUnsafe(PIECE);
  const file = openSync(reader.path, 'r');
  let rest = '';
  try {
    for (;;) {
      const read = readSync(file, buffer, 0, PIECE, null);
      if (read === 0) break;
      hash.update(buffer.subarray(0, read));
      const lines = (rest + decoder.write(buffer.subarray(0, read))).split('\n');
      rest = lines.pop()!;
      for (const line of lines) reader.take(line);
    }
  } finally {
    closeSync(file);
  }
  reader.take(rest + decoder.end());
  return hash.digest('hex');
}

/** Between commas; in double quotes a comma is part of the value, and two quotes are one. */
export function commaFields(line: string): Field[] {
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

/** Between tabs; where there is none, between blanks. */
export function blankFields(line: string): Field[] {
  const pattern = line.includes('\t') ? /[^\t]+|(?<=\t)(?=\t)/g : /\S+/g;
  return Array.from(line.matchAll(pattern), ({ 0: text, index }) => ({ text, column: index + 1 }));
}
