/** Looking for schedules of faults that break a promise, and making them small. */
export { explorationOf, quietUs } from './draw.js';
export { drawnKinds } from './kinds/index.js';
export { startUs } from './start.js';
export { shrink } from './shrink.js';
