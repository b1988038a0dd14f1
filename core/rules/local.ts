import type { ActionCheck, ActionOutcome } from './messages.js';
import { ActionRunner, type ActionSettings, type RuleOutlets } from './actions.js';
import { brakesOf } from './brakes.js';
import { Gate } from './gate.js';
import type { ActingRule, Order } from './order.js';
import { LocalMatcher, type LocalEntity } from './local-matcher.js';
import type { LocalRule, RuleSet } from './rule-set.js';

export interface LocalOutlets extends RuleOutlets {
  /** Has {@link LocalRules.update} look at the resource again, if it is still held. */
  look(resource: number): void;
}

/** The local rules of one manager, enforced on the resources it holds. */
export class LocalRules {
  readonly #matcher: LocalMatcher;
  readonly #runner: ActionRunner;
  readonly #outlets: LocalOutlets;

  /**
   * @param firstAction where action numbers start: an owner whose earlier lives issued actions
   *   gives a number that they did not reach.
   */
  constructor(
    rules: RuleSet, settings: ActionSettings, outlets: LocalOutlets, firstAction = 0,
  ) {
    this.#outlets = outlets;
    const gate = new Gate(outlets, brakesOf(settings, outlets));
    this.#matcher = new LocalMatcher(rules, (rule, resource) => {
      if (rule.act.verb !== 'notify') gate.ceased(rule as ActingRule, resource);
    });
    const source = {
      due: ({ rule, resource }: Order, admits: () => boolean) =>
        this.#matcher.holds(rule as LocalRule, resource) && admits(),
      ended: () => {},
    };
    const numbers = { first: 2 * firstAction, step: 2 };
    this.#runner = new ActionRunner(settings, outlets, source, gate, numbers);
  }

  /** Whether any rule needs to be told of changes of metrics alone of entities of this kind. */
  readsMetrics(kind: string): boolean {
    return this.#matcher.readsMetrics(kind);
  }

  /**
   * To be called when state, incarnation or hostUp of a held resource changed, or its metrics if
   * {@link readsMetrics}; may send and observe. `entity` is not kept.
   */
  update(entity: LocalEntity): void {
    const nowUs = this.#matcher.isTimed ? this.#outlets.now() : 0;
    const firings = this.#matcher.update(entity, nowUs);
    for (const { rule, resource, incarnation, text } of firings) {
      const target = entity.descriptor.name;
      this.#outlets.observe({ type: 'rule-fired', rule: rule.name, scope: 'local', target });
      if (text !== null) {
        this.#outlets.observe({ type: 'notified', rule: rule.name, target, text });
      } else {
        this.#runner.request({ rule: rule as ActingRule, resource, incarnation, group: null });
      }
    }
  }

  /**
   * What the outcome says of state and incarnation goes into the owner's model too, and so into
   * {@link update}, in the same turn; in which order does not matter. False if the action is not
   * (or no longer) one of these rules': the caller then offers it elsewhere.
   */
  onOutcome(outcome: ActionOutcome): boolean {
    return this.#runner.onOutcome(outcome);
  }

  /** A host asks whether it may still act; as {@link onOutcome}. */
  onCheck(check: ActionCheck): boolean {
    return this.#runner.onCheck(check);
  }

  /** Sends again, lets actions expire, retries. To be called once in a check period. */
  tick(nowUs: number): void {
    this.#runner.tick(nowUs);
    for (const resource of this.#matcher.due(nowUs)) this.#outlets.look(resource);
  }

  /** The resource was handed over or released: its actions are no longer ours. */
  forget(resource: number): void {
    this.#matcher.forget(resource);
    this.#runner.drop(resource);
  }

  /** Forgets all resources; action numbers go on. */
  clear(): void {
    this.#matcher.clear();
    this.#runner.clear();
  }
}
