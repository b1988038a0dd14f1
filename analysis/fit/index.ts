/** Laws of lifetimes and repairs, fitted to recorded failures. */
export { durationsOf } from './durations.js';
export { chosenLaw, fitDurations, type Candidate, type Fit } from './fit.js';
export { renewals, type Renewals } from './renewals.js';
