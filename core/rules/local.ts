import type { ActionOutcome } from '../messages.js';
import type { Entity } from '../metamodel/entity.js';
import type { ActionSettings, RuleOutlets } from './actions.js';
import type { RuleSet } from './rule-set.js';

/** An entity as its manager sees it. */
export interface LocalEntity extends Entity {
  /** False from when the host is presumed dead until it is heard of again. */
  readonly hostUp: boolean;
}

/** The local rules of one manager, enforced on the resources it holds. */
export class LocalRules {
  /**
   * @param firstAction where action numbers start: an owner whose earlier lives issued actions
   *   gives a number that they did not reach.
   */
  constructor(
    rules: RuleSet, settings: ActionSettings, outlets: RuleOutlets, firstAction = 0,
  ) {
    void rules; void settings; void outlets; void firstAction;
  }

  /** Whether any rule needs to be told of changes of metrics alone of entities of this kind. */
  readsMetrics(kind: string): boolean {
    void kind;
    return false;
  }

  /**
   * To be called when state, incarnation or hostUp of a held resource changed, or its metrics if
   * {@link readsMetrics}; may send and observe. `entity` is not kept.
   */
  update(entity: LocalEntity): void {
    void entity;
  }

  /**
   * To be called after the outcome's incarnation and state went into the owner's model and
   * {@link update}, or before: both work. False if the action is not (or no longer) one of these
   * rules': the caller then passes it on.
   */
  onOutcome(outcome: ActionOutcome): boolean {
    void outcome;
    return false;
  }

  /** Sends again, lets actions expire, retries. To be called once in a check period. */
  tick(nowUs: number): void {
    void nowUs;
  }

  /** The resource was handed over or released: its actions are no longer ours. */
  forget(resource: number): void {
    void resource;
  }

  /** Forgets all resources; action numbers go on. */
  clear(): void {}
}
