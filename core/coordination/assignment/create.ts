/** The assignments that a scenario can name: built-ins stand here as a guest's would. */
import { named, type Configured } from '../../configured.js';
import type { Assignment, AssignmentImplementation } from './assignment.js';
import { consistentHashing } from './consistent-hashing.js';
import { leastLoaded } from './least-loaded.js';
import { roundRobin } from './round-robin.js';

/** By name, the one taken by default first. */
export const assignments = {
  'least-loaded': leastLoaded,
  'round-robin': roundRobin,
  'consistent-hashing': consistentHashing,
} as const satisfies Readonly<Record<string, AssignmentImplementation>>;

type AssignmentName = keyof typeof assignments;
export const assignmentNames = Object.keys(assignments) as [AssignmentName, ...AssignmentName[]];

/** Whether each resource belongs to the manager that its name leads to. */
export function isByName(name: string): boolean {
  return Object.hasOwn(assignments, name) && named(assignments, name).byName === true;
}

/**
 * The assignment of that name, or the user's own.
 *
 * @throws RangeError for a name that is none of {@link assignmentNames}.
 */
export function createAssignment(
  name: string, own?: Configured<AssignmentImplementation>,
): Assignment {
  const { implementation, settings } = own ??
    { implementation: named(assignments, name), settings: {} };
  return implementation.create(settings);
}
