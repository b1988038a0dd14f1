export { SweepDirectory, type SweepManifest } from './directory.js';
export { isSweepDirectory } from './is-directory.js';
export { scalarsOf, type Scalars } from './scalars.js';
export { tableFiles } from './whole-tables.js';
export type { RunStatus, SweepRow } from './table.js';
export { elementaryEffects, type Effect } from './morris.js';
export { checkMeasure, measureCalled, measureIn, valueKind } from './measures.js';
