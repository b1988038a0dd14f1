import { parseRules } from '../../core/rules/index.js';
import type { InvariantName } from '../../experiment/scenario/names.js';
import { BallotsOnlyGrow } from './ballots-only-grow.js';
import { BallotsSpread } from './ballots-spread.js';
import { BrakesHold } from './brakes-hold.js';
import { DeadGivenUp } from './dead-given-up.js';
import { DeadManagersGivenUp } from './dead-managers-given-up.js';
import { EndsTold } from './ends-told.js';
import { HealthyWithinBound } from './healthy-within-bound.js';
import type { Invariant, InvariantContext, InvariantEntry } from './invariant.js';
import { LiveResourcesManaged } from './live-resources-managed.js';
import { LoadsBalanced } from './loads-balanced.js';
import { ManagedPastDeafLinks } from './managed-past-deaf-links.js';
import { ModelNeverGoesBack } from './model-never-goes-back.js';
import { ModelNeverInvents } from './model-never-invents.js';
import { NoActionTwice } from './no-action-twice.js';
import { NoEarlyRebuild } from './no-early-rebuild.js';
import { NoHastySuspicion } from './no-hasty-suspicion.js';
import { NoLateAction } from './no-late-action.js';
import { NoNeedlessReassignment } from './no-needless-reassignment.js';
import { NoObedienceToTheDeposed } from './no-obedience-to-the-deposed.js';
import { NoOrdersOfTheDeposed } from './no-orders-of-the-deposed.js';
import { OneCoordinatorPerBallot } from './one-coordinator-per-ballot.js';
import { RetriesInTime } from './retries-in-time.js';
import { RoleChanges } from './role-changes.js';
import { RulesAct } from './rules-act.js';

interface InvariantClass {
  /** Scenarios know it by that. */
  readonly title: InvariantName;
  readonly meaning: string;
  readonly exact?: boolean;
  new (context: InvariantContext): Invariant;
}

function entry(Class: InvariantClass): InvariantEntry {
  return {
    name: Class.title,
    description: Class.meaning,
    exact: Class.exact ?? false,
    create: (context) => new Class(context),
  };
}

/** What comes along; users add theirs to a copy. */
export const builtInInvariants: readonly InvariantEntry[] = [
  entry(OneCoordinatorPerBallot),
  entry(NoActionTwice),
  entry(NoLateAction),
  entry(ModelNeverInvents),
  entry(ModelNeverGoesBack),
  entry(BallotsOnlyGrow),
  entry(NoObedienceToTheDeposed),
  entry(NoOrdersOfTheDeposed),
  entry(NoNeedlessReassignment),
  entry(DeadManagersGivenUp),
  entry(DeadGivenUp),
  entry(NoHastySuspicion),
  entry(RoleChanges),
  entry(BallotsSpread),
  entry(NoEarlyRebuild),
  entry(RetriesInTime),
  entry(RulesAct),
  entry(EndsTold),
  entry(BrakesHold),
  entry(LoadsBalanced),
  entry(HealthyWithinBound),
  entry(LiveResourcesManaged),
  entry(ManagedPastDeafLinks),
];

/** Of these, by name, those that can be judged in the real world. */
export function judgedLive(names: readonly string[]): string[] {
  return names.filter((name) => !builtInInvariants.some((one) => one.name === name && one.exact));
}

/** A scenario asks for an invariant that nobody offers. */
export class UnknownInvariantError extends Error {
  override readonly name = 'UnknownInvariantError';
}

/** @throws UnknownInvariantError for a name that is not among `offered`. */
export function createInvariants(
  names: readonly string[],
  given: Omit<InvariantContext, 'rules'>,
  offered: readonly InvariantEntry[] = builtInInvariants,
): Invariant[] {
  if (names.length === 0) return [];
  // Once for all: an exploration makes thousands of short runs, and this takes milliseconds.
  const rules = parseRules(given.scenario.rules, given.inventory.kinds);
  const context = { ...given, rules };
  return names.map((name) => {
    const chosen = offered.find((candidate) => candidate.name === name);
    if (chosen !== undefined) return chosen.create(context);
    const known = offered.map((candidate) => candidate.name).join(', ');
    throw new UnknownInvariantError(`no invariant is called ${name}; there are: ${known}`);
  });
}
