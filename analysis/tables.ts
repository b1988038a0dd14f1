/** The tables of a run directory as CSV, written and read. */
import { stringify } from 'csv-stringify/sync';
import { messageTypes } from '../core/messages.js';
import type { EpisodeRow, FaultRow, MessageRow, TimeseriesRow } from './record.js';

type Cell = string | number | boolean | null;

export const episodeColumns = [
  'start_s',
  'end_s',
  'duration_s',
  'settle_s',
  'last_fault_s',
  'censored',
  'faults',
  'detected_s',
  'elected_s',
  'reregistered_s',
  'synced_s',
  'extra_messages',
  'extra_bytes',
  'bound_s',
  'first_detected_s',
  'cause',
] as const satisfies readonly (keyof EpisodeRow)[];

export const faultColumns = [
  'fault',
  'time_s',
  'kind',
  'target',
  'scope',
  'cleared_s',
  'detected_s',
  'recovered_s',
  'censored',
] as const satisfies readonly (keyof FaultRow)[];

export const messageColumns = [
  'type',
  'periodic',
  'sent',
  'duplicated',
  'delivered',
  'dropped',
  'bytes',
  'per_second',
  'bytes_per_second',
] as const satisfies readonly (keyof MessageRow)[];

const sampleColumns = [
  'time_s',
  'managed_share',
  'managed_share_min',
  'up_share',
  'coordinators',
  'coordinators_min',
  'coordinators_max',
  'healthy_share',
  'messages_per_s',
  'bytes_per_s',
  'staleness_s',
] as const satisfies readonly (keyof TimeseriesRow)[];

const perTypeColumns = messageTypes.map((type) => `${type.replaceAll('-', '_')}_per_s`);
export const timeseriesColumns: readonly string[] = [...sampleColumns, ...perTypeColumns];

/** A row whose columns are the fields of the same name. */
export function cells<Row extends object>(row: Row, columns: readonly (keyof Row)[]): Cell[] {
  return columns.map((column) => row[column] as Cell);
}

export function timeseriesCells(row: TimeseriesRow): Cell[] {
  return [...cells(row, sampleColumns), ...row.per_type];
}

/** With a header line; pieces of some thousand rows, so that a long table needs little memory. */
export function* csv(columns: readonly string[], rows: Iterable<Cell[]>): Generator<string> {
  let batch: Cell[][] = [[...columns]];
  for (const row of rows) {
    batch.push(row);
    if (batch.length === 4096) {
      yield encode(batch);
      batch = [];
    }
  }
  yield encode(batch);
}

function encode(rows: Cell[][]): string {
  return stringify(rows, { cast: { boolean: String } });
}

/** A table is not one that {@link csv} wrote. */
export class TableDefect extends Error {
  /** From 1, the header's. */
  readonly row: number;

  constructor(row: number, message: string) {
    super(message);
    this.row = row;
  }
}

/** Reads what {@link csv} wrote: one object per row, by the names in the header. */
export function parseCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parseRows(text);
  if (header.length === 0) throw new TableDefect(1, 'the table is empty');
  return rows.map((row, place) => {
    if (row.length !== header.length) {
      const problem = `this row has ${row.length} values, and the header ${header.length}`;
      throw new TableDefect(place + 2, problem);
    }
    return Object.fromEntries(header.map((name, index) => [name, row[index]]));
  });
}

export function readEpisodes(text: string): EpisodeRow[] {
  return parseCsv(text).map((row) => ({
    start_s: numberIn(row, 'start_s') ?? 0,
    end_s: numberIn(row, 'end_s'),
    duration_s: numberIn(row, 'duration_s'),
    settle_s: numberIn(row, 'settle_s'),
    last_fault_s: numberIn(row, 'last_fault_s'),
    censored: row['censored'] === 'true',
    faults: numberIn(row, 'faults') ?? 0,
    detected_s: numberIn(row, 'detected_s'),
    elected_s: numberIn(row, 'elected_s'),
    reregistered_s: numberIn(row, 'reregistered_s'),
    synced_s: numberIn(row, 'synced_s'),
    extra_messages: numberIn(row, 'extra_messages') ?? 0,
    extra_bytes: numberIn(row, 'extra_bytes') ?? 0,
    bound_s: numberIn(row, 'bound_s'),
    first_detected_s: numberIn(row, 'first_detected_s'),
    cause: row['cause'] ?? '',
  }));
}

export function readFaults(text: string): FaultRow[] {
  return parseCsv(text).map((row) => ({
    fault: numberIn(row, 'fault') ?? 0,
    time_s: numberIn(row, 'time_s') ?? 0,
    kind: row['kind'] ?? '',
    target: row['target'] ?? '',
    scope: row['scope'] === 'management' ? 'management' : 'resources',
    cleared_s: numberIn(row, 'cleared_s'),
    detected_s: numberIn(row, 'detected_s'),
    recovered_s: numberIn(row, 'recovered_s'),
    censored: row['censored'] === 'true',
  }));
}

/** Types that this version does not know are left out. */
export function readMessages(text: string): MessageRow[] {
  return parseCsv(text).flatMap((row) => {
    const type = messageTypes.find((name) => name === row['type']);
    if (type === undefined) return [];
    return {
      type,
      periodic: row['periodic'] === 'true',
      sent: numberIn(row, 'sent') ?? 0,
      duplicated: numberIn(row, 'duplicated') ?? 0,
      delivered: numberIn(row, 'delivered') ?? 0,
      dropped: numberIn(row, 'dropped') ?? 0,
      bytes: numberIn(row, 'bytes') ?? 0,
      per_second: numberIn(row, 'per_second'),
      bytes_per_second: numberIn(row, 'bytes_per_second'),
    };
  });
}

export function readTimeseries(text: string): TimeseriesRow[] {
  return parseCsv(text).map((row) => ({
    time_s: numberIn(row, 'time_s') ?? 0,
    managed_share: numberIn(row, 'managed_share') ?? 0,
    managed_share_min: numberIn(row, 'managed_share_min') ?? 0,
    up_share: numberIn(row, 'up_share') ?? 0,
    coordinators: numberIn(row, 'coordinators') ?? 0,
    coordinators_min: numberIn(row, 'coordinators_min') ?? 0,
    coordinators_max: numberIn(row, 'coordinators_max') ?? 0,
    healthy_share: numberIn(row, 'healthy_share') ?? 0,
    messages_per_s: numberIn(row, 'messages_per_s') ?? 0,
    bytes_per_s: numberIn(row, 'bytes_per_s') ?? 0,
    staleness_s: numberIn(row, 'staleness_s'),
    per_type: perTypeColumns.map((name) => numberIn(row, name) ?? 0),
  }));
}

function numberIn(row: Record<string, string>, column: string): number | null {
  const text = row[column];
  if (text === undefined || text === '') return null;
  const number = Number(text);
  if (Number.isNaN(number)) {
    throw new TableDefect(1, `${JSON.stringify(text.slice(0, 20))} in ${column} is no number`);
  }
  return number;
}

/** Fields in quotes may hold commas, line ends and doubled quotes. */
function parseRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) throw new TableDefect(rows.length + 1, 'this is not CSV');
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    if (match[3] === '') throw new TableDefect(rows.length + 1, 'the table is cut off here');
    rows.push(row);
    row = [];
  }
  if (row.length > 0) throw new TableDefect(rows.length + 1, 'the table is cut off here');
  return rows;
}
