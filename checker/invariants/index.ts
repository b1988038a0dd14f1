export { Balancing } from './balancing.js';
export type { InvariantContext, InvariantOffer } from './invariant.js';
export { builtInInvariants, createInvariants, judgedLive } from './registry.js';
export { Watch } from './watch.js';
