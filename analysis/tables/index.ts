/** The tables of a run directory: every column declared, written and read. */
export { csv, csvLines, parseCsv, TableDefect } from './csv.js';
export type { Cell, Column } from './column.js';
export { csvw, dictionary, type Described } from './dictionary.js';
export { valueOf } from './column.js';
export { parseRows } from './csv.js';
export { csvOf, type Table } from './table.js';
export { episodes } from './episodes.js';
export { faults, faultTargets } from './faults.js';
export { messages } from './messages.js';
export { timeseries } from './timeseries.js';
