/** Failure logs and availability traces: read once, then outage by outage. */
import { refuseForeign } from '../language/text-file.js';
import { indexSessions, SessionCursor } from './avt.js';
import { readFailureLog } from './csv.js';
import { readFta } from './fta.js';
import { readLanl } from './lanl.js';
import { readOpenDc } from './opendc.js';
import { readProfiles } from './simgrid.js';
import { TableCursor } from './table-cursor.js';
import type {
  OutageCursor, TraceFile, TraceFormat, TraceReading, TraceUnit,
} from './trace.js';

export { Laps } from './laps.js';
export { traceFormats, traceUnits } from './trace.js';
export type { OutageCursor, TraceFile, TraceFormat, TraceReading, TraceUnit } from './trace.js';

const endings: Readonly<Record<string, TraceFormat>> = { csv: 'csv', avt: 'avt', tab: 'fta' };

/** By the end of the file's name; undefined: it does not tell. */
export function formatOf(path: string): TraceFormat | undefined {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return Object.hasOwn(endings, ending) ? endings[ending] : undefined;
}

const us: Readonly<Record<TraceUnit, number>> = {
  us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6,
};

/** @throws ScenarioError where the content is wrong; what `fs` does where there is no file */
export function readTrace(path: string, reading: TraceFormat | TraceReading): TraceFile {
  const { format, unit, system, nodes }: TraceReading =
    typeof reading === 'string' ? { format: reading } : reading;
  const usPerUnit = us[unit ?? (format === 'opendc' ? 'ms' : 's')];
  refuseForeign(path);
  switch (format) {
    case 'csv':
      return readFailureLog(path, usPerUnit);
    case 'avt':
      return indexSessions(path, usPerUnit);
    case 'lanl':
      return readLanl(path, system);
    case 'fta':
      return readFta(path, usPerUnit);
    case 'simgrid':
      return readProfiles(path, usPerUnit);
    case 'opendc':
      return readOpenDc(path, usPerUnit, nodes);
  }
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
