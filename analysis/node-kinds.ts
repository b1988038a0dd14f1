/** Kinds of faults that hit nodes, which their targets name. */
export const nodeKinds: readonly string[] = [
  'crash', 'restart', 'rolling', 'pause', 'leave', 'clock', 'slow',
];
