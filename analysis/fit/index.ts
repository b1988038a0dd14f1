/** Laws of lifetimes and repairs, fitted to recorded failures. */
export { durationsOf, type DurationWindow, type TraceDurations } from './durations.js';
export { fitDurations, type Candidate, type Fit, type FitOptions } from './fit.js';
export type { Parameter } from './laws.js';
