import type { ActionCheck, ActionOutcome } from './messages.js';
import type { ActionSettings } from './action-settings.js';
import { ActionRunner } from './actions.js';
import type { RuleOutlets } from './outlets.js';
import { brakesOf } from './brakes.js';
import { Gate } from './gate.js';
import type { ActingRule, Order } from './order.js';
import { LocalMatcher, type LocalEntity } from './local-matcher.js';
import { HandingOn } from './handing-on.js';
import type { RuleMemory } from './memory.js';
import type { PermitAnswer, PermitRequest } from './permit-messages.js';
import { permittedRules, Permits } from './permits.js';
import type { LocalRule, RuleSet } from './rule-set.js';
import type { Sides } from './thresholds.js';

export interface LocalOutlets extends RuleOutlets {
  /** Has {@link LocalRules.update} look at the resource again, if it is still held. */
  look(resource: number): void;
  /** What the clock shows, which goes on while the owner stands still. Left out: as `now`. */
  clock?(): number;
  /** There is something for {@link LocalRules.takeWishes}. */
  asking?(): void;
}

/** The local rules of one manager, enforced on the resources it holds. */
export class LocalRules {
  readonly #matcher: LocalMatcher;
  readonly #runner: ActionRunner;
  readonly #gate: Gate;
  readonly #outlets: LocalOutlets;
  /** Null: what is kept in mind of a resource ends here. */
  readonly #handingOn: HandingOn | null;
  /** Null: no rule is under a brake of the scenario. */
  readonly #permits: Permits | null;

  /**
   * @param firstAction where action numbers start: an owner whose earlier lives issued actions
   *   gives a number that they did not reach.
   */
  constructor(
    rules: RuleSet, settings: ActionSettings, outlets: LocalOutlets, firstAction = 0,
  ) {
    this.#outlets = outlets;
    const permitted = permittedRules(rules, settings.brakes);
    this.#permits = permitted.size === 0 ? null : new Permits(permitted, settings, {
      now: () => outlets.now(),
      clock: () => outlets.clock?.() ?? outlets.now(),
      asking: () => outlets.asking?.(),
    }, firstAction);
    const permits = this.#permits === null ? [] : [this.#permits];
    const gate = new Gate(outlets, brakesOf(settings, outlets, { rules, permits }));
    this.#gate = gate;
    this.#matcher = new LocalMatcher(rules, (rule, resource) => {
      this.#handingOn?.changed(resource);
      if (rule.act.verb !== 'notify') gate.ceased(rule as ActingRule, resource);
    }, outlets.ageUs === undefined ? undefined : (resource) => outlets.ageUs!(resource));
    const source = {
      due: ({ rule, resource }: Order, admits: () => boolean) =>
        this.#matcher.holds(rule as LocalRule, resource) && admits(),
      ended: ({ resource }: Order) => this.#handingOn?.changed(resource),
    };
    const numbers = { first: 2 * firstAction, step: 2 };
    this.#runner = new ActionRunner(settings, outlets, source, gate, numbers);
    this.#handingOn = settings.handOn === true
      ? new HandingOn(rules, this.#matcher, this.#runner) : null;
  }

  /** Whether any rule minds how old what is known of a resource is. */
  get isAging(): boolean {
    return this.#matcher.isAging;
  }

  /** What rules mind of what entities of that kind measure; null: nothing. */
  minded(kind: string): Sides | null {
    return this.#matcher.minded(kind);
  }

  /** Whether time that has passed may make a rule fire. */
  get isAnyDue(): boolean {
    return this.#matcher.isTimed && this.#matcher.isAnyDue(this.#outlets.now());
  }

  /**
   * To be called when state, incarnation or hostUp of a held resource changed, or its metrics as
   * far as they are {@link minded}; may send and observe. `entity` is not kept.
   */
  update(entity: LocalEntity): void {
    const nowUs = this.#matcher.isTimed ? this.#outlets.now() : 0;
    this.#handingOn?.came(entity.resource, entity.incarnation, this.#outlets.now());
    this.#gate.showed(entity);
    const firings = this.#matcher.update(entity, nowUs);
    for (const { rule, resource, incarnation, text, occasion, isRepeat } of firings) {
      const target = entity.descriptor.name;
      this.#handingOn?.changed(resource);
      this.#outlets.observe({ type: 'rule-fired', rule: rule.name, scope: 'local', target });
      if (text !== null) {
        this.#outlets.observe({
          type: 'notified', rule: rule.name, target, text, occasion,
          ...(isRepeat ? { isRepeat } : {}),
        });
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

  /** What the coordinator is to be asked and told, so many of each at most; null: nothing. */
  takeWishes(most: number): Pick<PermitRequest, 'wishes' | 'returned'> | null {
    return this.#permits?.take(most) ?? null;
  }

  /** The coordinator says what may begin. */
  onPermits(answers: readonly PermitAnswer[]): void {
    for (const answer of answers) {
      const order = this.#permits?.answered(answer);
      if (!order) continue;
      this.#runner.wake(order);
      this.#permits!.settle(order);
    }
  }

  /** Sends again, lets actions expire, retries. To be called once in a check period. */
  tick(nowUs: number): void {
    this.#runner.tick(nowUs);
    for (const resource of this.#matcher.due(nowUs)) this.#outlets.look(resource);
  }

  /** What is kept in mind of the resource, for its next holder. */
  remember(resource: number): RuleMemory[] {
    return this.#handingOn?.remember(resource, this.#outlets.now()) ?? [];
  }

  /** What others kept in mind of resources that come here. */
  announced(memories: readonly RuleMemory[]): void {
    this.#handingOn?.announced(memories, this.#outlets.now());
  }

  /** So many resources, at most, of which it is to be told what is kept in mind. */
  takeChanged(most: number): number[] {
    return this.#handingOn?.takeChanged(most) ?? [];
  }

  /** Whoever was told of the resource is not there any more. */
  tellAnew(resource: number): void {
    this.#handingOn?.changed(resource);
  }

  /** The resource was handed over or released: its actions are no longer ours. */
  forget(resource: number): void {
    this.#handingOn?.forget(resource);
    this.#matcher.forget(resource);
    this.#runner.drop(resource);
  }

  /** Forgets all resources; action numbers go on. */
  clear(): void {
    this.#handingOn?.clear();
    this.#matcher.clear();
    this.#runner.clear();
  }
}
