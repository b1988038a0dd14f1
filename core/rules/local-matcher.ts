import { states, type Entity, type ResourceState } from '../metamodel/entity.js';
import { mostOccasions, type Remembered } from './memory.js';
import { Ripening } from './ripening.js';
import { Table } from './table.js';
import { Sides } from './thresholds.js';
import { EntityView } from './views.js';
import type { LocalRule, RuleSet } from './rule-set.js';

/** An entity as its manager sees it. */
export interface LocalEntity extends Entity {
  /** False from when the host is presumed dead until it is heard of again. */
  readonly hostUp: boolean;
}

/** A local rule has come to hold for an entity. */
export interface LocalFiring {
  readonly rule: LocalRule;
  readonly resource: number;
  readonly incarnation: number;
  /** What a notice says; null for a rule that acts. */
  readonly text: string | null;
  /** How often the rule has fired for the resource by now; 0 for a rule that acts. */
  readonly occasion: number;
  /** A former holder may have told of the same. */
  readonly isRepeat: boolean;
}

/** The resources that a rule holds for, with the incarnation in which it fired. */
type Holding = Map<number, number>;

/** Of what a rule that gives notice has fired for. */
interface Told {
  occasion: number;
  /** A former holder told so much, and has perhaps told once more since. */
  isHearsay: boolean;
}

interface Row {
  readonly rule: LocalRule;
  readonly holding: Holding;
}

interface OfKind {
  readonly rows: readonly Row[];
  /** Names of the metrics, in the order in which entities carry the values. */
  readonly metrics: readonly string[];
  /** Of the thresholds of its rules. */
  readonly sides: Sides;
}

const nothing: readonly LocalFiring[] = [];
const nobody = (): void => {};
/** One for all managers: nearly everywhere nothing is minded of metrics. */
const noSides = new Sides([], []);

/**
 * Which local rules hold for which of a manager's entities, kept up to date entity by entity.
 * A rule fires when its condition comes to hold, and again for each further incarnation in which
 * it still holds.
 */
export class LocalMatcher {
  readonly #view: EntityView;
  readonly #context: { readonly entity: EntityView };
  /** Each entity as last seen, packed; of its metrics only on which sides they are. */
  readonly #seen = new Map<number, number>();
  readonly #holding: ReadonlyMap<LocalRule, Holding>;
  /** By kind: the rules for it, in the order of the files. */
  readonly #byKind: ReadonlyMap<string, OfKind>;
  readonly #metricKinds: ReadonlySet<string>;
  readonly #ripening = new Ripening<number>();
  /** They came from another holder, and what they measure has not been heard here yet. */
  readonly #unmeasured = new Set<number>();
  readonly #told = new Table<LocalRule, number, Told>();
  /** Resources of which another holder has told, which is asked at each look; null: none. */
  #hearsay: Set<number> | null = null;
  /** Whether it matters how old what is known of resources is. */
  readonly isAging: boolean;
  /** Whether it matters what time it is. */
  readonly isTimed: boolean;
  /** Kinds with a rule that has to be looked at again and again. */
  readonly #agingKinds: ReadonlySet<string>;
  /** Resources of such kinds; null: there is no such kind. */
  readonly #aging: Set<number> | null;
  readonly #ceased: (rule: LocalRule, resource: number) => void;

  /**
   * @param ceased - a rule that had fired holds no more
   * @param ageUs - how old what is known of a resource is
   */
  constructor(
    rules: RuleSet, ceased: (rule: LocalRule, resource: number) => void = nobody,
    ageUs?: (resource: number) => number,
  ) {
    this.#view = new EntityView(ageUs);
    this.#context = { entity: this.#view };
    this.#ceased = ceased;
    this.isTimed = !rules.rules.every((rule) => Ripening.isIdle(rule));
    const local = rules.rules.filter((rule) => rule.scope === 'local');
    this.#holding = new Map(local.map((rule) => [rule, new Map()]));
    this.#byKind = new Map(Array.from(rules.local, ([kind, own]) =>
      [kind, this.#ofKind(own, rules.metricsOf.get(kind) ?? [])]));
    this.#metricKinds = kindsThatMatter(rules.local, ({ readsMetrics }) => readsMetrics);
    this.#agingKinds = kindsThatMatter(rules.local, ({ readsAge }) => readsAge);
    this.isAging = this.#agingKinds.size > 0;
    this.#aging = this.isAging ? new Set() : null;
  }

  /** What is minded of the metrics of entities of this kind; null: nothing. */
  minded(kind: string): Sides | null {
    return this.#metricKinds.has(kind) ? this.#byKind.get(kind)!.sides : null;
  }

  #ofKind(rules: readonly LocalRule[], metrics: readonly string[]): OfKind {
    const isOpen = rules.some(({ readsAge, readsMetrics, thresholds }) =>
      readsAge || (readsMetrics && thresholds === null));
    const thresholds = rules.flatMap((rule) => rule.thresholds ?? []);
    const isIdle = thresholds.length === 0 && !isOpen;
    return {
      rows: rules.map((rule) => ({ rule, holding: this.#holding.get(rule)! })),
      metrics, sides: isIdle ? noSides : new Sides(isOpen ? [] : thresholds, metrics, isOpen),
    };
  }

  /** Whether time that has passed may make a rule fire. */
  isAnyDue(nowUs: number): boolean {
    return this.#ripening.isAnyDue(nowUs);
  }

  update(entity: LocalEntity, nowUs: number): readonly LocalFiring[] {
    const { resource, incarnation, descriptor } = entity;
    const ofKind = this.#byKind.get(descriptor.kind);
    if (ofKind === undefined || ofKind.rows.length === 0) return nothing;
    const { sides } = ofKind;
    const but = packed(entity.state, incarnation, entity.hostUp);
    const now = but * sides.count + sides.of(entity.metrics);
    const seen = this.#seen.get(resource);
    const isSameSide = seen === now && sides.isExact;
    const metricsOnly = isSameSide ||
      (seen !== undefined && Math.floor(seen / sides.count) === but);
    if (seen !== now) this.#seen.set(resource, now);
    if (this.isAging && this.#agingKinds.has(descriptor.kind)) this.#aging?.add(resource);
    if (entity.metrics !== null && this.#unmeasured.size > 0) this.#unmeasured.delete(resource);
    this.#view.show(entity, ofKind.metrics, entity.hostUp);
    let firings: LocalFiring[] | undefined;
    for (const { rule, holding } of ofKind.rows) {
      const isSame = metricsOnly && !rule.readsAge &&
        (!rule.readsMetrics || isSameSide);
      if (isSame && !(this.isTimed && this.#ripening.isDue(rule, resource, nowUs))) continue;
      if (!rule.when(this.#context)) {
        // It may hold all the same.
        if (rule.readsMetrics && this.#unmeasured.has(resource)) continue;
        if (this.isTimed) this.#ripening.ceased(rule, resource);
        if (holding.size > 0 && holding.delete(resource)) this.#ceased(rule, resource);
        this.#passed(rule, resource);
      } else if (holding.get(resource) !== incarnation) {
        if (!this.#ripening.isRipe(rule, resource, incarnation, nowUs)) continue;
        holding.set(resource, incarnation);
        const text = rule.act.verb === 'notify' ? rule.act.text(this.#context) : null;
        const occasion = text === null ? { occasion: 0, isRepeat: false }
          : this.#occasion(rule, resource);
        (firings ??= []).push({ rule, resource, incarnation, text, ...occasion });
      } else {
        this.#passed(rule, resource);
      }
    }
    return firings ?? nothing;
  }

  /** The resources of which a rule may fire now because time has passed. */
  due(nowUs: number): readonly number[] {
    const ripe = this.#ripening.due(nowUs);
    return this.#aging === null ? ripe : [...new Set([...ripe, ...this.#aging])];
  }

  /** Whether the rule held when the entity was last updated. */
  holds(rule: LocalRule, resource: number): boolean {
    return this.#holding.get(rule)?.has(resource) ?? false;
  }

  /** Whether it has been looked at since it came here. */
  knows(resource: number): boolean {
    return this.#seen.has(resource);
  }

  /** The next notice. */
  #occasion(rule: LocalRule, resource: number): Pick<LocalFiring, 'occasion' | 'isRepeat'> {
    const told = this.#told.get(rule, resource);
    const occasion = 1 + (told?.occasion ?? 0);
    this.#told.set(rule, resource, { occasion, isHearsay: false });
    return { occasion, isRepeat: told?.isHearsay === true };
  }

  /** What a former holder may have told beyond what is known is past: its number is left out. */
  #passed(rule: LocalRule, resource: number): void {
    if (this.#hearsay === null || !this.#hearsay.has(resource)) return;
    const told = this.#told.get(rule, resource);
    if (told?.isHearsay !== true) return;
    told.occasion += 1;
    told.isHearsay = false;
  }

  remember(rule: LocalRule, resource: number, nowUs: number): Remembered {
    const fired = this.#holding.get(rule)?.get(resource) ?? -1;
    const occasions = this.#told.get(rule, resource)?.occasion ?? 0;
    return { fired, occasions, ...this.#ripening.remember(rule, resource, nowUs) };
  }

  recall(rule: LocalRule, resource: number, memory: Remembered, nowUs: number): void {
    const { fired = -1, occasions = 0 } = memory;
    this.#unmeasured.add(resource);
    if (fired >= 0) this.#holding.get(rule)?.set(resource, fired);
    if (rule.act.verb === 'notify') {
      const occasion = Math.min(occasions, mostOccasions);
      this.#told.set(rule, resource, { occasion, isHearsay: true });
      (this.#hearsay ??= new Set()).add(resource);
    }
    this.#ripening.recall(rule, resource, memory, nowUs);
  }

  forget(resource: number): void {
    this.#seen.delete(resource);
    this.#aging?.delete(resource);
    this.#told.drop(resource);
    this.#hearsay?.delete(resource);
    this.#unmeasured.delete(resource);
    this.#ripening.drop(resource);
    for (const holding of this.#holding.values()) holding.delete(resource);
  }

  clear(): void {
    this.#seen.clear();
    this.#aging?.clear();
    this.#told.clear();
    this.#hearsay = null;
    this.#unmeasured.clear();
    this.#ripening.clear();
    for (const holding of this.#holding.values()) holding.clear();
  }
}

/** All but the metrics. */
function packed(state: ResourceState, incarnation: number, hostUp: boolean): number {
  return (incarnation * states.length + states.indexOf(state)) * 2 + (hostUp ? 1 : 0);
}

/** Kinds with such a rule. */
export function kindsThatMatter<Own>(
  rules: ReadonlyMap<string, readonly Own[]>, matters: (rule: Own) => boolean,
): ReadonlySet<string> {
  const kinds = [...rules].filter(([, own]) => own.some(matters));
  return kinds.length === 0 ? noKinds : new Set(kinds.map(([kind]) => kind));
}

/** One for all managers: nearly everywhere there is none. */
const noKinds: ReadonlySet<string> = new Set();
