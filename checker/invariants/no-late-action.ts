import type { Heard } from '../../core/observations.js';
import type { Address, Verb } from '../../core/process.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

interface Wish {
  readonly process: Address;
  readonly action: number;
  readonly rule: string;
  readonly verb: Verb;
  /** When its issuer took it for expired; null: it has not. */
  expiredUs: number | null;
}

/**
 * Deadlines of actions, where the scenario has them: no host begins what whoever decided on it
 * takes for expired.
 */
export class NoLateAction extends Watch {
  static readonly title = 'no-late-action';
  static readonly exact = true;
  static readonly meaning =
    'Where actions have deadlines, no host begins one that its issuer takes for expired.';
  readonly hears = ['action-started', 'action-ended', 'actuated', 'process-down'] as const;
  readonly #steadiness = new Steadiness(this.context);
  readonly #hasDeadlines = this.context.scenario.coordination.actions.deadlines === true;
  /** Names of rules that the coordinator enforces. */
  readonly #global: ReadonlySet<string>;
  /** By resource. */
  readonly #wishes = new Map<number, Wish[]>();

  constructor(context: Watch['context']) {
    super(context);
    const { rules } = context.rules;
    this.#global = new Set(rules.filter(({ scope }) => scope === 'global').map(({ name }) => name));
  }

  observe(timeUs: number, process: Address, observation: Heard<NoLateAction['hears']>): void {
    if (!this.#hasDeadlines) return;
    switch (observation.type) {
      case 'action-started': {
        const { resource, rule, verb, action } = observation;
        const wishes = this.#wishes.get(resource) ?? [];
        const others = wishes.filter((one) => one.process !== process || one.expiredUs === null);
        this.#wishes.set(resource, [...others, { process, action, rule, verb, expiredUs: null }]);
        return;
      }
      case 'action-ended': {
        const { resource, action, outcome } = observation;
        const wishes = this.#wishes.get(resource) ?? [];
        const isIt = (one: Wish): boolean => one.process === process && one.action === action;
        if (outcome !== 'expired') this.#keep(resource, wishes.filter((one) => !isIt(one)));
        else for (const one of wishes.filter(isIt)) one.expiredUs = timeUs;
        return;
      }
      case 'process-down':
        for (const [resource, wishes] of this.#wishes) {
          this.#keep(resource, wishes.filter((one) => one.process !== process));
        }
        return;
      case 'actuated': return this.#onDone(timeUs, process, observation);
      default:
    }
  }

  #keep(resource: number, wishes: Wish[]): void {
    if (wishes.length === 0) this.#wishes.delete(resource);
    else this.#wishes.set(resource, wishes);
  }

  #onDone(
    timeUs: number, agent: Address, { resource, verb, authority }: Heard<readonly ['actuated']>,
  ): void {
    const isGlobal = authority.sequence === 0;
    const wishes = (this.#wishes.get(resource) ?? []).filter((one) => one.verb === verb &&
      this.#global.has(one.rule) === isGlobal &&
      (!isGlobal || one.process === authority.ballot.address));
    const last = wishes.at(-1);
    if (last === undefined || wishes.some(({ expiredUs }) => expiredUs === null)) return;
    const { timeoutUs, retries } = this.context.scenario.coordination.actions;
    const { running } = this.context.health.truth;
    const sinceUs = last.expiredUs! - (retries + 2) * timeoutUs;
    for (const one of [agent, last.process]) {
      if (!this.#steadiness.isEven(one) || running.disturbances(one, sinceUs, timeUs) > 0) return;
    }
    const lateS = ((timeUs - last.expiredUs!) / 1e6).toFixed(1);
    this.break(timeUs, `${this.resource(resource)} is told to ${verb} ${lateS} s after ` +
      `${this.process(last.process)} took that for expired`);
  }
}
