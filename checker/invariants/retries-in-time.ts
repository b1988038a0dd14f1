import FastPriorityQueue from 'fastpriorityqueue';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { isBraked, type Retry } from '../../core/rules/index.js';
import { DOWN } from '../truth/index.js';
import { HandOvers } from './hand-overs.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

type Ended = Extract<Observation, { type: 'action-ended' }>;
type Started = Extract<Observation, { type: 'action-started' }>;
/** A rule that does something. */
interface ActingRule {
  readonly name: string;
  readonly scope: 'local' | 'global';
  readonly readsMetrics: boolean;
  readonly isBraked: boolean;
  readonly retry: Retry;
}

/** What one manager has tried on one resource by one rule. */
interface Attempts {
  readonly rule: ActingRule;
  readonly resource: number;
  /** When the last one began, and what there was to do then. */
  startedUs: number;
  incarnation: number;
  /** When it failed, and how long the wait after it is; null: it goes on. */
  failedUs: number | null;
  waitUs: number;
  /** How long the wait after the next is. */
  nextUs: number;
  refused: boolean;
}

/** What is to be done about attempts of which the last failed at `failedUs`. */
interface Due {
  readonly atUs: number;
  readonly process: Address;
  readonly one: Attempts;
  readonly failedUs: number;
  /** Whether it should have been tried again by then, or else what was tried is long past. */
  readonly isTurn: boolean;
}

/**
 * Patience and diligence of the rules: after an action that failed, or has not lasted yet, the same
 * manager, or whom it passed the resource on to, tries again not before its back-off is over. If
 * all is as it was (a resource that is down, on a host that is up and in reach), the same manager
 * does so not later than at the next look after that.
 */
export class RetriesInTime extends Watch {
  static readonly title = 'retries-in-time';
  static readonly exact = true;
  static readonly meaning =
    'After a failure a rule tries again when its back-off is over: not before, nor later than ' +
    'at the next look while all is as it was.';
  readonly #steadiness = new Steadiness(this.context);
  readonly #rules = new Map<string, ActingRule>();
  /** From 0. */
  readonly #numbers = new Map<string, number>();
  /** By manager, then by {@link #keyOf}. */
  readonly #attempts = new Map<Address, Map<number, Attempts>>();
  readonly #handOvers = new HandOvers(
    this.context, (process, resource, knownUs) => this.#failed(process, resource, knownUs),
  );
  /** By key, what a former holder had tried, and who has it since. */
  readonly #passedOn = new Map<number, { readonly one: Attempts; readonly to: Address }>();
  /** What others tried, or its manager in a former life, of which it may have been told. */
  readonly #inherited = new Set<number>();
  readonly #due = new FastPriorityQueue<Due>((a, b) => a.atUs < b.atUs);

  constructor(context: Watch['context']) {
    super(context);
    const { scenario, rules } = context;
    for (const rule of rules.rules) {
      const { name, scope, act } = rule;
      this.#numbers.set(name, this.#numbers.size);
      if (act.verb === 'notify') continue;
      const braked = isBraked(rule, scenario.coordination.actions);
      const readsMetrics = rule.readsMetrics || rule.readsAge;
      this.#rules.set(name, { name, scope, readsMetrics, isBraked: braked, retry: act.retry });
    }
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.#judgeLate(timeUs);
    this.#steadiness.observe(timeUs, observation);
    switch (observation.type) {
      case 'action-started': return this.#onStarted(timeUs, process, observation);
      case 'action-ended': return this.#onEnded(timeUs, process, observation);
      case 'listing-removed':
        this.#handOvers.observe(timeUs, process, observation);
        return this.#forget(process, 'local', observation.resource);
      case 'resource-moved': {
        const { to, memory = [] } = this.#handOvers.observe(timeUs, process, observation) ?? {};
        for (const one of memory) {
          this.#passedOn.set(this.#keyOf(one.rule.name, one.resource), { one, to: to! });
        }
        return;
      }
      case 'coordinator-resigned': return this.#forget(process, 'global');
      case 'rules-fight':
        // They are slowed down.
        for (const rule of observation.rules) this.#rules.delete(rule);
        this.#attempts.delete(process);
        return;
      case 'process-down':
        for (const key of this.#attempts.get(process)?.keys() ?? []) this.#inherited.add(key);
        this.#attempts.delete(process);
        return this.#loseOf(process);
      default:
    }
  }

  finish(timeUs: number): void {
    this.#judgeLate(timeUs);
  }

  /** What is not its business any more it would begin anew. */
  #forget(process: Address, scope: 'local' | 'global', resource = -1): void {
    const attempts = this.#attempts.get(process);
    for (const [key, one] of attempts ?? []) {
      const isIts = resource === -1 || one.resource === resource;
      if (one.rule.scope !== scope || !isIts) continue;
      attempts!.delete(key);
      this.#inherited.add(key);
    }
  }

  /** What it was told is gone with its life: by the coordinator it may be told again. */
  #loseOf(heir: Address): void {
    const lost = this.#handOvers.lose(heir).flat();
    for (const { one, to } of this.#passedOn.values()) if (to === heir) lost.push(one);
    for (const one of lost) {
      const key = this.#keyOf(one.rule.name, one.resource);
      this.#passedOn.delete(key);
      this.#inherited.add(key);
    }
  }

  /** What had failed by then; null: nothing. */
  #failed(process: Address, resource: number, knownUs: number): Attempts[] | null {
    const failed = [...this.#attempts.get(process)?.values() ?? []].filter((one) =>
      one.resource === resource && one.rule.scope === 'local' &&
      (one.failedUs ?? Infinity) <= knownUs);
    return failed.length === 0 ? null : failed;
  }

  #onStarted(timeUs: number, process: Address, { rule: name, resource }: Started): void {
    const rule = this.#rules.get(name);
    if (rule === undefined) return;
    const { resources } = this.context.health.truth;
    const incarnation = resources.state(resource) === DOWN ? resources.incarnation(resource) : -1;
    const key = this.#keyOf(name, resource);
    const former = this.#of(process).get(key);
    const passedOn = this.#passedOn.get(key);
    this.#passedOn.delete(key);
    if (former === undefined) {
      // Its former holder has told how long to wait, and how long after that.
      const told = passedOn?.to === process ? passedOn.one : null;
      if (told !== null) this.#judgeEarly(timeUs, process, told);
      const isOver = told === null || timeUs > forgottenUs(told);
      this.#of(process).set(key, {
        rule, resource, startedUs: timeUs, incarnation, failedUs: null, waitUs: 0,
        nextUs: isOver ? rule.retry.delayUs : told.nextUs, refused: false,
      });
      return;
    }
    this.#judgeEarly(timeUs, process, former);
    const isForgotten = former.failedUs !== null && timeUs > forgottenUs(former);
    if (isForgotten) former.nextUs = rule.retry.delayUs;
    former.startedUs = timeUs;
    former.incarnation = incarnation;
    former.failedUs = null;
  }

  #onEnded(timeUs: number, process: Address, { rule: name, resource, outcome }: Ended): void {
    const one = this.#attempts.get(process)?.get(this.#keyOf(name, resource));
    if (one === undefined) return;
    // What may not last counts as a failure until it has.
    const lasts = outcome === 'succeeded' && one.rule.retry.stableUs === 0;
    if (lasts || outcome === 'dropped') {
      this.#attempts.get(process)!.delete(this.#keyOf(name, resource));
      if (lasts) this.#inherited.delete(this.#keyOf(name, resource));
      return;
    }
    const { factor, maxUs } = one.rule.retry;
    one.failedUs = timeUs;
    one.waitUs = one.nextUs;
    one.nextUs = Math.min(maxUs, Math.round(one.waitUs * factor));
    one.refused = outcome === 'refused' || outcome === 'unknown';
    this.#due.add({ process, one, failedUs: timeUs, atUs: this.#latestUs(one), isTurn: true });
  }

  /** By when it should have tried again. */
  #latestUs({ failedUs, waitUs }: Attempts): number {
    const { slowness, lookUs } = this.context.bounds.watching;
    return failedUs! + slowness * waitUs + lookUs;
  }

  #judgeEarly(timeUs: number, process: Address, one: Attempts): void {
    const { rule, resource, failedUs, waitUs, refused } = one;
    // What was refused is another matter: there was something that the rule did not know.
    if (failedUs === null || refused) return;
    if (!this.#steadiness.isShort(process, failedUs, timeUs, waitUs)) return;
    const afterS = ((timeUs - failedUs) / 1e6).toFixed(1);
    const what = `${rule.name} on ${this.resource(resource)}`;
    this.break(timeUs, `${this.process(process)} tries ${what} ` +
      `again ${afterS} s after it failed, not ${(waitUs / 1e6).toFixed(1)} s`);
  }

  #judgeLate(timeUs: number): void {
    while ((this.#due.peek()?.atUs ?? Infinity) < timeUs) {
      const due = this.#due.poll()!;
      const { process, one, failedUs, isTurn } = due;
      const attempts = this.#attempts.get(process);
      const key = this.#keyOf(one.rule.name, one.resource);
      if (one.failedUs !== failedUs || attempts?.get(key) !== one) continue;
      if (isTurn) this.#judgeTurn(timeUs, due);
      else attempts.delete(key);
    }
  }

  #judgeTurn(timeUs: number, due: Due): void {
    const { process, one, failedUs, atUs } = due;
    const isIdle = this.#isAsBefore(process, one);
    if (isIdle && this.#isBusy(process, one.resource)) {
      // It is looked at again when another rule has had so long a turn.
      this.#due.add({ ...due, atUs: timeUs + this.#latestUs(one) - failedUs });
      return;
    }
    this.#due.add({ ...due, atUs: Math.max(atUs, forgottenUs(one)), isTurn: false });
    if (!isIdle) return;
    const sinceS = ((timeUs - failedUs) / 1e6).toFixed(1);
    this.break(atUs, `${this.process(process)} has not tried ${one.rule.name} on ` +
      `${this.resource(one.resource)} again ${sinceS} s after it failed`);
  }

  /** Whether any rule is at work on it. */
  #isBusy(process: Address, resource: number): boolean {
    return [...this.#attempts.get(process)!.values()]
      .some((one) => one.failedUs === null && one.resource === resource);
  }

  /** Nothing that the rule sees can have changed since it last acted. */
  #isAsBefore(process: Address, { rule, resource, startedUs, incarnation }: Attempts): boolean {
    if (rule.scope !== 'local' || rule.readsMetrics || rule.isBraked) return false;
    const { handOn } = this.context.scenario.coordination.actions;
    if (handOn === true && this.#inherited.has(this.#keyOf(rule.name, resource))) return false;
    if (this.context.bounds.recoveryUs === null) return false;
    const { truth } = this.context.health;
    const { resources, listings, inventory, running } = truth;
    if (resources.state(resource) !== DOWN || resources.incarnation(resource) !== incarnation) {
      return false;
    }
    const listing = listings.find(process, resource);
    return listing >= 0 && listings.since(listing) <= startedUs &&
      resources.stateSince(resource) <= startedUs &&
      running.disturbances(process, startedUs, Infinity) === 0 &&
      this.#steadiness.isSteady(process, inventory.agentOf[resource], startedUs);
  }

  /** Of a rule and a resource; NaN where there is no such rule. */
  #keyOf(rule: string, resource: number): number {
    return (this.#numbers.get(rule) ?? NaN) * this.context.inventory.resources + resource;
  }

  #of(process: Address): Map<number, Attempts> {
    let attempts = this.#attempts.get(process);
    if (attempts === undefined) this.#attempts.set(process, attempts = new Map());
    return attempts;
  }
}

/** After that the rule has forgotten that it failed. */
function forgottenUs({ rule: { retry }, failedUs, waitUs }: Attempts): number {
  const { maxUs, stableUs } = retry;
  return failedUs! + Math.max(stableUs === 0 ? waitUs + maxUs : waitUs, stableUs);
}
