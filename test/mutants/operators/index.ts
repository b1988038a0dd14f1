/** The mistakes that are made in core's sources: a file for each. */
import { andOr } from './and-or.js';
import { boundary } from './boundary.js';
import { dropAssignment } from './drop-assignment.js';
import { dropCall } from './drop-call.js';
import { dropReturn } from './drop-return.js';
import { keepTimer } from './keep-timer.js';
import { negate } from './negate.js';
import { offByOne } from './off-by-one.js';
import type { Operator } from './operator.js';
import { skipStore } from './skip-store.js';
import { swapBranches } from './swap-branches.js';

export const operators: readonly Operator[] = [
  negate, boundary, offByOne, andOr, swapBranches, dropCall, dropAssignment, dropReturn, skipStore,
  keepTimer,
];
export type { Edit, Operator } from './operator.js';
