/** Measured round-trip times between sites, as `network.latency.matrix` names them. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { ScenarioError } from '../language/error.js';

/** Measured delays between sites. */
export interface RttMatrix {
  /** Number of sites. */
  readonly size: number;
  /** Half the round-trip time, by sender's site * size + receiver's site. */
  readonly oneWayUs: Int32Array;
}

/** Beyond that a matrix takes more than a gigabyte. */
const MOST_SITES = 16_384;
/** Half of it must fit 31 bits of microseconds. */
const LONGEST_RTT_MS = 3_600_000;
const US_PER_MS = 1000;

/** In the place of a delay, until it is filled in. */
const MISSING = -1;
const missingWords: readonly string[] = ['', '-', 'na', 'n/a', 'nan', 'null', 'inf', 'infinity'];

/** Hex SHA-256 of the file as it lies there. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Reads a square matrix of round-trip times in milliseconds, from the row's site to the column's:
 * one line per site, tabs or commas between; gzipped or plain; empty lines and `#` lines do not
 * count. What is missing (nothing, `-`, `nan`, a negative time, 0 between two sites) is taken from
 * the opposite direction, and where that is missing too, from the quickest way over a third site.
 *
 * @param file - named in errors
 * @throws ScenarioError
 */
export function parseRttMatrix(bytes: Uint8Array, file: string): RttMatrix {
  const rows = readRows(textOf(bytes, file), file);
  const size = rows.length;
  const oneWayUs = new Int32Array(size * size);
  for (const [from, { line, fields }] of rows.entries()) {
    if (fields.length !== size) {
      const problem = `${fields.length} values in this row, but there are ${size} rows`;
      fail(file, line, 1, problem, 'a matrix has as many columns as rows');
    }
    let column = 1;
    for (const [to, field] of fields.entries()) {
      oneWayUs[from * size + to] = from === to ? 0 : readOneWayUs(field, file, line, column);
      column += field.length + 1;
    }
  }
  fillIn(oneWayUs, size, (from) => {
    const problem = `nothing is known of the way from site ${from + 1} to some other`;
    fail(file, rows[from].line, 1, problem, 'leave out sites without measurements, row and column');
  });
  return { size, oneWayUs };
}

function fail(file: string, line: number, column: number, problem: string, remedy: string): never {
  throw new ScenarioError({ file, line, column }, { problem, remedy });
}

function textOf(bytes: Uint8Array, file: string): string {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return Buffer.from(zipped ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(file, 1, 1, `cannot unzip the matrix: ${reason}`, 'compress it anew with gzip');
  }
}

interface Row {
  /** In the file, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

function readRows(text: string, file: string): Row[] {
  const rows: Row[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '' || line.startsWith('#')) continue;
    rows.push({ line: index + 1, fields: line.split(line.includes('\t') ? '\t' : ',') });
  }
  if (rows.length < 2) {
    const remedy = 'write one line per site, with tabs between round-trip times in ms';
    fail(file, 1, 1, 'this is not a matrix of round-trip times', remedy);
  }
  if (rows.length > MOST_SITES) {
    fail(file, 1, 1, `${rows.length} sites are too many`, `take a sample of at most ${MOST_SITES}`);
  }
  return rows;
}

function readOneWayUs(field: string, file: string, line: number, column: number): number {
  const word = field.trim();
  if (missingWords.includes(word.toLowerCase())) return MISSING;
  const rttMs = Number(word);
  const wrong = Number.isNaN(rttMs) ? 'not a number' : rttMs > LONGEST_RTT_MS ? 'too long' : null;
  if (wrong !== null) {
    const shown = word.length > 20 ? `${word.slice(0, 17)}...` : word;
    const remedy = 'write milliseconds, or nothing where there was no measurement';
    fail(file, line, column, `round-trip time ${JSON.stringify(shown)} is ${wrong}`, remedy);
  }
  // No two sites are at no distance: 0 stands for a measurement that failed.
  return rttMs <= 0 ? MISSING : Math.max(1, Math.round((rttMs / 2) * US_PER_MS));
}

/** In place; `lost` is told of a site that some other cannot be reached from at all. */
function fillIn(oneWayUs: Int32Array, size: number, lost: (from: number) => never): void {
  const known = oneWayUs.slice();
  for (let from = 0; from < size; from += 1) {
    for (let to = 0; to < size; to += 1) {
      if (known[from * size + to] !== MISSING) continue;
      const back = known[to * size + from];
      const us = back === MISSING ? quickestWayUs(known, size, from, to) : back;
      if (us === Infinity) lost(from);
      oneWayUs[from * size + to] = us;
    }
  }
}

/** Over one other site, by measurements only; Infinity: there is none. */
function quickestWayUs(known: Int32Array, size: number, from: number, to: number): number {
  let best = Infinity;
  for (let over = 0; over < size; over += 1) {
    const first = known[from * size + over];
    const second = known[over * size + to];
    if (first <= 0 || second <= 0) continue;
    best = Math.min(best, first + second);
  }
  return best;
}
