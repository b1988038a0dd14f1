/** The simulated world. */
export { runSimulation, type RunVariation } from './run.js';
export { type ProcessFactory, SimWorld, type WorldOptions } from './world/world.js';
