/** What comes along, by the names that scenarios use. */
import { assignmentNames } from '../../core/coordination/assignment.js';
import { impairmentKinds } from '../impairment.js';

export const builtInNames = {
  elections: ['overlay-root'],
  detectors: ['fixed', 'phi-accrual'],
  assignments: assignmentNames,
  latencies: [
    'constant', 'uniform', 'exponential', 'lognormal', 'weibull', 'pareto', 'zones', 'matrix',
  ],
  faults: [
    'crash', 'restart', 'rolling', 'pause', 'leave', 'clock', 'slow', 'partition',
    ...impairmentKinds, 'heal',
  ],
} as const;

/** Keys of an entry of `faults` that say something else than what goes wrong. */
export const faultWords = [
  'at', 'every', 'from', 'until', 'random', 'trace', 'when', 'repairAfter', 'of', 'flapping',
  'afterCalls', 'loseState',
] as const;

/** Phases of the protocol's work that faults can wait for. */
export const phases = [
  'election', 'rebuild', 'offer', 'answer', 'hand-over', 'action',
] as const;
