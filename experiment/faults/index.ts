/** The vocabulary of faults, made to happen in any world. */
export { FaultDriver } from './driver.js';
export { expectedFaults } from './expected.js';
export { latecomers } from './latecomers.js';
export { censusOf, unitsOf } from './replay.js';
export { faultSchedule } from './schedule.js';
export { UnknownTargetError } from './targets.js';
