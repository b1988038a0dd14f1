import { BallotsOnlyGrow } from './ballots-only-grow.js';
import { DeadManagersGivenUp } from './dead-managers-given-up.js';
import { HealthyWithinBound } from './healthy-within-bound.js';
import type { Invariant, InvariantContext, InvariantEntry } from './invariant.js';
import { LiveResourcesManaged } from './live-resources-managed.js';
import { ModelNeverGoesBack } from './model-never-goes-back.js';
import { ModelNeverInvents } from './model-never-invents.js';
import { NoActionTwice } from './no-action-twice.js';
import { NoNeedlessReassignment } from './no-needless-reassignment.js';
import { NoObedienceToTheDeposed } from './no-obedience-to-the-deposed.js';
import { OneCoordinatorPerBallot } from './one-coordinator-per-ballot.js';

interface InvariantClass {
  readonly title: string;
  readonly meaning: string;
  new (context: InvariantContext): Invariant;
}

function entry(Class: InvariantClass): InvariantEntry {
  return {
    name: Class.title,
    description: Class.meaning,
    create: (context) => new Class(context),
  };
}

/** What comes along; users add theirs to a copy. */
export const builtInInvariants: readonly InvariantEntry[] = [
  entry(OneCoordinatorPerBallot),
  entry(NoActionTwice),
  entry(ModelNeverInvents),
  entry(ModelNeverGoesBack),
  entry(BallotsOnlyGrow),
  entry(NoObedienceToTheDeposed),
  entry(NoNeedlessReassignment),
  entry(DeadManagersGivenUp),
  entry(HealthyWithinBound),
  entry(LiveResourcesManaged),
];

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
    const chosen = offered.find((candidate) => candidate.name === name);
    if (chosen !== undefined) return chosen.create(context);
    const known = offered.map((candidate) => candidate.name).join(', ');
    throw new UnknownInvariantError(`no invariant is called ${name}; there are: ${known}`);
  });
}
