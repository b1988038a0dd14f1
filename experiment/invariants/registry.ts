import type { Invariant, InvariantContext, InvariantEntry } from './invariant.js';

/** What comes along; users add theirs to a copy. */
export const builtInInvariants: readonly InvariantEntry[] = [];

/** A scenario asks for an invariant that nobody offers. */
export class UnknownInvariantError extends Error {
  override readonly name = 'UnknownInvariantError';
}

/** @throws UnknownInvariantError for a name that is not among `offered`. */
export function createInvariants(
  names: readonly string[],
  context: InvariantContext,
  offered: readonly InvariantEntry[] = builtInInvariants,
): Invariant[] {
  return names.map((name) => {
    const entry = offered.find((candidate) => candidate.name === name);
    if (entry) return entry.create(context);
    const known = offered.map((candidate) => candidate.name).join(', ');
    throw new UnknownInvariantError(`no invariant is called ${name}; there are: ${known}`);
  });
}
