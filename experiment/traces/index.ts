/** Failure logs and availability traces: read once, then outage by outage. */
import { indexSessions, SessionCursor } from './avt.js';
import { readFailureLog, TableCursor } from './csv.js';
import type { OutageCursor, TraceFile, TraceFormat } from './trace.js';

export { traceFormats } from './trace.js';
export type { OutageCursor, TraceFile, TraceFormat } from './trace.js';

/** By the end of the file's name; undefined: it does not tell. */
export function formatOf(path: string): TraceFormat | undefined {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return ending === 'csv' || ending === 'avt' ? ending : undefined;
}

/** @throws ScenarioError where the content is wrong; what `fs` does where there is no file */
export function readTrace(path: string, format: TraceFormat): TraceFile {
  return format === 'csv' ? readFailureLog(path) : indexSessions(path);
}

/**
 * From the first outage of each node.
 *
 * @param pieceBytes - read at once of an availability trace: much, if node comes after node
 */
export function openOutages(trace: TraceFile, pieceBytes?: number): OutageCursor {
  const { outages } = trace;
  if (outages.kind === 'table') return new TableCursor(outages);
  return new SessionCursor(trace, outages, pieceBytes);
}
