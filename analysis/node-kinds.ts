/** Kinds of faults that hit nodes, which their targets name. */
export const nodeKinds: readonly string[] = [
  'crash', 'restart', 'pause', 'leave', 'clock', 'slow',
];
