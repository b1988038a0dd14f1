/**
 * Availability traces in the `.avt` format of Godfrey's Repository of Availability Traces: a line
 * per node, with its name, the number of its sessions, and the start and end of each, in seconds.
 * Lines run to megabytes and files to gigabytes: they are read in pieces, and never kept.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { ScenarioError } from '../language/error.js';
import { numberAt } from './number.js';
import type { OutageCursor, SessionIndex, TraceFile } from './trace.js';

const PIECE = 1 << 18;
const NEWLINE = 10;
const SPACE = 32;
const HASH = 35;
/** No number is longer than this, and no name should be. */
const LONGEST_WORD = 4096;

/** Reads the file once, from its beginning to its end. @throws ScenarioError, or what `fs` does */
export function indexSessions(path: string, usPerUnit: number): TraceFile {
  const indexer = new Indexer(path, usPerUnit);
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(LONGEST_WORD + PIECE);
  const file = openSync(path, 'r');
  try {
    // What is left of a word at the end of a piece comes before the next one.
    for (let kept = 0, offset = 0; ; ) {
      const read = readSync(file, buffer, kept, PIECE, null);
      hash.update(buffer.subarray(kept, kept + read));
      const used = indexer.take(buffer, kept + read, offset, read === 0);
      if (read === 0) break;
      buffer.copyWithin(0, used, kept + read);
      kept = kept + read - used;
      offset += used;
    }
  } finally {
    closeSync(file);
  }
  return indexer.finish(hash.digest('hex'));
}

/** Takes words one after the other. */
class Indexer {
  private readonly path: string;
  private readonly usPerUnit: number;
  private readonly offsets: number[] = [];
  private readonly counts: number[] = [];
  private rows = 0;
  private merged = 0;
  private empty = 0;
  private neverUp = 0;
  private firstUs = Infinity;
  private lastUs = -Infinity;
  private shortestGapUs = Infinity;
  /** Where the present line began, and how many words of it there were. */
  private line = 1;
  private lineOffset = 0;
  private words = 0;
  private comment = false;
  /** Of the present line: sessions announced, where they begin, the last one read. */
  private announced = 0;
  private sessionsAt = 0;
  private startUs = 0;
  private upUntilUs = -1;

  constructor(path: string, usPerUnit: number) {
    this.path = path;
    this.usPerUnit = usPerUnit;
  }

  /** Takes all whole words up to `end`; returns where the first that may go on begins. */
  take(buffer: Buffer, end: number, offset: number, last: boolean): number {
    let word = -1;
    for (let at = 0; at < end; at += 1) {
      const byte = buffer[at];
      if (byte > SPACE) {
        if (word < 0) word = at;
        continue;
      }
      if (word >= 0) this.word(buffer, word, at, offset);
      word = -1;
      if (byte === NEWLINE) this.endLine(offset + at + 1);
    }
    if (last && word >= 0) this.word(buffer, word, end, offset);
    if (last) this.endLine(offset + end);
    if (word < 0 || last) return end;
    if (this.comment) return end;
    if (end - word >= LONGEST_WORD) {
      this.fail(offset + word, 'this is no availability trace', 'name an .avt file');
    }
    return word;
  }

  finish(sha256: string): TraceFile {
    if (this.offsets.length === 0) {
      const remedy = 'write name, number of sessions, and start and end of each, a line per node';
      this.lineOffset = 0;
      this.line = 1;
      this.fail(0, 'no node in this trace was ever up', remedy);
    }
    const outages: SessionIndex = {
      kind: 'sessions',
      usPerUnit: this.usPerUnit,
      offset: Float64Array.from(this.offsets),
      sessions: Float64Array.from(this.counts),
      shortestGapUs: Number.isFinite(this.shortestGapUs) ? this.shortestGapUs : 1,
    };
    const { path, rows, merged, empty, neverUp, firstUs: startUs, lastUs: endUs } = this;
    const nodes = this.offsets.length;
    return { path, sha256, nodes, rows, merged, empty, neverUp, startUs, endUs, outages };
  }

  private word(buffer: Buffer, from: number, to: number, offset: number): void {
    if (this.words === 0 && buffer[from] === HASH) this.comment = true;
    if (this.comment) return;
    this.words += 1;
    if (this.words === 1) return;
    const value = numberAt(buffer, from, to);
    const place = offset + from;
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER / this.usPerUnit)) {
      const text = JSON.stringify(buffer.toString('utf8', from, Math.min(to, from + 20)));
      this.fail(place, `${text} is not a number of seconds`, 'write seconds, 0 or more');
    }
    if (this.words === 2) this.announce(value, place);
    else if (this.words % 2 === 1) this.start(value, place);
    else this.end(value, place);
  }

  private announce(count: number, place: number): void {
    if (!Number.isInteger(count)) {
      this.fail(place, 'the number of sessions is not whole', 'count starts, or ends');
    }
    this.announced = count;
    this.upUntilUs = -1;
  }

  private start(seconds: number, place: number): void {
    const us = Math.round(seconds * this.usPerUnit);
    if (this.words === 3) this.sessionsAt = place;
    else if (us < this.startUs) {
      const problem = `a session starts at ${seconds}s, before the one ahead of it`;
      this.fail(place, problem, 'write the sessions of a node in order of time');
    }
    this.startUs = us;
  }

  private end(seconds: number, place: number): void {
    const us = Math.round(seconds * this.usPerUnit);
    if (us < this.startUs) {
      const problem = `a session ends at ${seconds}s, before it starts`;
      this.fail(place, problem, 'write start and end of each session');
    }
    this.rows += 1;
    if (us === this.startUs) {
      this.empty += 1;
      return;
    }
    const { upUntilUs } = this;
    if (upUntilUs >= 0) {
      if (this.startUs <= upUntilUs) this.merged += 1;
      else this.shortestGapUs = Math.min(this.shortestGapUs, this.startUs - upUntilUs);
    }
    this.upUntilUs = Math.max(upUntilUs, us);
    if (this.startUs < this.firstUs) this.firstUs = this.startUs;
    if (us > this.lastUs) this.lastUs = us;
  }

  private endLine(next: number): void {
    const { words, announced } = this;
    if (words === 1) {
      this.fail(this.lineOffset, 'a name alone', 'write the number of sessions after it');
    }
    if (words > 1 && words !== 2 + 2 * announced) {
      const problem = `${announced} sessions are announced, but ${words - 2} times follow`;
      this.fail(this.lineOffset, problem, 'write a start and an end for each session');
    }
    if (words > 1 && this.upUntilUs < 0) this.neverUp += 1;
    else if (words > 1) {
      this.offsets.push(this.sessionsAt);
      this.counts.push(announced);
    }
    this.words = 0;
    this.comment = false;
    this.line += 1;
    this.lineOffset = next;
  }

  private fail(place: number, problem: string, remedy: string): never {
    const { path: file, line, lineOffset } = this;
    throw new ScenarioError({ file, line, column: place - lineOffset + 1 }, { problem, remedy });
  }
}

/**
 * Outages are what lies between the sessions. Per node there are 24 bytes of state, and each step
 * reads its sessions from the file, a piece of `pieceBytes` at a time.
 */
export class SessionCursor implements OutageCursor {
  beginUs = 0;
  endUs = 0;
  private readonly trace: TraceFile;
  private readonly index: SessionIndex;
  private readonly shortestGapUs: number;
  private readonly offset: Float64Array;
  private readonly left: Float64Array;
  /** Until when each is known to be up; -1: not yet; Infinity: all has been told. */
  private readonly upUntilUs: Float64Array;
  private readonly piece: Buffer;
  /** What of the file the piece holds. */
  private from = 0;
  private until = 0;

  constructor(trace: TraceFile, index: SessionIndex, pieceBytes = 4096) {
    this.trace = trace;
    this.index = index;
    this.shortestGapUs = index.shortestGapUs;
    this.offset = index.offset.slice();
    this.left = index.sessions.slice();
    this.upUntilUs = new Float64Array(trace.nodes).fill(-1);
    this.piece = Buffer.allocUnsafe(pieceBytes);
  }

  next(node: number): boolean {
    while (this.left[node] > 0) {
      this.left[node] -= 1;
      const startUs = this.read(node);
      const endUs = this.read(node);
      const upUntilUs = this.upUntilUs[node];
      if (endUs === startUs) continue;
      this.upUntilUs[node] = Math.max(upUntilUs, endUs);
      const first = upUntilUs < 0;
      const beginUs = first ? this.trace.startUs : upUntilUs;
      if (startUs - beginUs < (first ? this.shortestGapUs : 1)) continue;
      this.beginUs = beginUs;
      this.endUs = startUs;
      return true;
    }
    const lastUs = this.upUntilUs[node];
    this.upUntilUs[node] = Infinity;
    if (this.trace.endUs - lastUs < this.shortestGapUs) return false;
    this.beginUs = lastUs;
    this.endUs = Infinity;
    return true;
  }

  rewind(node: number): void {
    this.offset[node] = this.index.offset[node];
    this.left[node] = this.index.sessions[node];
    this.upUntilUs[node] = -1;
  }

  /** The number at a node's offset, which goes on behind it. */
  private read(node: number): number {
    const at = this.offset[node];
    let word = this.wordAt(at);
    if (word === null) {
      this.load(at);
      word = this.wordAt(at);
    }
    const seconds = word === null ? NaN : numberAt(this.piece, word.from, word.to);
    if (word === null || Number.isNaN(seconds)) {
      const place = { file: this.trace.path, line: 1, column: 1 };
      const remedy = 'leave traces alone while they are in use';
      throw new ScenarioError(place, { problem: 'the file has changed since it was read', remedy });
    }
    this.offset[node] = this.from + word.to;
    return Math.round(seconds * this.index.usPerUnit);
  }

  /** The next word, as far as it lies in the piece and surely ends there; null: it does not. */
  private wordAt(at: number): { from: number; to: number } | null {
    if (at < this.from || at >= this.until) return null;
    const { piece } = this;
    const end = this.until - this.from;
    let from = at - this.from;
    while (from < end && piece[from] <= SPACE) from += 1;
    let to = from;
    while (to < end && piece[to] > SPACE) to += 1;
    const whole = to < end || end < piece.length;
    return whole && to > from ? { from, to } : null;
  }

  /** A file descriptor kept open would have to be closed by somebody. */
  private load(at: number): void {
    const file = openSync(this.trace.path, 'r');
    try {
      const read = readSync(file, this.piece, 0, this.piece.length, at);
      this.from = at;
      this.until = at + read;
    } finally {
      closeSync(file);
    }
  }
}
