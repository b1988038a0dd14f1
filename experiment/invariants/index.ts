export type { Break, Invariant, InvariantContext, InvariantEntry } from './invariant.js';
export { builtInInvariants, createInvariants, UnknownInvariantError } from './registry.js';
