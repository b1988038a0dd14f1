import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { expiredWithinUs, isBraked, LocalRules, type RuleSet } from '../../core/rules/index.js';
import { DOWN } from '../truth/index.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

/**
 * Diligence of the local rules from the first: what is down, with its host and its manager up and
 * in reach of each other, is acted upon as soon as the manager can know it, if a rule wants that.
 * {@link RetriesInTime} judges what comes after a failure.
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
  /** A manager knows of what is down, and that its host is not; Infinity: nobody knows when. */
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
    for (const rule of this.#rules.rules) {
      const { name, scope, readsMetrics, readsAge, act } = rule;
      if (scope !== 'local' || readsMetrics || readsAge || act.verb === 'notify') continue;
      if (isBraked(rule, actions)) continue;
      const timeoutUs = slowness * actions.timeoutUs;
      const expiredUs = expiredWithinUs({ ...actions, timeoutUs }, lookUs);
      this.#againUs.set(name, expiredUs + slowness * act.retry.maxUs + lookUs);
    }
    // It is missed; its host is probed, and answers.
    this.#withinUs = mostUs === null || this.#againUs.size === 0 ? Infinity
      : mostUs + 2 * (lookUs + periodUs + 2 * bounds.maxDelayUs);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.#look(timeUs);
    this.#steadiness.observe(timeUs, process, observation);
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
    for (const [resource, dueUs] of this.#due) {
      if (dueUs >= timeUs) return;
      this.#judge(resource, timeUs);
      this.#expect(resource, timeUs);
    }
  }

  #judge(resource: number, timeUs: number): void {
    const { health: { truth: { resources, pointers } }, inventory } = this.context;
    const sinceUs = timeUs - this.#withinUs;
    const downUs = resources.stateSince(resource);
    if (resources.state(resource) !== DOWN || downUs > sinceUs) return;
    const manager = pointers.manager(resource);
    const begun = this.#begun.get(this.#asOf(manager));
    const isBegun = (rule: string): boolean => {
      const begunUs = begun?.get(`${rule}/${resource}`) ?? -Infinity;
      return begunUs > downUs || begunUs + this.#againUs.get(rule)! >= timeUs;
    };
    // Where all rules have begun, so has one that wants something; to ask each is dear.
    if ([...this.#againUs.keys()].every(isBegun)) return;
    if (!this.#knows(manager, inventory.agentOf[resource], resource, sinceUs)) return;
    const wanted = this.#wanted(resource);
    if (wanted.length === 0 || wanted.some(isBegun)) return;
    const downS = ((timeUs - downUs) / 1e6).toFixed(1);
    this.break(timeUs, `${this.process(manager)} has done nothing by ${wanted.join(', ')} about ` +
      `${this.resource(resource)}, which has been down for ${downS} s`);
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
    const rules = new LocalRules(this.#rules, scenario.coordination.actions, {
      send: () => {},
      confirm: () => {},
      observe: (told) => {
        if (told.type === 'rule-fired' && this.#againUs.has(told.rule)) wanted.add(told.rule);
      },
      now: () => 0,
      descriptor: () => undefined,
      look: () => {},
    });
    rules.update({
      resource, descriptor: inventory.descriptor(resource), state: 'down', hostUp: true,
      incarnation: resources.incarnation(resource), metrics: null,
    });
    return [...wanted];
  }
}
