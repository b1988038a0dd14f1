export { loadSweep, readOutline, type SweepOptions } from './load.js';
export * from './sweep.js';
