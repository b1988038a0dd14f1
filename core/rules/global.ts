import type { ActionCheck, ActionOutcome } from './messages.js';
import type { Entity } from '../metamodel/entity.js';
import { ActionRunner, type ActionSettings, type RuleOutlets } from './actions.js';
import { globalBrakesOf } from './brakes.js';
import { Gate } from './gate.js';
import { GlobalMatcher, type ActionBook } from './global-matcher.js';
import type { ActingRule } from './order.js';
import type { RuleSet } from './rule-set.js';

/** The global rules of one coordinator, enforced on all entities of its model. */
export class GlobalRules {
  readonly #matcher: GlobalMatcher;
  readonly #runner: ActionRunner;
  readonly #gate: Gate;
  readonly #outlets: RuleOutlets;
  readonly #book: ActionBook;

  /**
   * As for {@link LocalRules}; the action numbers of the two never coincide.
   *
   * @param unknownFromUs - others may have enforced the rules until then, and nothing is known of
   *   their actions; null: nobody has
   */
  constructor(
    rules: RuleSet, settings: ActionSettings, outlets: RuleOutlets, firstAction = 0,
    unknownFromUs: number | null = null,
  ) {
    this.#outlets = outlets;
    this.#matcher = new GlobalMatcher(rules);
    const gate = new Gate(outlets, globalBrakesOf(settings, outlets, unknownFromUs));
    this.#gate = gate;
    const numbers = { first: 2 * firstAction + 1, step: 2 };
    const runner = new ActionRunner(settings, outlets, this.#matcher, gate, numbers);
    this.#runner = runner;
    this.#book = {
      isFree: (rule, resource) => runner.isFree(rule, resource),
      backOffUs: (rule, resource) => runner.backOffUs(rule, resource),
      admit: (order, nowUs) => gate.admit(order, nowUs),
      ceased: (rule, group) => gate.ceased(rule, group),
    };
  }

  /** Whether any rule needs to be told of changes of metrics alone of entities of this kind. */
  readsMetrics(kind: string): boolean {
    return this.#matcher.readsMetrics(kind);
  }

  /** The model's entity is new or changed. Only takes note: {@link tick} acts. Not kept. */
  update(entity: Entity): void {
    this.#gate.update(entity);
    this.#matcher.update(entity);
  }

  /** False if the action is not (or no longer) one of these rules'. */
  onOutcome(outcome: ActionOutcome): boolean {
    return this.#runner.onOutcome(outcome);
  }

  /** A host asks whether it may still act; as {@link onOutcome}. */
  onCheck(check: ActionCheck): boolean {
    return this.#runner.onCheck(check);
  }

  /**
   * Evaluates the groups in which something changed and acts; sends again, lets actions expire.
   * To be called once in a check period, but only while the owner may act: not before its model
   * is rebuilt.
   */
  tick(nowUs: number): void {
    this.#runner.tick(nowUs);
    const firings = this.#matcher.evaluate(this.#book, nowUs);
    for (const { rule, group, fresh, text, targets } of firings) {
      if (fresh) {
        this.#outlets.observe({
          type: 'rule-fired', rule: rule.name, scope: 'global', target: group,
        });
      }
      if (text !== null) {
        this.#outlets.observe({ type: 'notified', rule: rule.name, target: group, text });
      }
      for (const target of targets) {
        this.#runner.begin({ rule: rule as ActingRule, ...target, group });
      }
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
