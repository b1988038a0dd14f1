/** The tables of a run directory: every column declared, written and read. */
export { csv, csvLines, parseCsv, TableDefect } from './csv.js';
export type { Cell, Column } from './column.js';
export { csvw, dictionary, type Described } from './dictionary.js';
export { valueOf } from './column.js';
export { parseRows } from './csv.js';
export { csvOf, type Table } from './table.js';
export { episodes, type EpisodeRow } from './episodes.js';
export { faults, faultTargets, type FaultRow, type FaultTargetRow } from './faults.js';
export { messages, type MessageRow } from './messages.js';
export { timeseries, type TimeseriesRow } from './timeseries.js';
