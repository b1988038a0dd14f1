/** The simulated world. */
export { Journal, type JournalEvent } from './engine/journal.js';
export { MESSAGE, TIMER, WORLD } from './engine/loop.js';
export { ProcessError } from './world/errors.js';
export { runSimulation, type RunVariation } from './run.js';
export { coreProcesses, type CoreProcesses } from './world/processes.js';
export {
  type ProcessFactory, SimWorld, worldEventNames, type WorldOptions,
} from './world/world.js';
