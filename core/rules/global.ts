import type { ActionCheck, ActionOutcome } from './messages.js';
import type { Entity } from '../metamodel/entity.js';
import type { ActionSettings } from './action-settings.js';
import { ActionRunner } from './actions.js';
import type { RuleOutlets } from './outlets.js';
import { brakesOf, sharedBrakesOf } from './brakes.js';
import { Gate, type Held } from './gate.js';
import { Grants } from './grants.js';
import { GlobalMatcher, type ActionBook, type GlobalFiring } from './global-matcher.js';
import type { ActingRule, Order } from './order.js';
import { Changes } from './changes.js';
import { groupMemoryOf, type GroupMemory, type PlaceMemory } from './memory.js';
import type { PermitAnswer, PermitReturn, PermitWish } from './permit-messages.js';
import { permittedRules } from './permits.js';
import type { Address } from '../process.js';
import type { GlobalRule, RuleSet } from './rule-set.js';
import { Table } from './table.js';

/** What the global rules of a coordinator keep in mind, or what of it has changed. */
export interface GlobalState {
  readonly groups: readonly GroupMemory[];
  /** All of them; null: as before. */
  readonly places: readonly PlaceMemory[] | null;
}

/** The global rules of one coordinator, enforced on all entities of its model. */
export class GlobalRules {
  readonly #matcher: GlobalMatcher;
  readonly #runner: ActionRunner;
  readonly #gate: Gate;
  readonly #outlets: RuleOutlets;
  readonly #book: ActionBook;
  readonly #rules: ReadonlyMap<string, GlobalRule>;
  readonly #changes = new Changes();
  readonly #grants: Grants;
  /** Groups that have been given up, as was told. */
  readonly #givenUp = new Table<ActingRule, string, true>();
  /** When brakes of the scenario last counted something, as a version. */
  #placesAt = 0;

  /**
   * As for {@link LocalRules}; the action numbers of the two never coincide.
   *
   * @param heirSinceUs - others enforced the rules until then; null: nobody has
   * @param former - what those kept in mind; null: nothing is known of that
   */
  constructor(
    rules: RuleSet, settings: ActionSettings, outlets: RuleOutlets, firstAction = 0,
    heirSinceUs: number | null = null, former: GlobalState | null = null,
  ) {
    this.#outlets = outlets;
    const global = rules.rules.filter((rule) => rule.scope === 'global');
    this.#rules = new Map(global.map((rule) => [rule.name, rule]));
    const changed = ({ name }: { readonly name: string }, group: string): void => {
      this.#changes.note(name, group);
      this.#placesAt = this.#changes.version;
    };
    this.#matcher = new GlobalMatcher(rules, {
      isHeir: heirSinceUs !== null, recalledUs: heirSinceUs ?? 0, changed,
      ...(outlets.ageUs === undefined ? {} : { ageUs: (one) => outlets.ageUs!(one) }),
    });
    const unknownFromUs = former === null ? heirSinceUs : null;
    const permitted = permittedRules(rules, settings.brakes);
    const shared = sharedBrakesOf(settings, outlets, unknownFromUs, permitted.size > 0);
    const gate = new Gate(outlets, brakesOf(settings, outlets, { rules, unknownFromUs, shared }));
    this.#gate = gate;
    this.#grants = new Grants(permitted, shared, settings, outlets);
    const numbers = { first: 2 * firstAction + 1, step: 2 };
    const runner = new ActionRunner(settings, outlets, this.#matcher, gate, numbers);
    this.#runner = runner;
    this.#book = {
      isFree: (rule, resource) => runner.isFree(rule, resource),
      backOffUs: (rule, resource) => runner.backOffUs(rule, resource),
      admit: (order, nowUs) => {
        const held = gate.admit(order, nowUs);
        this.#noteHeld(order, held);
        return held;
      },
      ceased: (rule, group) => gate.ceased(rule, group),
    };
    if (former !== null) this.#recall(former, heirSinceUs ?? 0);
  }

  /** Of what is kept in mind; grows with each change. */
  get version(): number {
    return this.#changes.version;
  }

  /** A manager's local rule wants something done that brakes of the scenario count. */
  permit(from: Address, wish: PermitWish): PermitAnswer | null {
    const answer = this.#grants.ask(from, wish);
    if (answer?.heldBy === null) this.#notePlaces();
    return answer;
  }

  /** The manager is done with what it was permitted. */
  permitReturned(from: Address, back: PermitReturn): void {
    if (this.#grants.returned(from, back)) this.#notePlaces();
  }

  #notePlaces(): void {
    this.#changes.noteBeside();
    this.#placesAt = this.#changes.version;
  }

  /** What has changed since that version, of so many groups at most, and which version that is. */
  stateSince(from: number, most: number): GlobalState & { readonly to: number } {
    const nowUs = this.#outlets.now();
    const { changed, to } = this.#changes.since(from, most);
    const targets = new Map<string, ReadonlyMap<string, readonly number[]>>();
    const groups = changed.map(({ rule: name, group }) => {
      const rule = this.#rules.get(name)!;
      const own = this.#matcher.remember(rule, group, nowUs);
      if (rule.act.verb === 'notify') return groupMemoryOf(name, group, [own], []);
      const acting = rule as ActingRule;
      if (!targets.has(name)) targets.set(name, this.#targets(rule));
      const tries = this.#runner.tries(acting, targets.get(name)!.get(group) ?? [], nowUs);
      const parts = [own, ...this.#gate.remember(acting, group, nowUs)];
      return groupMemoryOf(name, group, parts, tries);
    });
    const isNewer = from < this.#placesAt || from === 0;
    return { groups, places: isNewer ? this.#gate.rememberPlaces(nowUs) : null, to };
  }

  /** What begins, is given up or resumed changes what is kept in mind. */
  #noteHeld({ rule, group }: Order, held: Held | null): void {
    const isGivenUp = held?.cause === 'given-up';
    const wasGivenUp = this.#givenUp.delete(rule, group!);
    if (isGivenUp) this.#givenUp.set(rule, group!, true);
    if (held !== null && isGivenUp === wasGivenUp) return;
    this.#changes.note(rule.name, group!);
    this.#placesAt = this.#changes.version;
  }

  /** By group, those of which the rule keeps something in mind. */
  #targets(rule: GlobalRule): Map<string, number[]> {
    const byGroup = new Map<string, number[]>();
    for (const resource of this.#runner.targets(rule as ActingRule)) {
      const group = this.#matcher.groupOf(rule, resource);
      if (group !== null) byGroup.set(group, [...byGroup.get(group) ?? [], resource]);
    }
    return byGroup;
  }

  #recall({ groups, places }: GlobalState, nowUs: number): void {
    for (const memory of groups) {
      const rule = this.#rules.get(memory.rule);
      if (rule === undefined) continue;
      const { group, tries } = memory;
      this.#matcher.recall(rule, group, memory);
      // Who succeeds this one is to know it as well.
      this.#changes.note(rule.name, group);
      if (rule.act.verb === 'notify') continue;
      const acting = rule as ActingRule;
      this.#gate.recall(acting, group, memory, nowUs);
      for (const one of tries) {
        this.#runner.recallTry(acting, one.resource, one, Infinity, nowUs, group);
        if (!one.underWay || one.waiting === null) continue;
        this.#matcher.begun(one.resource, one.waiting.incarnation, acting.act.verb);
      }
    }
    this.#gate.recallPlaces(places ?? [], nowUs);
    this.#placesAt = this.#changes.version;
  }

  /** Whether any rule needs to be told of changes of metrics alone of entities of this kind. */
  readsMetrics(kind: string): boolean {
    return this.#matcher.readsMetrics(kind);
  }

  /** Kinds whose entities {@link aged} has to show each time before {@link tick}. */
  get agingKinds(): ReadonlySet<string> {
    return this.#matcher.agingKinds;
  }

  aged(entity: Entity): void {
    this.#matcher.update(entity);
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
   *
   * @param knownOnly - groups with a member that is unknown wait
   */
  tick(nowUs: number, knownOnly = false): void {
    this.#runner.tick(nowUs);
    const firings = this.#matcher.evaluate(this.#book, nowUs, knownOnly);
    for (const firing of firings) this.#tell(firing);
    for (const { rule, group, targets } of firings) {
      for (const target of targets) {
        this.#runner.begin({ rule: rule as ActingRule, ...target, group });
      }
    }
  }

  #tell({ rule: { name }, group, fresh, text, occasion, isRepeat }: GlobalFiring): void {
    if (fresh) {
      this.#outlets.observe({ type: 'rule-fired', rule: name, scope: 'global', target: group });
    }
    if (text === null) return;
    this.#outlets.observe({
      type: 'notified', rule: name, target: group, text, occasion,
      ...(isRepeat ? { isRepeat } : {}),
    });
  }

  /** The model no longer has the resource. Actions under way on it go on. */
  forget(resource: number): void {
    this.#matcher.forget(resource);
    this.#gate.forget(resource);
  }

  /** On stepping down: forgets all entities and actions; action numbers go on. */
  clear(): void {
    this.#matcher.clear();
    this.#runner.clear();
    this.#grants.clear();
  }
}
