/**
 * What keeps a rule from acting, judged by when and on what it acts, by nothing of what core keeps
 * of that: `for`, `cooldown`, silences, and of coordinators `halt` and `unavailable`.
 */
import type { Heard, Observation } from '../../core/observations.js';
import type { Address, Verb } from '../../core/process.js';
import type { ResourceState } from '../../core/metamodel/entity.js';
import {
  EntityView, holds, placeOf, type GlobalRule, type LocalRule,
} from '../../core/rules/index.js';
import { DOWN } from '../truth/index.js';
import type { InvariantContext } from './invariant.js';
import { Silences } from './silences.js';
import type { Steadiness } from './steadiness.js';

/** What it has to be told. */
export const waitsHear = [
  'action-started', 'action-ended', 'actuated', 'process-down', 'listing-removed',
  'coordinator-resigned', 'model-entity', 'resource-suspected', 'resource-trusted',
  'listing-added', 'rule-fired', 'notified',
] as const;
type Started = Heard<readonly ['action-started']>;
type Fired = Heard<readonly ['rule-fired']>;
type Rule = LocalRule | GlobalRule;

/** What one process has begun, and what it takes for down. */
interface Doings {
  /** By rule and subject, when an action was last begun. */
  readonly begunUs: Map<string, number>;
  /** By resource, what is under way there. */
  readonly underWay: Map<number, Verb>;
  /** By resource, since when it is suspected. */
  readonly suspectedUs: Map<number, number>;
  /** On which it has ever begun an action: its host may tell of them, however late. */
  readonly asked: Set<number>;
  /** By resource, since when it is listed under its present assignment. */
  readonly listedUs: Map<number, number>;
  /** What its model shows, if it coordinates. */
  readonly model: Map<number, ResourceState>;
}

/** Stands for what is not kept. */
const empty: ReadonlyMap<number, unknown> = new Map();

export class RuleWaits {
  readonly #context: InvariantContext;
  readonly #steadiness: Steadiness;
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #doings = new Map<Address, Doings>();
  readonly #silences: Silences;
  /** Some rule waits, or some brake may halt: what these need is kept only then. */
  readonly #waits: boolean;
  readonly #halts: boolean;
  readonly #view = new EntityView();

  constructor(context: InvariantContext, steadiness: Steadiness, rules: readonly Rule[]) {
    this.#context = context;
    this.#steadiness = steadiness;
    this.#rules = new Map(rules.map((rule) => [rule.name, rule]));
    this.#silences = new Silences(context);
    this.#waits = rules.some(waitsWhileDown);
    const { brakes = [] } = context.scenario.coordination.actions;
    this.#halts = brakes.some(({ halt }) => halt !== null);
  }

  /** What is wrong with that, in words; null: nothing. */
  look(timeUs: number, process: Address, told: Observation): string | null {
    if (!this.#context.health.truth.isManager(process)) return null;
    const doings = this.#of(process);
    switch (told.type) {
      case 'action-started': {
        const flaw = this.#flawOf(timeUs, process, told);
        doings.begunUs.set(this.#keyOf(told), timeUs);
        doings.underWay.set(told.resource, told.verb);
        if (this.#waits) doings.asked.add(told.resource);
        return flaw;
      }
      case 'rule-fired': return this.#firedFlaw(timeUs, process, told);
      case 'notified': {
        const key = `${told.rule}/${told.target}`;
        const flaw = this.#cooldownFlaw(timeUs, process, told.rule, key, `tells of ${told.target}`);
        doings.begunUs.set(key, timeUs);
        return flaw;
      }
      case 'action-ended':
        doings.underWay.delete(told.resource);
        // So the resource has come up.
        if (told.outcome === 'succeeded') doings.suspectedUs.delete(told.resource);
        return null;
      case 'process-down':
        this.#doings.delete(process);
        return null;
      case 'listing-added':
        if (this.#waits) doings.listedUs.set(told.resource, timeUs);
        return null;
      case 'listing-removed':
        doings.suspectedUs.delete(told.resource);
        for (const [name, { scope }] of this.#rules) {
          if (scope !== 'local') continue;
          doings.begunUs.delete(`${name}/${told.resource}`);
          doings.begunUs.delete(`${name}/${this.#name(told.resource)}`);
        }
        return null;
      case 'coordinator-resigned':
        doings.model.clear();
        for (const key of doings.begunUs.keys()) {
          if (this.#rules.get(key.split('/', 1)[0])?.scope === 'global') doings.begunUs.delete(key);
        }
        return null;
      case 'model-entity':
        if (this.#halts) doings.model.set(told.resource, told.state);
        return null;
      case 'resource-suspected':
        if (this.#waits) doings.suspectedUs.set(told.resource, timeUs);
        return null;
      case 'resource-trusted':
        doings.suspectedUs.delete(told.resource);
        return null;
      default:
        return null;
    }
  }

  /** By local rule, when a manager last began something by then on that resource. */
  begunUs(process: Address, resource: number, knownUs: number): Map<string, number> {
    const begun = new Map<string, number>();
    for (const [name, { scope }] of this.#rules) {
      const atUs = this.#of(process).begunUs.get(`${name}/${resource}`) ?? Infinity;
      if (scope === 'local' && atUs <= knownUs) begun.set(name, atUs);
    }
    return begun;
  }

  /** It knows of that from now on. */
  passedOn(process: Address, resource: number, begunUs: ReadonlyMap<string, number>): void {
    const own = this.#of(process).begunUs;
    for (const [name, atUs] of begunUs) {
      const key = `${name}/${resource}`;
      own.set(key, Math.max(atUs, own.get(key) ?? -Infinity));
    }
  }

  #flawOf(timeUs: number, process: Address, told: Started): string | null {
    const { rule: name, resource } = told;
    const rule = this.#rules.get(name);
    if (rule === undefined || rule.act.verb === 'notify') return null;
    const what = `acts on ${this.#name(resource)}`;
    const cooled = this.#cooldownFlaw(timeUs, process, name, this.#keyOf(told), what);
    if (cooled !== null) return cooled;
    if (this.#silences.has(process, resource, timeUs)) return `${name} ${what} in a silence`;
    return this.#forFlaw(timeUs, process, rule, resource, what) ??
      (rule.scope === 'global' ? this.#unbraked(process, told) : null);
  }

  /** Of what it does with that subject now: whether it did so too short a time ago. */
  #cooldownFlaw(
    timeUs: number, process: Address, name: string, key: string, what: string,
  ): string | null {
    const cooldownUs = this.#rules.get(name)?.act.cooldownUs ?? 0;
    const begunUs = this.#of(process).begunUs.get(key);
    if (begunUs === undefined) return null;
    if (!this.#steadiness.isShort(process, begunUs, timeUs, cooldownUs)) return null;
    return `${name} ${what} ${seconds(timeUs - begunUs)} after it last did, in its cooldown of ` +
      seconds(cooldownUs);
  }

  /** Whether its condition cannot have held for as long as it asks. */
  #forFlaw(
    timeUs: number, process: Address, rule: Rule, resource: number, what: string,
  ): string | null {
    if (!waitsWhileDown(rule)) return null;
    const { name, forUs } = rule;
    const sinceUs = this.#knownDownUs(process, resource);
    if (sinceUs === null || !this.#steadiness.isShort(process, sinceUs, timeUs, forUs)) return null;
    return `${name} ${what} ${seconds(timeUs - sinceUs)} after it was taken for down, not after ` +
      seconds(forUs);
  }

  #firedFlaw(timeUs: number, process: Address, { rule: name, target }: Fired): string | null {
    const rule = this.#rules.get(name);
    if (rule === undefined || !waitsWhileDown(rule)) return null;
    for (const resource of this.#of(process).suspectedUs.keys()) {
      if (this.#name(resource) !== target) continue;
      return this.#forFlaw(timeUs, process, rule, resource, `fires for ${target}`);
    }
    return null;
  }

  /**
   * Since when, at the earliest, its manager takes for down what it knew to be up; null: that is
   * not certain. It misses what is silent; of what it has asked for it may hear before that.
   */
  #knownDownUs(process: Address, resource: number): number | null {
    const { health: { truth: { resources } }, bounds: { watching } } = this.#context;
    const { suspectedUs, asked, listedUs } = this.#of(process);
    const { mostUs } = watching.resource;
    const missedUs = suspectedUs.get(resource);
    const downUs = resources.stateSince(resource);
    const isDown = resources.state(resource) === DOWN;
    if (missedUs === undefined || mostUs === null || !isDown) return null;
    const isKnownUp = (listedUs.get(resource) ?? Infinity) + mostUs <= downUs;
    if (!isKnownUp || missedUs < downUs) return null;
    return asked.has(resource) ? downUs : missedUs;
  }

  #unbraked(process: Address, { rule, verb, resource }: Started): string | null {
    const { underWay, model } = this.#of(process);
    const { brakes = [] } = this.#context.scenario.coordination.actions;
    for (const [index, { over, of, halt, unavailable }] of brakes.entries()) {
      const place = this.#placeOf(resource, over);
      if (!of.includes(verb) || place === undefined) continue;
      const isThere = (one: number): boolean => this.#placeOf(one, over) === place;
      if (unavailable !== null) {
        const others = [...underWay].filter(([one, what]) => of.includes(what) && isThere(one));
        if (others.length >= unavailable) {
          return `${rule} acts on ${this.#name(resource)} with ${others.length} actions under ` +
            `way, ${unavailable} allowed by brakes[${index}]`;
        }
      }
      if (halt === null) continue;
      const states = [...model].filter(([one]) => isThere(one)).map(([, state]) => state);
      const wanted = states.filter((state) => state !== 'stopped').length;
      const down = states.filter((state) => state === 'down').length;
      if (down > halt * wanted) {
        return `${rule} acts on ${this.#name(resource)} with ${down} of ${wanted} down, halted ` +
          `by brakes[${index}]`;
      }
    }
    return null;
  }

  /** By what the rule's own brakes count. */
  #keyOf({ rule: name, resource }: Started): string {
    return `${name}/${this.subjectOf(name, resource)}`;
  }

  /** What a rule's own brakes count together: a group of a global one, else a resource. */
  subjectOf(name: string, resource: number): string {
    const rule = this.#rules.get(name);
    if (rule?.scope !== 'global') return String(resource);
    const descriptor = this.#context.inventory.descriptor(resource);
    this.#view.show({ resource, descriptor, state: 'up', incarnation: 0, metrics: null }, []);
    return rule.group({ entity: this.#view }) ?? '';
  }

  #placeOf(resource: number, over: 'run' | 'zone' | 'group'): string | undefined {
    return over === 'run' ? over : placeOf(over, this.#context.inventory.descriptor(resource));
  }

  #name(resource: number): string {
    return this.#context.inventory.descriptor(resource).name;
  }

  #of(process: Address): Doings {
    let doings = this.#doings.get(process);
    if (doings === undefined) {
      const kept = <T>(isNeeded: boolean): Map<number, T> =>
        isNeeded ? new Map<number, T>() : empty as Map<number, T>;
      doings = {
        begunUs: new Map(), underWay: new Map(), suspectedUs: kept(this.#waits),
        asked: new Set(), listedUs: kept(this.#waits), model: kept(this.#halts),
      };
      this.#doings.set(process, doings);
    }
    return doings;
  }
}

/** Its time runs only while a resource is not up. */
function waitsWhileDown(rule: Rule): rule is LocalRule {
  return rule.scope === 'local' && rule.forUs > 0 &&
    holds(rule.condition, { state: 'up' }) === false;
}

function seconds(us: number): string {
  return `${(us / 1e6).toFixed(1)} s`;
}
