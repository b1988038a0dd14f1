import { parseRules } from '../../core/rules/index.js';
import type { ChosenInvariant, Invariant } from '../../experiment/invariant.js';
import { ActionsExpire } from './actions-expire.js';
import { BallotsOnlyGrow } from './ballots-only-grow.js';
import { BallotsSpread } from './ballots-spread.js';
import { BrakesHold } from './brakes-hold.js';
import { DeadGivenUp } from './dead-given-up.js';
import { DeadManagersGivenUp } from './dead-managers-given-up.js';
import { EndsTold } from './ends-told.js';
import { FightsSlowed } from './fights-slowed.js';
import { GlobalRulesAct } from './global-rules-act.js';
import { HealthyWithinBound } from './healthy-within-bound.js';
import type { InvariantContext, InvariantOffer } from './invariant.js';
import { KeptByStandbys } from './kept-by-standbys.js';
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
import { NoneComesBack } from './none-comes-back.js';
import { NothingForgotten } from './nothing-forgotten.js';
import { OneCoordinatorPerBallot } from './one-coordinator-per-ballot.js';
import { RetriesInTime } from './retries-in-time.js';
import { RoleChanges } from './role-changes.js';
import { RulesAct } from './rules-act.js';
import { RulesFire } from './rules-fire.js';
import { UnknownEnds } from './unknown-ends.js';

interface InvariantClass {
  /** Scenarios know it by that. */
  readonly title: string;
  /** What must be so, in one sentence. */
  readonly meaning: string;
  readonly exact?: boolean;
  new (context: InvariantContext): Invariant;
}

const classes: readonly InvariantClass[] = [
  OneCoordinatorPerBallot,
  NoActionTwice,
  NoLateAction,
  ModelNeverInvents,
  ModelNeverGoesBack,
  NothingForgotten,
  KeptByStandbys,
  NoneComesBack,
  UnknownEnds,
  BallotsOnlyGrow,
  NoObedienceToTheDeposed,
  NoOrdersOfTheDeposed,
  NoNeedlessReassignment,
  DeadManagersGivenUp,
  DeadGivenUp,
  NoHastySuspicion,
  RoleChanges,
  BallotsSpread,
  NoEarlyRebuild,
  RetriesInTime,
  RulesFire,
  RulesAct,
  GlobalRulesAct,
  FightsSlowed,
  EndsTold,
  ActionsExpire,
  BrakesHold,
  LoadsBalanced,
  HealthyWithinBound,
  LiveResourcesManaged,
  ManagedPastDeafLinks,
];

/** What comes along, in the way that plugins offer theirs. */
export const builtInInvariants: Readonly<Record<string, InvariantOffer>> = Object.fromEntries(
  classes.map((Class): [string, InvariantOffer] => [Class.title, {
    description: Class.meaning,
    exact: Class.exact ?? false,
    create: (_settings, context) => new Class(context),
  }]),
);

/** Of these, those that can be judged in the real world. */
export function judgedLive(chosen: readonly ChosenInvariant[]): ChosenInvariant[] {
  return chosen.filter(({ implementation }) => implementation.exact !== true);
}

export function createInvariants(
  chosen: readonly ChosenInvariant[], given: Omit<InvariantContext, 'rules' | 'name'>,
): Invariant[] {
  if (chosen.length === 0) return [];
  // Once for all: an exploration makes thousands of short runs, and this takes milliseconds.
  const rules = parseRules(given.scenario.rules, given.inventory.kinds);
  return chosen.map(({ name, settings, implementation }) => {
    const context: InvariantContext = { ...given, rules, name };
    return implementation.create(settings, context);
  });
}
