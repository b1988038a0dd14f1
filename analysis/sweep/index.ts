export {
  isSweepDirectory,
  SweepDirectory,
  type FinishedRun,
  type SweepManifest,
} from './directory.js';
export { columnsOf, scalarsOf, type Scalars } from './scalars.js';
export { readRuns, runsCsv, type RunStatus, type SweepRow } from './table.js';
export { checkMeasure, measureIn } from './measures.js';
