import type { Entity } from '../metamodel/entity.js';
import type { ActionEnd } from '../observations.js';
import type { ActionRunner, OrderSource, Told } from './actions.js';
import { claimAfter, Claims, type Claim } from './claims.js';
import { Column } from './column.js';
import type { Held } from './gate.js';
import { Group } from './group.js';
import { kindsThatMatter } from './local-matcher.js';
import type { Verb } from '../process.js';
import { mostOccasions, type Remembered } from './memory.js';
import type { ActingRule, Order } from './order.js';
import { Reports } from './reports.js';
import { Ripening } from './ripening.js';
import { Table } from './table.js';
import { EntityView, GroupView } from './views.js';
import type { GlobalAction, GlobalRule, RuleSet } from './rule-set.js';

/** What a global rule wants for one of its groups. */
export interface GlobalFiring {
  readonly rule: GlobalRule;
  readonly group: string;
  /** The condition has come to hold; false: it still holds and there is something new to do. */
  readonly fresh: boolean;
  /** What a notice says; null for a rule that acts. */
  readonly text: string | null;
  /** How often the condition has come to hold. */
  readonly occasion: number;
  /** Who enforced the rule before may have told of the same. */
  readonly isRepeat: boolean;
  /** Candidates to act on now, the best first. */
  readonly targets: readonly { readonly resource: number; readonly incarnation: number }[];
}

/** What the matcher must know of actions before it picks a candidate. */
export interface ActionBook extends Pick<ActionRunner, 'isFree' | 'backOffUs'> {
  /** Null: the order begins, and brakes have counted it. */
  admit(order: Order, nowUs: number): Held | null;
  /** The rule wants nothing of the group any more. */
  ceased(rule: ActingRule, group: string): void;
}

const noGroup = -1;

export interface MatcherOptions {
  /** Another enforced the rules before. */
  readonly isHeir: boolean;
  /** When it was told what that one kept in mind. */
  readonly recalledUs: number;
  /** What is kept in mind of the group is not what it was. */
  changed(rule: { readonly name: string }, group: string): void;
  /** How old what is known of the resource is; left out: it is new. */
  ageUs?(resource: number): number;
}

const alone: MatcherOptions = { isHeir: false, recalledUs: 0, changed: () => {} };

/** One global rule with its groups. */
interface Sorting {
  readonly rule: GlobalRule;
  readonly groups: Group[];
  readonly byName: Map<string, Group>;
  /** Of each entity: 1 + index into `groups`, or {@link noGroup}; 0: not asked yet. */
  readonly groupOf: Column;
}

/**
 * Groups of entities with counts, sums and candidates, kept up to date entity by entity; only
 * groups in which something relevant changed are evaluated.
 */
export class GlobalMatcher implements OrderSource {
  readonly #rules: RuleSet;
  readonly #entityView: EntityView;
  readonly #onEntity: { readonly entity: EntityView };
  readonly #groupView = new GroupView();
  readonly #onGroup = { group: this.#groupView };
  readonly #sortings: ReadonlyMap<GlobalRule, Sorting>;
  /** By kind: the rules for it, in the order of the files. */
  readonly #byKind: ReadonlyMap<string, readonly Sorting[]>;
  readonly #metricKinds: ReadonlySet<string>;
  readonly #agingKinds: ReadonlySet<string>;
  readonly #claims = new Claims();
  readonly #reports: Reports;
  readonly #dirty: Group[] = [];
  readonly #ripening = new Ripening<Group>();
  /** Where brakes hold something back: when to ask again. */
  readonly #held = new Map<Group, number>();
  readonly #options: MatcherOptions;
  /** Of groups that no entity of the model has shown yet, by rule and name. */
  readonly #recalled = new Table<GlobalRule, string, Remembered>();

  constructor(rules: RuleSet, options: MatcherOptions = alone) {
    this.#rules = rules;
    this.#options = options;
    this.#reports = new Reports(rules);
    this.#entityView = new EntityView((resource) => options.ageUs?.(resource) ?? 0);
    this.#onEntity = { entity: this.#entityView };
    const global = rules.rules.filter((rule) => rule.scope === 'global');
    this.#sortings = new Map(global.map((rule) => [rule, {
      rule, groups: [], byName: new Map(), groupOf: new Column(),
    }]));
    this.#byKind = new Map(Array.from(rules.global, ([kind, own]) =>
      [kind, own.map((rule) => this.#sortings.get(rule)!)]));
    this.#metricKinds = kindsThatMatter(rules.global, ({ readsMetrics }) => readsMetrics);
    this.#agingKinds = kindsThatMatter(rules.global, ({ readsAge }) => readsAge);
  }

  /** Kinds whose entities are to be shown again and again, as they grow older. */
  get agingKinds(): ReadonlySet<string> {
    return this.#agingKinds;
  }

  /** Whether a change of metrics alone matters for entities of this kind. */
  readsMetrics(kind: string): boolean {
    return this.#metricKinds.has(kind);
  }

  update(entity: Entity): void {
    const { resource, descriptor } = entity;
    const sortings = this.#byKind.get(descriptor.kind);
    if (sortings === undefined || sortings.length === 0) return;
    const names = this.#rules.metricsOf.get(descriptor.kind) ?? [];
    this.#entityView.show(entity, names);
    const before = this.#claims.counted(resource);
    const changed = this.#claims.show(entity);
    const after = this.#claims.counted(resource)!;
    const former = this.#reports.of(resource);
    const report = this.#reports.read(descriptor.kind, entity.metrics);
    for (const sorting of sortings) {
      const { rule } = sorting;
      if (!changed && !rule.readsMetrics && !rule.readsAge) continue;
      const group = this.#groupFor(sorting, resource);
      if (group === null) continue;
      if (before === after) group.recount(after, former, report);
      else {
        if (before !== null) group.count(before, -1, former);
        group.count(after, 1, report);
      }
      const picked = this.#pick(group, resource);
      if (changed || picked || rule.groupMetrics.length > 0) this.#touch(group);
    }
    this.#reports.keep(resource, report);
  }

  forget(resource: number): void {
    const before = this.#claims.counted(resource);
    if (before === null) return;
    this.#claims.hide(resource);
    for (const sorting of this.#sortings.values()) {
      const group = groupOf(sorting, resource);
      if (group === null) continue;
      group.count(before, -1, this.#reports.of(resource));
      group.candidates.delete(resource);
      sorting.groupOf.set(resource, 0);
      this.#touch(group);
    }
    this.#reports.delete(resource);
  }

  clear(): void {
    for (const { groups, byName, groupOf: column } of this.#sortings.values()) {
      groups.length = 0;
      byName.clear();
      column.clear();
    }
    this.#reports.clear();
    this.#claims.clear();
    this.#dirty.length = 0;
    this.#ripening.clear();
    this.#held.clear();
    this.#recalled.clear();
  }

  /** Evaluates the groups that changed; what it returns counts as begun from now on. */
  evaluate(book: ActionBook, nowUs: number, knownOnly = false): readonly GlobalFiring[] {
    const firings: GlobalFiring[] = [];
    for (const group of this.#ripening.due(nowUs)) this.#touch(group);
    for (const [group, untilUs] of this.#held) if (untilUs <= nowUs) this.#touch(group);
    // Claims touch further groups while this runs; each takes a candidate away, so it ends.
    const waiting: Group[] = [];
    for (const group of this.#dirty) {
      if (knownOnly && group.counts.unknown > 0) {
        waiting.push(group);
        continue;
      }
      group.dirty = false;
      const firing = this.#evaluate(group, book, nowUs);
      if (firing !== null) firings.push(firing);
    }
    this.#dirty.length = 0;
    this.#dirty.push(...waiting);
    return firings;
  }

  /**
   * The back-off of a candidate is over: its group may want it again. If what was under way there
   * may be so still, that very one is asked again, and no other is taken before it has answered.
   */
  due(order: Order, admits: () => boolean): boolean {
    const { rule, resource } = order;
    this.#options.changed(rule, order.group!);
    const sorting = this.#sortings.get(rule as GlobalRule);
    const group = sorting ? groupOf(sorting, resource) : null;
    if (group === null) return false;
    const claim = this.#claims.get(resource);
    if (claim?.busy !== true) {
      this.#touch(group);
      return false;
    }
    this.#claim(resource, null);
    const again = group.candidates.has(resource) && this.#wants(group) && admits();
    if (again) this.#claim(resource, { ...claim, again });
    return again;
  }

  /** After a success the claim stands until the model shows it. */
  ended(
    { rule, resource, group }: Order, end: ActionEnd, incarnation: number, told: Told = null,
  ): void {
    this.#options.changed(rule, group!);
    const claim = this.#claims.get(resource);
    if (claim === undefined || end === 'succeeded') return;
    this.#claim(resource, claimAfter(claim, end, incarnation, told));
  }

  #evaluate(group: Group, book: ActionBook, nowUs: number): GlobalFiring | null {
    const { rule, name } = group;
    this.#held.delete(group);
    if (!this.#wants(group)) {
      this.#cease(group, book);
      return null;
    }
    const fresh = !group.wanting;
    if (fresh) {
      const isRipe = this.#ripening.isRipe(rule, group, 0, nowUs);
      this.#options.changed(rule, name);
      if (!isRipe) return null;
      group.occasions += 1;
    }
    const isRepeat = fresh && group.isHearsay;
    if (!fresh) this.#pass(group);
    group.isHearsay = false;
    group.wanting = true;
    const told = { rule, group: name, fresh, occasion: group.occasions, isRepeat };
    if (rule.act.verb === 'notify') {
      return fresh ? { ...told, text: rule.act.text(this.#onGroup), targets: [] } : null;
    }
    const targets = this.#targets(group, rule as ActingRule, book, nowUs);
    const something = fresh || targets.length > 0;
    return something ? { ...told, text: null, targets } : null;
  }

  #cease(group: Group, book: ActionBook): void {
    const { rule, name } = group;
    this.#pass(group);
    if (this.#ripening.ceased(rule, group) || group.wanting) this.#options.changed(rule, name);
    if (group.wanting && rule.act.verb !== 'notify') book.ceased(rule as ActingRule, name);
    group.wanting = false;
  }

  /** What may have been told beyond what is known is past: its number is left out. */
  #pass(group: Group): void {
    if (group.isHearsay) group.occasions += 1;
    group.isHearsay = false;
  }

  /** What is kept in mind of the group, were its name in use or not. */
  remember(rule: GlobalRule, name: string, nowUs: number): Remembered {
    const group = this.#sortings.get(rule)?.byName.get(name);
    if (group === undefined) return this.#recalled.get(rule, name) ?? {};
    return {
      fired: group.wanting ? 0 : -1, occasions: group.occasions,
      ...this.#ripening.remember(rule, group, nowUs),
    };
  }

  /** The name of the resource's group; null: none, or not known. */
  groupOf(rule: GlobalRule, resource: number): string | null {
    const sorting = this.#sortings.get(rule);
    return sorting === undefined ? null : groupOf(sorting, resource)?.name ?? null;
  }

  /** So it was, says who enforced the rule before. */
  recall(rule: GlobalRule, name: string, memory: Remembered): void {
    this.#recalled.set(rule, name, memory);
  }

  /** An action that may be under way: its target counts so once the model has it. */
  begun(resource: number, incarnation: number, verb: Verb): void {
    this.#claims.begun(resource, incarnation, verb);
  }

  /** Takes candidates that brakes let through until the rule wants no more. */
  #targets(
    group: Group, rule: ActingRule, book: ActionBook, nowUs: number,
  ): GlobalFiring['targets'] {
    const targets: { resource: number; incarnation: number }[] = [];
    for (const resource of this.#eligible(group, rule, book)) {
      const target = { resource, incarnation: this.#claims.incarnation(resource) };
      const held = book.admit({ rule, ...target, group: group.name }, nowUs);
      if (held !== null) {
        const untilUs = Math.min(held.untilUs, this.#held.get(group) ?? Infinity);
        if (untilUs < Infinity) this.#held.set(group, untilUs);
        if (held.elsewhere) continue;
        break;
      }
      targets.push(target);
      this.#claim(resource, this.#claims.of(resource, rule.act.verb));
      if (!this.#wants(group)) break; // The claim touched the group: it is evaluated once more.
    }
    return targets;
  }

  #wants(group: Group): boolean {
    this.#groupView.show(group);
    return group.rule.when(this.#onGroup);
  }

  /** Those that failed lately come last, then as the rule orders, then by number. */
  #eligible({ candidates }: Group, rule: ActingRule, book: ActionBook): number[] {
    const free = [...candidates]
      .filter(([resource]) => !this.#claims.has(resource) && book.isFree(rule, resource))
      .map(([resource, order]) => ({ resource, order, backOff: book.backOffUs(rule, resource) }));
    free.sort((a, b) => {
      if (a.backOff !== b.backOff) return a.backOff - b.backOff;
      if (a.order !== b.order) return a.order < b.order ? -1 : 1;
      return a.resource - b.resource;
    });
    return free.map(({ resource }) => resource);
  }

  /** Puts a claim on the resource, or takes it off, and counts it anew in every group. */
  #claim(resource: number, claim: Claim | null): void {
    const before = this.#claims.counted(resource);
    this.#claims.set(resource, claim);
    const after = this.#claims.counted(resource);
    if (before === null || after === null) return;
    const report = this.#reports.of(resource);
    for (const sorting of this.#sortings.values()) {
      const group = groupOf(sorting, resource);
      if (group === null) continue;
      group.count(before, -1, report);
      group.count(after, 1, report);
      this.#touch(group);
    }
  }

  #groupFor(sorting: Sorting, resource: number): Group | null {
    const { rule, groups, byName } = sorting;
    const place = sorting.groupOf.get(resource);
    if (place !== 0) return place === noGroup ? null : groups[place - 1];
    const name = rule.group(this.#onEntity);
    let group = name === null ? null : byName.get(name);
    if (group === undefined) {
      group = new Group(rule, name!, groups.length, this.#reports.names);
      byName.set(name!, group);
      groups.push(group);
      this.#resume(group);
    }
    sorting.groupOf.set(resource, group === null ? noGroup : 1 + group.index);
    return group;
  }

  /** Goes on where its rule was, if another enforced that before. */
  #resume(group: Group): void {
    group.isHearsay = this.#options.isHeir;
    const { rule, name } = group;
    const memory = this.#recalled.get(rule, name);
    if (memory === undefined) return;
    this.#recalled.delete(rule, name);
    group.wanting = (memory.fired ?? -1) >= 0;
    group.occasions = Math.min(memory.occasions ?? 0, mostOccasions);
    this.#ripening.recall(rule, group, memory, this.#options.recalledUs);
  }

  /** Whether the resource, which the view shows, has just become a candidate. */
  #pick(group: Group, resource: number): boolean {
    if (group.rule.act.verb === 'notify') return false;
    const act: GlobalAction = group.rule.act;
    if (!act.pick(this.#onEntity)) {
      group.candidates.delete(resource);
      return false;
    }
    const isNew = !group.candidates.has(resource);
    group.candidates.set(resource, act.order(this.#onEntity));
    return isNew;
  }

  #touch(group: Group): void {
    if (group.dirty) return;
    group.dirty = true;
    this.#dirty.push(group);
  }
}

function groupOf({ groups, groupOf: column }: Sorting, resource: number): Group | null {
  return groups[column.get(resource) - 1] ?? null;
}
