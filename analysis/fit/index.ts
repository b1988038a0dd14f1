/** Laws of lifetimes and repairs, fitted to recorded failures. */
export { durationsOf } from './durations.js';
export { fitDurations, type Candidate, type Fit } from './fit.js';
