export type { Break, Invariant, InvariantEntry } from './invariant.js';
export { builtInInvariants, createInvariants, UnknownInvariantError } from './registry.js';
