import type { ActionOutcome } from '../messages.js';
import type { Entity } from '../metamodel/entity.js';
import type { ActionSettings, RuleOutlets } from './actions.js';
import type { RuleSet } from './rule-set.js';

/** The global rules of one coordinator, enforced on all entities of its model. */
export class GlobalRules {
  /** As for {@link LocalRules}; the numbers of the two never coincide. */
  constructor(
    rules: RuleSet, settings: ActionSettings, outlets: RuleOutlets, firstAction = 0,
  ) {
    void rules; void settings; void outlets; void firstAction;
  }

  /** As {@link LocalRules.readsMetrics}. */
  readsMetrics(kind: string): boolean {
    void kind;
    return false;
  }

  /** The model's entity is new or changed. Only takes note: {@link tick} acts. Not kept. */
  update(entity: Entity): void {
    void entity;
  }

  /** As {@link LocalRules.onOutcome}. */
  onOutcome(outcome: ActionOutcome): boolean {
    void outcome;
    return false;
  }

  /**
   * Evaluates the groups in which something changed and acts; sends again, lets actions expire.
   * To be called once in a check period, but only while the owner may act: not before its model
   * is rebuilt.
   */
  tick(nowUs: number): void {
    void nowUs;
  }

  /** The model no longer has the resource. */
  forget(resource: number): void {
    void resource;
  }

  /** On stepping down: forgets all entities and actions; action numbers go on. */
  clear(): void {}
}
