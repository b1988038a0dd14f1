import { messageTypes } from '../../core/messages.js';
import {
  cellsOf, columnsOf, count, quantity, readRow, type Field, type Fields, type RowOf,
} from './column.js';
import { parseRows } from './csv.js';
import type { Table } from './table.js';

const fields = {
  time_s: quantity('s', 'end of the interval that the row is about'),
  managed_share: quantity('1', 'of the live resources, those held by a live manager: mean'),
  managed_share_min: quantity('1', 'of managed_share in the interval, the least'),
  up_share: quantity('1', 'of the resources meant to be up, those that are: mean'),
  coordinators: count('managers', 'that act as coordinator, at the end of the interval'),
  coordinators_min: count('managers', 'of coordinators in the interval, the least'),
  coordinators_max: count('managers', 'of coordinators in the interval, the most'),
  healthy_share: quantity('1', 'of the interval, in which the management plane was healthy'),
  messages_per_s: quantity('messages/s', 'sent'),
  bytes_per_s: quantity('bytes/s', 'of messages_per_s'),
  staleness_s: quantity(
    's', "age of the oldest change that the coordinator's model lacks, at the interval's end",
    'there was no coordinator',
  ),
};

type Samples = RowOf<typeof fields>;

/** What happened in the interval that ends at `time_s`. */
export interface TimeseriesRow extends Samples {
  /** Sent per second, of those that come along, in the order of messageTypes. */
  readonly per_type: readonly number[];
}

const perType: Readonly<Record<string, Field<number>>> = Object.fromEntries(
  messageTypes.map((type) => [
    `${type.replaceAll('-', '_')}_per_s`, quantity('messages/s', `${type} messages sent`),
  ]),
);
const perTypeNames = Object.keys(perType);

export const timeseries: Table<TimeseriesRow> = {
  name: 'timeseries',
  about: 'an interval of the run; together they make up the whole',
  columns: [...columnsOf(fields), ...columnsOf(perType as Fields<Record<string, number>>)],
  cells: (row) => [...cellsOf<Samples>(fields, row), ...row.per_type],
  read: (text) => parseRows(text, (cells, header) => {
    const texts = Object.fromEntries(header.map((column, index) => [column, cells[index]]));
    return {
      ...readRow<Samples>(fields, texts),
      per_type: perTypeNames.map((name) => perType[name].read(texts[name], name)),
    };
  }),
};
