/** A trace read back: what happened at whom, in order. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { Observation } from '../../core/observations.js';
import type { Inventory } from '../../experiment/inventory.js';
import { guard, RunDirectoryError } from '../run-directory.js';

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
  const text = guard(path, () => fs.readFileSync(path, 'utf8'));
  return {
    entries: text.split('\n').filter((line) => line !== '').map(entryOf),
    managers: inventory.managers,
    nameOf: (process) => process < 0 ? 'world' : inventory.processName(process),
    resourceOf: (resource) => inventory.descriptor(resource).name,
  };
}

export function isMessage(what: TraceEntry['what']): what is MessageEnd {
  return what.type === 'message-sent' || what.type === 'message-received';
}

function entryOf(line: string): TraceEntry {
  const { t, p, ...what } = JSON.parse(line) as { t: number; p: number; type: string };
  if (what.type !== 'message-sent' && what.type !== 'message-received') {
    return { timeUs: t, process: p, what: what as unknown as Observation };
  }
  const { type, from, to, message, id } = what as unknown as {
    type: MessageEnd['type']; from?: number; to?: number; message: string; id: number;
  };
  return { timeUs: t, process: p, what: { type, other: from ?? to!, message, id } };
}
