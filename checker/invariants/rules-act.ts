import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import {
  expiredWithinUs, LocalRules, type ActionSettings, type RuleSet,
} from '../../core/rules/index.js';
import { DOWN, NONE } from '../truth/index.js';
import { HeldBacks, type HeldBack } from './held-back.js';
import { Silences } from './silences.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

/** A time after every `for`. */
const longAfterUs = 1e15;

/**
 * Diligence of the local rules from the first: what is down, with its host and its manager up and
 * in reach of each other, is acted upon as soon as the manager can know it, if a rule wants that;
 * what brakes of the rule or a silence hold back, once these are over. {@link RetriesInTime} judges
 * what comes after a failure.
 */
export class RulesAct extends Watch {
  static readonly title = 'rules-act';
  static readonly exact = true;
  static readonly meaning =
    'What is down on a host that is up is acted upon as soon as its manager can know it, ' +
    'where a rule wants that.';
  readonly #steadiness = new Steadiness(this.context);
  readonly #rules: RuleSet;
  /** How long a rule that acts may wait before it does so again; such that read no metrics. */
  readonly #againUs = new Map<string, number>();
  /** Those that wait for more than that an action has failed. */
  readonly #counting = new Set<string>();
  readonly #silences: Silences;
  readonly #held: HeldBacks;
  /**
   * A manager knows of what is down, and that its host is not, and has for as long as any rule asks
   * for; Infinity: nobody knows when.
   */
  readonly #withinUs: number;
  /** By resource: when it is to be looked at; the next one first, for all wait equally long. */
  readonly #due = new Map<number, number>();
  /** By manager, then by rule and resource: when an action was last begun. */
  readonly #begun = new Map<Address, Map<string, number>>();
  /** By whom an action counts as begun: what one did, another may have been told of. */
  readonly #asOf: (process: Address) => Address;

  constructor(context: Watch['context']) {
    super(context);
    const { scenario: { coordination }, rules, bounds } = context;
    const { resource: { mostUs, periodUs }, slowness, lookUs } = bounds.watching;
    const { actions } = coordination;
    this.#rules = rules;
    this.#asOf = actions.handOn === true ? () => 0 : (process) => process;
    this.#silences = new Silences(context);
    this.#held = new HeldBacks(context, this.#silences);
    const timeoutUs = slowness * actions.timeoutUs;
    const expiredUs = expiredWithinUs({ ...actions, timeoutUs }, lookUs);
    let longestForUs = 0;
    for (const rule of this.#rules.rules) {
      const waits = waitsOf(rule, actions);
      if (waits === null) continue;
      const { forUs, ownUs } = waits;
      this.#againUs.set(rule.name, expiredUs + slowness * (waits.againUs + ownUs + forUs) + lookUs);
      if (ownUs > 0) this.#counting.add(rule.name);
      longestForUs = Math.max(longestForUs, slowness * forUs + lookUs);
    }
    // It is missed; its host is probed, and answers.
    this.#withinUs = mostUs === null || this.#againUs.size === 0 ? Infinity
      : mostUs + 2 * (lookUs + periodUs + 2 * bounds.maxDelayUs) + longestForUs;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.#look(timeUs);
    this.#steadiness.observe(timeUs, observation);
    this.#held.observe(timeUs, process, observation);
    if (observation.type === 'resource-state') {
      const { resource, state } = observation;
      if (state === 'down' && this.#withinUs < Infinity) this.#expect(resource, timeUs);
      else this.#due.delete(resource);
    } else if (observation.type === 'action-started') {
      const { rule, resource } = observation;
      const by = this.#asOf(process);
      let begun = this.#begun.get(by);
      if (begun === undefined) this.#begun.set(by, begun = new Map());
      begun.set(`${rule}/${resource}`, timeUs);
    } else if (observation.type === 'rules-fight') {
      // They are slowed down.
      for (const rule of observation.rules) this.#againUs.delete(rule);
    } else if (observation.type === 'process-down' && this.#asOf(process) === process) {
      this.#begun.delete(process);
    }
  }

  finish(timeUs: number): void {
    this.#look(timeUs);
  }

  #expect(resource: number, timeUs: number): void {
    this.#due.delete(resource);
    this.#due.set(resource, timeUs + this.#withinUs);
  }

  #look(timeUs: number): void {
    for (const held of this.#held.overdue(timeUs, this.#steadiness)) this.#breakHeld(held);
    for (const [resource, dueUs] of this.#due) {
      if (dueUs >= timeUs) return;
      this.#judge(resource, timeUs);
      this.#expect(resource, timeUs);
    }
  }

  #judge(resource: number, timeUs: number): void {
    const { health: { truth: { resources, pointers, listings } }, inventory } = this.context;
    const sinceUs = timeUs - this.#withinUs;
    const downUs = resources.stateSince(resource);
    if (resources.state(resource) !== DOWN || downUs > sinceUs) return;
    const manager = pointers.manager(resource);
    const begun = this.#begun.get(this.#asOf(manager));
    const listing = manager < 0 ? NONE : listings.find(manager, resource);
    const isBegun = (rule: string): boolean => {
      const begunUs = begun?.get(`${rule}/${resource}`) ?? -Infinity;
      // What its former holder had begun it counts anew.
      const countedUs = this.#counting.has(rule) && listing !== NONE
        ? Math.max(begunUs, listings.since(listing)) : begunUs;
      return begunUs > downUs || countedUs + this.#againUs.get(rule)! >= timeUs;
    };
    // Where all rules have begun, so has one that wants something; to ask each is dear.
    if ([...this.#againUs.keys()].every(isBegun)) return;
    if (!this.#knows(manager, inventory.agentOf[resource], resource, sinceUs)) return;
    if (this.#silences.mayHave(manager, resource, sinceUs, timeUs)) return;
    const wanted = this.#wanted(resource);
    if (wanted.length === 0 || wanted.some(isBegun)) return;
    const downS = ((timeUs - downUs) / 1e6).toFixed(1);
    this.break(timeUs, `${this.process(manager)} has done nothing by ${wanted.join(', ')} about ` +
      `${this.resource(resource)}, which has been down for ${downS} s`);
  }

  #breakHeld({ process, rule, resource, cause, heldUs, atUs }: HeldBack): void {
    this.break(atUs, `${this.process(process)} has held ${rule} back from ` +
      `${this.resource(resource)}, which is down, for ${((atUs - heldUs) / 1e6).toFixed(1)} s, ` +
      `though the ${cause} is over`);
  }

  /** It has held the resource since, and nothing is amiss with it, the host or what is between. */
  #knows(manager: Address, agent: Address, resource: number, sinceUs: number): boolean {
    if (manager < 0 || !this.#steadiness.isSteady(manager, agent, sinceUs)) return false;
    const { listings, running } = this.context.health.truth;
    const listing = listings.find(manager, resource);
    return listing >= 0 && listings.since(listing) <= sinceUs &&
      [manager, agent].every((one) => running.disturbances(one, sinceUs, Infinity) === 0);
  }

  /** The rules that want something done about it, as it is. */
  #wanted(resource: number): readonly string[] {
    const { health: { truth: { resources } }, inventory, scenario } = this.context;
    const wanted = new Set<string>();
    let nowUs = 0;
    const rules = new LocalRules(this.#rules, scenario.coordination.actions, {
      send: () => {},
      confirm: () => {},
      observe: (told) => {
        if (told.type === 'rule-fired' && this.#againUs.has(told.rule)) wanted.add(told.rule);
      },
      now: () => nowUs,
      descriptor: () => undefined,
      look: () => {},
    });
    const asItIs = {
      resource, descriptor: inventory.descriptor(resource), state: 'down', hostUp: true,
      incarnation: resources.incarnation(resource), metrics: null,
    } as const;
    rules.update(asItIs);
    nowUs = longAfterUs;
    rules.update(asItIs);
    return [...wanted];
  }
}

interface Waits {
  /** For its condition to have held. */
  readonly forUs: number;
  /** After an action that failed; and for what the rule counts: `cooldown` and `limit`. */
  readonly againUs: number;
  readonly ownUs: number;
}

/** Null: it need not act, or nobody can tell when. */
function waitsOf(
  rule: RuleSet['rules'][number], { mode, brakes = [] }: ActionSettings,
): Waits | null {
  const { scope, readsMetrics, readsAge, forUs, act } = rule;
  if (scope !== 'local' || readsMetrics || readsAge || act.verb === 'notify') return null;
  const { observes, limit, cooldownUs, retry } = act;
  if (observes || mode === 'observe' || limit?.giveUp === true || brakes.length > 0) return null;
  return { forUs, againUs: retry.maxUs, ownUs: cooldownUs + (limit?.perUs ?? 0) };
}
