import type { ChosenInvariant } from '../../../experiment/invariant.js';
import { builtInInvariants } from '../../../checker/invariants/index.js';

/** Some that come along, as a scenario would name them. */
export function chosen(...names: readonly string[]): ChosenInvariant[] {
  return names.map((name) =>
    ({ name, given: {}, settings: {}, implementation: builtInInvariants[name] }));
}
