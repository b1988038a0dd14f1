/** Looking for schedules of faults that break a promise, and making them small. */
export { explorationOf, quietUs, widerExplorationOf, type Exploration } from './draw.js';
export { drawnKinds } from './kinds/index.js';
export { drawnSettings } from './settings/index.js';
export { startUs } from './start.js';
export { shrink } from './shrink.js';
