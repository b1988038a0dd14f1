import type { Verb } from '../process.js';
import type { Condition } from './condition.js';
import type { Place } from './error.js';
import type { Context } from './expression.js';
import type { Threshold } from './thresholds.js';

/** What the rule files say, read and checked. Immutable: one set serves all managers. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  /** The local rules for entities of each kind, in the order of the files. */
  readonly local: ReadonlyMap<string, readonly LocalRule[]>;
  readonly global: ReadonlyMap<string, readonly GlobalRule[]>;
  /** Names of each kind's metrics, in the order in which entities carry the values. */
  readonly metricsOf: ReadonlyMap<string, readonly string[]>;
}

export type Rule = LocalRule | GlobalRule;

interface CommonRule {
  readonly name: string;
  /** Where it stands, as `file:line`. */
  readonly place: string;
  readonly description: string | null;
  readonly kinds: readonly string[];
  /** How long the condition must have held without a break; 0: not at all. */
  readonly forUs: number;
  /** What can be said of its condition without running it. */
  readonly condition: Condition;
  /** Where the condition, what it does and what it picks stand. */
  readonly places: { readonly when: Place; readonly act: Place; readonly pick: Place };
  /** Whether a change of an entity's metrics alone can change what the rule says. */
  readonly readsMetrics: boolean;
  /** Whether what it says changes as time passes by itself. */
  readonly readsAge: boolean;
}

/** When the next attempt follows an action that did not succeed; the wait grows by the factor. */
export interface Retry {
  readonly delayUs: number;
  readonly factor: number;
  readonly maxUs: number;
  /** A success resets it only once it has lasted so long; 0: at once. */
  readonly stableUs: number;
}

/** At most so many actions in so long a time on the same subject. */
export interface Limit {
  readonly atMost: number;
  readonly perUs: number;
  /** What comes then: the rule gives the subject up, or it waits. */
  readonly giveUp: boolean;
  /** After so long it tries again, though nobody has put it right; Infinity: never. */
  readonly resetUs: number;
}

/** Enforced by the manager of each resource. */
export interface LocalRule extends CommonRule {
  readonly scope: 'local';
  /** On an `entity`. What cannot be evaluated counts as false. */
  when(context: Context): boolean;
  /** With what the condition compares metrics; null: it does something else with them. */
  readonly thresholds: readonly Threshold[] | null;
  readonly act: LocalAction | Notice;
}
export interface LocalAction {
  readonly verb: Verb;
  readonly retry: Retry;
  /** From one action on a subject to the next; 0: none. */
  readonly cooldownUs: number;
  readonly limit: Limit | null;
  /** It only tells what it would do. */
  readonly observes: boolean;
}

/** Enforced by the coordinator, on groups of entities. */
export interface GlobalRule extends CommonRule {
  readonly scope: 'global';
  /** The group that an entity belongs to; null: none. Only on what never changes. */
  group(context: Context): string | null;
  /** The text of that; null: all are one group. */
  readonly groupText: string | null;
  /** On a `group`. */
  when(context: Context): boolean;
  /** The metrics whose mean or sum the condition or the notice reads. */
  readonly groupMetrics: readonly string[];
  readonly act: GlobalAction | Notice;
}
export interface GlobalAction extends LocalAction {
  /** What can be said of {@link pick} without running it. */
  readonly candidates: Condition;
  /** Whether the `entity` is a candidate. */
  pick(context: Context): boolean;
  /** Candidates with less come first; those without a value last. */
  order(context: Context): number;
}

/** Says something, does nothing. */
export interface Notice {
  readonly verb: 'notify';
  /** From one on a subject to the next; 0: none. */
  readonly cooldownUs: number;
  text(context: Context): string;
}
