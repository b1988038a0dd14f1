/** What comes along, by the names that scenarios use. */
import { assignmentNames } from '../../core/coordination/assignment.js';
import { detectors } from '../../core/detection/index.js';
import { elections } from '../../core/election/index.js';
import { overlays } from '../../core/overlay/index.js';
import { faultKinds } from '../faults/kinds/index.js';

type OverlayName = keyof typeof overlays;
type DetectorName = keyof typeof detectors;
type ElectionName = keyof typeof elections;

export const builtInNames = {
  overlays: Object.keys(overlays) as [OverlayName, ...OverlayName[]],
  elections: Object.keys(elections) as [ElectionName, ...ElectionName[]],
  detectors: Object.keys(detectors) as [DetectorName, ...DetectorName[]],
  assignments: assignmentNames,
  latencies: [
    'constant', 'uniform', 'exponential', 'lognormal', 'weibull', 'pareto', 'zones', 'matrix',
  ],
  faults: faultKinds.map(({ name }) => name),
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

/** Promises that a run can be held to; each is a file of checker/invariants. */
export const invariantNames = [
  'one-coordinator-per-ballot', 'no-action-twice', 'no-late-action', 'model-never-invents',
  'model-never-goes-back',
  'ballots-only-grow', 'no-obedience-to-the-deposed', 'no-orders-of-the-deposed',
  'no-needless-reassignment', 'dead-managers-given-up', 'dead-given-up', 'no-hasty-suspicion',
  'role-changes', 'ballots-spread', 'no-early-rebuild', 'retries-in-time', 'rules-act', 'ends-told',
  'brakes-hold', 'loads-balanced', 'healthy-within-bound', 'live-resources-managed',
  'managed-past-deaf-links',
] as const;

export type InvariantName = (typeof invariantNames)[number];
