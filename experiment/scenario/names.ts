/** What comes along, by the names that scenarios use. */
import { assignmentNames } from '../../core/coordination/assignment.js';
import { impairmentKinds } from '../impairment.js';

export const builtInNames = {
  elections: ['overlay-root'],
  detectors: ['fixed', 'phi-accrual'],
  assignments: assignmentNames,
  latencies: ['constant', 'uniform', 'exponential', 'lognormal', 'zones', 'matrix'],
  faults: ['crash', 'pause', 'leave', 'partition', ...impairmentKinds, 'heal'],
} as const;

/** Keys of an entry of `faults` that say something else than what goes wrong. */
export const faultWords = [
  'at', 'every', 'from', 'until', 'random', 'repairAfter', 'of', 'flapping', 'afterCalls',
] as const;
