import FastPriorityQueue from 'fastpriorityqueue';
import type { Heard, Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { holds, permittedRules, type LocalRule } from '../../core/rules/index.js';
import { earlyUs } from '../../core/running.js';
import { DOWN, NONE } from '../truth/index.js';
import type { InvariantContext } from './invariant.js';
import type { Silences } from './silences.js';
import type { Steadiness } from './steadiness.js';

type Held = Heard<readonly ['action-held']>;

/** What a rule was to do, and is held back for a time that can be told. */
export interface HeldBack {
  readonly rule: string;
  readonly resource: number;
  readonly process: Address;
  readonly cause: Held['cause'];
  readonly heldUs: number;
  /** By then it has begun. */
  readonly atUs: number;
}

/**
 * What local rules want done about what is down, and their own brakes or a silence hold back: by
 * when that is over is reckoned from when they last acted, whoever held the resource then. Rules
 * that need permits are left out, for nobody can tell when they get them.
 */
export class HeldBacks {
  readonly #context: InvariantContext;
  readonly #silences: Silences;
  readonly #rules = new Map<string, LocalRule>();
  readonly #held = new Map<string, HeldBack>();
  readonly #due = new FastPriorityQueue<HeldBack>((a, b) => a.atUs < b.atUs);
  /** By rule and resource: when an action was last begun, and when one was last begun or ended. */
  readonly #begunUs = new Map<string, number>();
  readonly #touchedUs = new Map<string, number>();

  constructor(context: InvariantContext, silences: Silences) {
    this.#context = context;
    this.#silences = silences;
    const { rules, scenario: { coordination: { actions } } } = context;
    const permitted = permittedRules(rules, actions.brakes);
    for (const rule of rules.rules) {
      const isLeftOut = rule.scope !== 'local' || rule.readsMetrics || rule.readsAge ||
        rule.act.verb === 'notify' || permitted.has(rule.name);
      // It is wanted as long as the resource is down, and by nothing else.
      if (!isLeftOut && holds(rule.condition, { state: 'up' }) === false) {
        this.#rules.set(rule.name, rule);
      }
    }
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'action-held': return this.#onHeld(timeUs, process, observation);
      case 'action-started':
        this.#begunUs.set(`${observation.rule}/${observation.resource}`, timeUs);
        this.#touchedUs.set(`${observation.rule}/${observation.resource}`, timeUs);
        for (const rule of this.#rules.keys()) this.#held.delete(`${rule}/${observation.resource}`);
        return;
      case 'action-ended':
        this.#touchedUs.set(`${observation.rule}/${observation.resource}`, timeUs);
        return;
      case 'rules-fight':
        for (const rule of observation.rules) this.#rules.delete(rule);
        return;
      default:
    }
  }

  #onHeld(heldUs: number, process: Address, { rule: name, resource, cause }: Held): void {
    const key = `${name}/${resource}`;
    this.#held.delete(key);
    const rule = this.#rules.get(name);
    const overUs = rule === undefined ? null : this.#overUs(heldUs, process, rule, resource, cause);
    if (overUs === null) return;
    const { watching } = this.#context.bounds;
    const atUs = Math.max(heldUs, overUs) + watching.lookUs + earlyUs;
    const held = { rule: name, resource, process, cause, heldUs, atUs };
    this.#held.set(key, held);
    this.#due.add(held);
  }

  /** By when, at the latest, the cause is gone; null: nobody can tell. */
  #overUs(
    heldUs: number, process: Address, { name, act }: LocalRule, resource: number,
    cause: Held['cause'],
  ): number | null {
    const { health: { truth: { listings } }, bounds: { watching: { slowness } } } = this.#context;
    const listing = listings.find(process, resource);
    if (act.verb === 'notify' || listing === NONE) return null;
    const key = `${name}/${resource}`;
    // Of what was under way when it came here nobody heard the end: it counts as of then.
    const cameUs = listings.begun(listing);
    const after = (fromUs: number | undefined, waitUs: number): number =>
      Math.max(cameUs, fromUs ?? cameUs) + slowness * waitUs;
    switch (cause) {
      case 'cooldown': return after(this.#begunUs.get(key), act.cooldownUs);
      case 'limit': return after(this.#touchedUs.get(key), act.limit?.perUs ?? Infinity);
      case 'silence': return this.#silences.overUs(process, resource, heldUs);
      default: return null;
    }
  }

  /** Those that are held back still, though that was over before, and all is as it was. */
  *overdue(timeUs: number, steadiness: Steadiness): Iterable<HeldBack> {
    while ((this.#due.peek()?.atUs ?? Infinity) < timeUs) {
      const held = this.#due.poll()!;
      const key = `${held.rule}/${held.resource}`;
      if (this.#held.get(key) !== held) continue;
      this.#held.delete(key);
      if (this.#rules.has(held.rule) && this.#isAsItWas(held, steadiness)) yield held;
    }
  }

  #isAsItWas({ process, resource, heldUs, atUs }: HeldBack, steadiness: Steadiness): boolean {
    const { health: { truth }, inventory } = this.#context;
    const { resources, listings, pointers, running } = truth;
    if (resources.state(resource) !== DOWN || resources.stateSince(resource) > heldUs) return false;
    const listing = listings.find(process, resource);
    if (listing === NONE || listings.since(listing) > heldUs) return false;
    if (pointers.manager(resource) !== process || pointers.since(resource) > heldUs) return false;
    const agent = inventory.agentOf[resource];
    return steadiness.isSteady(process, agent, heldUs) &&
      [process, agent].every((one) => running.disturbances(one, heldUs, atUs) === 0);
  }
}
