export { assignmentNames, createAssignment, isByName } from './create.js';
export type {
  Assignment, AssignmentImplementation, Holdings, RebalanceLimits, Transfer,
} from './assignment.js';
export { ConsistentHashing } from './consistent-hashing.js';
export { LeastLoaded } from './least-loaded.js';
export { LoadRebalancer } from './load-rebalancer.js';
export { RoundRobin } from './round-robin.js';
