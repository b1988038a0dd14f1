import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { expiredWithinUs } from '../../core/rules/index.js';
import { earlyUs } from '../../core/running.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

interface Wish {
  readonly process: Address;
  readonly resource: number;
  readonly sinceUs: number;
}

/**
 * An action is sent as often as configured: whoever decided on it gives it up neither before the
 * last answer is overdue nor later than by the look after that.
 */
export class ActionsExpire extends Watch {
  static readonly title = 'actions-expire';
  static readonly exact = true;
  static readonly meaning =
    'An action without an outcome is given up after all its repetitions, and not before.';
  readonly hears = ['action-started', 'action-ended', 'process-down'] as const;
  readonly #steadiness = new Steadiness(this.context);
  readonly #leastUs: number;
  readonly #mostUs: number;
  /** By issuer and number, the first begun first. */
  readonly #underWay = new Map<string, Wish>();

  constructor(context: Watch['context']) {
    super(context);
    const { actions } = context.scenario.coordination;
    const { slowness, lookUs } = context.bounds.watching;
    const timeoutUs = slowness * actions.timeoutUs;
    this.#leastUs = (actions.retries + 1) * (actions.timeoutUs / slowness - earlyUs);
    this.#mostUs = expiredWithinUs({ ...actions, timeoutUs }, lookUs) + lookUs;
  }

  observe(timeUs: number, process: Address, observation: Heard<ActionsExpire['hears']>): void {
    this.#look(timeUs);
    if (observation.type === 'action-started') {
      const { resource, action } = observation;
      this.#underWay.set(`${process}/${action}`, { process, resource, sinceUs: timeUs });
    } else if (observation.type === 'action-ended') {
      const key = `${process}/${observation.action}`;
      const wish = this.#underWay.get(key);
      if (observation.outcome === 'expired' && wish !== undefined) this.#expired(wish, timeUs);
      this.#underWay.delete(key);
    } else if (observation.type === 'process-down') {
      for (const [key, wish] of this.#underWay) {
        if (wish.process === process) this.#underWay.delete(key);
      }
    }
  }

  finish(timeUs: number): void {
    this.#look(timeUs);
  }

  #look(timeUs: number): void {
    for (const [key, wish] of this.#underWay) {
      if (wish.sinceUs + this.#mostUs >= timeUs) return;
      this.#underWay.delete(key);
      const ranUs = this.context.health.truth.running.betweenUs(wish.process, wish.sinceUs, timeUs);
      // Who is paused at present is late by that.
      if (ranUs > this.#mostUs && this.#isUndisturbed(wish, timeUs)) {
        this.#break(wish, timeUs, 'waits still for the outcome of');
      }
    }
  }

  #expired(wish: Wish, timeUs: number): void {
    const isEarly = timeUs - wish.sinceUs < this.#leastUs;
    if (isEarly && this.#isUndisturbed(wish, timeUs)) this.#break(wish, timeUs, 'has given up');
  }

  #break({ process, resource, sinceUs }: Wish, timeUs: number, did: string): void {
    const seconds = (us: number): string => (us / 1e6).toFixed(1);
    this.break(timeUs, `${this.process(process)} ${did} its action on ${this.resource(resource)} ` +
      `after ${seconds(timeUs - sinceUs)} s, and is to do so after ${seconds(this.#leastUs)} s ` +
      `to ${seconds(this.#mostUs)} s`);
  }

  #isUndisturbed({ process, sinceUs }: Wish, untilUs: number): boolean {
    return this.#steadiness.isUndisturbed(process, sinceUs, untilUs);
  }
}
