/** The simulated world. */
export { describeEvent, EventRecord, type RecordedEvent } from './engine/event-record.js';
export { ProcessError } from './world/errors.js';
export { runSimulation, type RunVariation } from './run.js';
export { type ProcessFactory, SimWorld, type WorldOptions } from './world/world.js';
