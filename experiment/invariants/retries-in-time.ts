import { earlyUs } from '../../core/running.js';
import { parseRules } from '../../core/rules/index.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { DOWN } from '../truth/index.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

type Ended = Extract<Observation, { type: 'action-ended' }>;
type Started = Extract<Observation, { type: 'action-started' }>;
/** A rule that does something. */
interface ActingRule {
  readonly name: string;
  readonly scope: 'local' | 'global';
  readonly readsMetrics: boolean;
  readonly retry: { readonly delayUs: number; readonly factor: number; readonly maxUs: number };
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

/**
 * Patience and diligence of the rules: after an action that failed, the same manager tries again
 * not before its back-off is over; and, if all is as it was (a resource that is down, on a host
 * that is up and in reach), not later than at the next look after that.
 */
export class RetriesInTime extends Watch {
  static readonly title = 'retries-in-time';
  static readonly exact = true;
  static readonly meaning =
    'After a failure a rule tries again when its back-off is over: not before, nor later than ' +
    'at the next look while all is as it was.';
  readonly name = RetriesInTime.title;
  readonly description = RetriesInTime.meaning;
  readonly #steadiness = new Steadiness(this.context);
  readonly #rules = new Map<string, ActingRule>();
  readonly #attempts = new Map<Address, Map<string, Attempts>>();
  /** No wait ends before. */
  #nextUs = Infinity;

  constructor(context: Watch['context']) {
    super(context);
    const { scenario, inventory } = context;
    for (const { name, scope, readsMetrics, act } of
      parseRules(scenario.rules, inventory.kinds).rules) {
      if (act.verb !== 'notify') {
        this.#rules.set(name, { name, scope, readsMetrics, retry: act.retry });
      }
    }
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    if (timeUs > this.#nextUs) this.#judgeLate(timeUs);
    this.#steadiness.observe(timeUs, process, observation);
    switch (observation.type) {
      case 'action-started': return this.#onStarted(timeUs, process, observation);
      case 'action-ended': return this.#onEnded(timeUs, process, observation);
      case 'listing-removed': return this.#forget(process, 'local', observation.resource);
      case 'coordinator-resigned': return this.#forget(process, 'global');
      case 'process-down':
        this.#attempts.delete(process);
        return;
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
      if (one.rule.scope === scope && isIts) attempts!.delete(key);
    }
  }

  #onStarted(timeUs: number, process: Address, { rule: name, resource }: Started): void {
    const rule = this.#rules.get(name);
    if (rule === undefined) return;
    const { resources } = this.context.health.truth;
    const incarnation = resources.state(resource) === DOWN ? resources.incarnation(resource) : -1;
    const former = this.#of(process).get(`${name}/${resource}`);
    if (former === undefined) {
      this.#of(process).set(`${name}/${resource}`, {
        rule, resource, startedUs: timeUs, incarnation, failedUs: null, waitUs: 0,
        nextUs: rule.retry.delayUs, refused: false,
      });
      return;
    }
    this.#judgeEarly(timeUs, process, former);
    const { failedUs, waitUs } = former;
    const isOld = failedUs !== null && timeUs > failedUs + waitUs + rule.retry.maxUs;
    if (isOld) former.nextUs = rule.retry.delayUs;
    former.startedUs = timeUs;
    former.incarnation = incarnation;
    former.failedUs = null;
  }

  #onEnded(timeUs: number, process: Address, { rule: name, resource, outcome }: Ended): void {
    const one = this.#attempts.get(process)?.get(`${name}/${resource}`);
    if (one === undefined) return;
    if (outcome === 'succeeded' || outcome === 'dropped') {
      this.#attempts.get(process)!.delete(`${name}/${resource}`);
      return;
    }
    const { factor, maxUs } = one.rule.retry;
    one.failedUs = timeUs;
    one.waitUs = one.nextUs;
    one.nextUs = Math.min(maxUs, Math.round(one.waitUs * factor));
    one.refused = outcome !== 'failed' && outcome !== 'expired';
    this.#nextUs = Math.min(this.#nextUs, this.#latestUs(one));
  }

  /** By when it should have tried again. */
  #latestUs({ failedUs, waitUs }: Attempts): number {
    const { slowness, lookUs } = this.context.bounds.watching;
    return failedUs! + slowness * waitUs + lookUs;
  }

  #judgeEarly(timeUs: number, process: Address, { rule, resource, ...one }: Attempts): void {
    const { failedUs, waitUs } = one;
    // What was refused is another matter: there was something that the rule did not know.
    if (failedUs === null || one.refused) return;
    const { quickness } = this.context.bounds.watching;
    if (timeUs - failedUs >= waitUs * quickness - Math.min(earlyUs, waitUs / 100)) return;
    if (this.context.health.truth.running.disturbances(process, failedUs, timeUs) > 0) return;
    if (!this.#steadiness.isEven(process)) return;
    const afterS = ((timeUs - failedUs) / 1e6).toFixed(1);
    const what = `${rule.name} on ${this.resource(resource)}`;
    this.break(timeUs, `${this.process(process)} tries ${what} ` +
      `again ${afterS} s after it failed, not ${(waitUs / 1e6).toFixed(1)} s`);
  }

  #judgeLate(timeUs: number): void {
    this.#nextUs = Infinity;
    for (const [process, attempts] of this.#attempts) {
      const busy = new Set<number>();
      for (const one of attempts.values()) if (one.failedUs === null) busy.add(one.resource);
      for (const one of attempts.values()) {
        if (one.failedUs === null) continue;
        const latestUs = this.#latestUs(one);
        if (latestUs >= timeUs) this.#nextUs = Math.min(this.#nextUs, latestUs);
        else if (!busy.has(one.resource) && this.#isAsBefore(process, one)) {
          const sinceS = ((timeUs - one.failedUs) / 1e6).toFixed(1);
          this.break(latestUs, `${this.process(process)} has not tried ${one.rule.name} on ` +
            `${this.resource(one.resource)} again ${sinceS} s after it failed`);
        }
      }
    }
  }

  /** Nothing that the rule sees can have changed since it last acted. */
  #isAsBefore(process: Address, { rule, resource, startedUs, incarnation }: Attempts): boolean {
    if (rule.scope !== 'local' || rule.readsMetrics || this.context.bounds.recoveryUs === null) {
      return false;
    }
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

  #of(process: Address): Map<string, Attempts> {
    let attempts = this.#attempts.get(process);
    if (attempts === undefined) this.#attempts.set(process, attempts = new Map());
    return attempts;
  }
}
