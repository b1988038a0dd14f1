export type { Break, Invariant, InvariantEntry } from './invariant.js';
export {
  builtInInvariants, createInvariants, judgedLive, UnknownInvariantError,
} from './registry.js';
