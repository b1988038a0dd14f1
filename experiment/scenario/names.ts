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
