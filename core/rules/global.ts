import type { ActionOutcome } from './messages.js';
import type { Entity } from '../metamodel/entity.js';
import { ActionRunner, type ActingRule, type ActionSettings, type RuleOutlets } from './actions.js';
import { GlobalMatcher } from './global-matcher.js';
import type { RuleSet } from './rule-set.js';

/** The global rules of one coordinator, enforced on all entities of its model. */
export class GlobalRules {
  readonly #matcher: GlobalMatcher;
  readonly #runner: ActionRunner;
  readonly #outlets: RuleOutlets;

  /** As for {@link LocalRules}; the action numbers of the two never coincide. */
  constructor(
    rules: RuleSet, settings: ActionSettings, outlets: RuleOutlets, firstAction = 0,
  ) {
    this.#outlets = outlets;
    this.#matcher = new GlobalMatcher(rules);
    const numbers = { first: 2 * firstAction + 1, step: 2 };
    this.#runner = new ActionRunner(settings, outlets, this.#matcher, numbers);
  }

  /** Whether any rule needs to be told of changes of metrics alone of entities of this kind. */
  readsMetrics(kind: string): boolean {
    return this.#matcher.readsMetrics(kind);
  }

  /** The model's entity is new or changed. Only takes note: {@link tick} acts. Not kept. */
  update(entity: Entity): void {
    this.#matcher.update(entity);
  }

  /** False if the action is not (or no longer) one of these rules'. */
  onOutcome(outcome: ActionOutcome): boolean {
    return this.#runner.onOutcome(outcome);
  }

  /**
   * Evaluates the groups in which something changed and acts; sends again, lets actions expire.
   * To be called once in a check period, but only while the owner may act: not before its model
   * is rebuilt.
   */
  tick(nowUs: number): void {
    this.#runner.tick(nowUs);
    for (const { rule, group, fresh, text, targets } of this.#matcher.evaluate(this.#runner)) {
      if (fresh) {
        this.#outlets.observe({
          type: 'rule-fired', rule: rule.name, scope: 'global', target: group,
        });
      }
      if (text !== null) {
        this.#outlets.observe({ type: 'notified', rule: rule.name, target: group, text });
      }
      for (const target of targets) this.#runner.request({ rule: rule as ActingRule, ...target });
    }
  }

  /** The model no longer has the resource. Actions under way on it go on. */
  forget(resource: number): void {
    this.#matcher.forget(resource);
  }

  /** On stepping down: forgets all entities and actions; action numbers go on. */
  clear(): void {
    this.#matcher.clear();
    this.#runner.clear();
  }
}
