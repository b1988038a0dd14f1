/** The simulated world. */
export { Journal, type JournalEvent } from './engine/journal.js';
export { MESSAGE, TIMER, WORLD } from './engine/loop.js';
export { ProcessError } from './world/errors.js';
export { runSimulation } from './run.js';
export { pooledProcesses, type PooledProcesses } from './world/processes.js';
export { worldEventNames } from './world/events.js';
export { SimWorld } from './world/world.js';
