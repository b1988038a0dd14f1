import type { FaultSettings } from '../../../experiment/scenario/resolved.js';

/** From when on a fault of an exploration can strike: it is timed, or waits for its time. */
export function startUs({ when }: FaultSettings): number {
  if (when.kind === 'at') return when.atUs;
  return 'fromUs' in when ? when.fromUs : 0;
}
