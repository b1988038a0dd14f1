import FastPriorityQueue from 'fastpriorityqueue';
import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { earlyUs } from '../../core/running.js';
import { EntityView, holds, type LocalRule } from '../../core/rules/index.js';
import { DOWN, NONE } from '../truth/index.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

/** What a rule has to have fired for by then. */
interface Due {
  readonly atUs: number;
  readonly rule: LocalRule;
  readonly resource: number;
  readonly process: Address;
  /** When that one came to miss the resource. */
  readonly missedUs: number;
}

const states = ['up', 'starting', 'stopped', 'stopping'] as const;

/**
 * Local rules on what is down fire as soon as their manager can know that it is, and that its host
 * is not, and their `for` is over: judged from the very look at which it came to miss the resource,
 * whatever then holds their actions back. Notices too, once the `cooldown` of the last is over.
 */
export class RulesFire extends Watch {
  static readonly title = 'rules-fire';
  static readonly exact = true;
  static readonly meaning =
    'A local rule about what is down fires when its manager has missed that for as long as the ' +
    'rule asks, not later than at the next look.';
  readonly hears = [
    'resource-suspected', 'resource-trusted', 'rule-fired', 'notified', 'listing-removed',
    'links-changed', 'reachability',
  ] as const;
  readonly #steadiness = new Steadiness(this.context);
  /** By kind: those that fire for what is down, and for nothing that is not. */
  readonly #rules = new Map<string, readonly LocalRule[]>();
  readonly #view = new EntityView();
  readonly #due = new FastPriorityQueue<Due>((a, b) => a.atUs < b.atUs);
  /** By manager and resource: since when it misses it. */
  readonly #missedUs = new Map<string, number>();
  /** By rule and target: when it last fired, and when its last notice was given. */
  readonly #firedUs = new Map<string, number>();
  readonly #notifiedUs = new Map<string, number>();

  constructor(context: Watch['context']) {
    super(context);
    for (const [kind, rules] of context.rules.local) {
      const judged = rules.filter((rule) => !rule.readsMetrics && !rule.readsAge &&
        states.every((state) => holds(rule.condition, { state }) === false));
      if (judged.length > 0) this.#rules.set(kind, judged);
    }
  }

  observe(timeUs: number, process: Address, observation: Heard<RulesFire['hears']>): void {
    this.#look(timeUs);
    this.#steadiness.observe(timeUs, observation);
    switch (observation.type) {
      case 'resource-suspected': return this.#onMissed(timeUs, process, observation.resource);
      case 'resource-trusted':
      case 'listing-removed':
        this.#missedUs.delete(`${process}/${observation.resource}`);
        return;
      case 'rule-fired':
        this.#firedUs.set(`${observation.rule}/${observation.target}`, timeUs);
        return;
      case 'notified':
        this.#notifiedUs.set(`${observation.rule}/${observation.target}`, timeUs);
        return;
      default:
    }
  }

  finish(timeUs: number): void {
    this.#look(timeUs);
  }

  #onMissed(missedUs: number, process: Address, resource: number): void {
    const { health: { truth: { resources } }, inventory, bounds, scenario } = this.context;
    this.#missedUs.set(`${process}/${resource}`, missedUs);
    const descriptor = inventory.descriptor(resource);
    const rules = this.#rules.get(descriptor.kind) ?? [];
    if (rules.length === 0 || resources.state(resource) !== DOWN) return;
    const incarnation = resources.incarnation(resource);
    this.#view.show({ resource, descriptor, state: 'down', incarnation, metrics: null }, []);
    const { slowness, lookUs } = bounds.watching;
    // With an inventory it is unreachable until its host has answered.
    const askedUs = scenario.coordination.inventory === true ? 2 * bounds.maxDelayUs : 0;
    for (const rule of rules) {
      if (!rule.when({ entity: this.#view })) continue;
      const cooldownUs = rule.act.verb === 'notify' ? rule.act.cooldownUs : 0;
      const toldUs = this.#notifiedUs.get(`${rule.name}/${descriptor.name}`) ?? -Infinity;
      const ripeUs = Math.max(
        missedUs + askedUs + slowness * rule.forUs, toldUs + slowness * cooldownUs,
      );
      this.#due.add({ atUs: ripeUs + lookUs + earlyUs, rule, resource, process, missedUs });
    }
  }

  #look(timeUs: number): void {
    while ((this.#due.peek()?.atUs ?? Infinity) < timeUs) this.#judge(this.#due.poll()!);
  }

  #judge({ rule, resource, process, missedUs, atUs }: Due): void {
    if (this.#missedUs.get(`${process}/${resource}`) !== missedUs) return;
    const { health: { truth: { resources, running } }, inventory } = this.context;
    const downUs = resources.stateSince(resource);
    const { name } = inventory.descriptor(resource);
    const firedUs = this.#firedUs.get(`${rule.name}/${name}`) ?? -Infinity;
    if (resources.state(resource) !== DOWN || downUs > missedUs || firedUs >= downUs) return;
    const agent = inventory.agentOf[resource];
    if (!this.#knewIt(process, resource, downUs)) return;
    if (!this.#steadiness.isSteady(process, agent, downUs)) return;
    if ([process, agent].some((one) => running.disturbances(one, downUs, atUs) > 0)) return;
    const sinceS = ((atUs - missedUs) / 1e6).toFixed(1);
    this.break(atUs, `${this.process(process)} has missed ${this.resource(resource)}, which is ` +
      `down, for ${sinceS} s, and ${rule.name} has not fired`);
  }

  /** It has listed it, its agent obeying, for so long before that it has heard that it was up. */
  #knewIt(manager: Address, resource: number, downUs: number): boolean {
    const { health: { truth: { listings, pointers } }, bounds: { watching } } = this.context;
    const { mostUs } = watching.resource;
    const listing = listings.find(manager, resource);
    if (listing === NONE || mostUs === null || pointers.manager(resource) !== manager) return false;
    return Math.max(listings.since(listing), pointers.since(resource)) + mostUs <= downUs;
  }
}
