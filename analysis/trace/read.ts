/** A trace read back: what happened at whom, in order. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Observation } from '../../core/observations.js';
import type { Inventory } from '../../experiment/inventory.js';
import { guard, RunDirectoryError } from '../directory-error.js';

const PIECE = 1 << 20;

/** A message at one of its two ends. */
export interface MessageEnd {
  readonly type: 'message-sent' | 'message-received';
  /** The other end. */
  readonly other: number;
  readonly message: string;
  readonly id: number;
}

export interface TraceEntry {
  readonly timeUs: number;
  /** -1: of no process. */
  readonly process: number;
  readonly what: Observation | MessageEnd;
}

export interface Trace {
  readonly entries: readonly TraceEntry[];
  readonly managers: number;
  /** `manager-3`, `host-12`. */
  readonly nameOf: (process: number) => string;
  /** `service-12`. */
  readonly resourceOf: (resource: number) => string;
}

/**
 * @param inventory - of the run's scenario
 * @throws RunDirectoryError where the run has kept no trace
 */
export function readTrace(directory: string, inventory: Inventory): Trace {
  const path = join(directory, 'trace.jsonl');
  if (!fs.existsSync(path)) {
    const remedy = 'make one by sim run --trace-messages';
    const message = `${directory}: there is no trace in it (${remedy})`;
    throw new RunDirectoryError(message, path, 'NOT_A_RUN');
  }
  return {
    entries: guard(path, () => entriesOf(path)),
    managers: inventory.managers,
    nameOf: (process) => process < 0 ? 'world' : inventory.processName(process),
    resourceOf: (resource) => inventory.descriptor(resource).name,
  };
}

export function isMessage(what: TraceEntry['what']): what is MessageEnd {
  return what.type === 'message-sent' || what.type === 'message-received';
}

/** Read in pieces: a trace may be longer than any text can be. */
function entriesOf(path: string): TraceEntry[] {
  const entries: TraceEntry[] = [];
  const decoder = new StringDecoder('utf8');
  const piece = Buffer.allocUnsafe(PIECE);
  const file = fs.openSync(path, 'r');
  let rest = '';
  let number = 0;
  try {
    for (;;) {
      const read = fs.readSync(file, piece, 0, PIECE, null);
      if (read === 0) break;
      const lines = (rest + decoder.write(piece.subarray(0, read))).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        number += 1;
        const entry = entryOf(line, path, number);
        if (entry !== null) entries.push(entry);
      }
    }
  } finally {
    fs.closeSync(file);
  }
  if (rest !== '') damaged(path, number + 1, 'the trace is cut off here');
  return entries;
}

/** On its way, a message is nobody's; hosts are known from the scenario. */
const noEvents = new Set(['hosts', 'message-dropped', 'message-duplicated']);

/** Null: nothing that happens to a process, or to all. */
function entryOf(line: string, path: string, number: number): TraceEntry | null {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    damaged(path, number, 'this is no line of a trace');
  }
  if (!isLine(read)) return damaged(path, number, 'a time, a process or a type is missing');
  const { t, p, ...what } = read;
  if (noEvents.has(what.type)) return null;
  if (what.type !== 'message-sent' && what.type !== 'message-received') {
    return { timeUs: t, process: p, what: what as unknown as Observation };
  }
  const { type, from, to, message, id } = what as unknown as {
    type: MessageEnd['type']; from?: number; to?: number; message: string; id: number;
  };
  return { timeUs: t, process: p, what: { type, other: from ?? to!, message, id } };
}

interface Line {
  readonly t: number;
  readonly p: number;
  readonly type: string;
}

function isLine(read: unknown): read is Line {
  if (typeof read !== 'object' || read === null) return false;
  const { t, p, type, id, message } = read as Record<string, unknown>;
  if (!Number.isInteger(t) || !Number.isInteger(p) || typeof type !== 'string') return false;
  const isMessageEnd = type === 'message-sent' || type === 'message-received';
  const other = 'to' in read || 'from' in read;
  return !isMessageEnd || (Number.isInteger(id) && typeof message === 'string' && other);
}

function damaged(path: string, line: number, problem: string): never {
  const remedy = 'make the run again by sim run --trace-messages';
  throw new RunDirectoryError(`${path}:${line}:1: ${problem}, ${remedy}`, path, 'DAMAGED');
}
