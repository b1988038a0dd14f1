import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Links } from './links.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

/** What the actuator of a resource was last let do. */
interface LastAction {
  /** The only one who had an action on the resource under way then. */
  readonly issuer: Address;
  readonly action: number;
  readonly sinceUs: number;
  /** When its host, which had crashed since, was back; null: it has not. */
  backUs: number | null;
  crashed: boolean;
}

/**
 * Whoever asked for an action hears what became of it although the host crashed meanwhile: that
 * nobody knows. It rests on an intent that was durable before anything was done; without one, who
 * asked waits until its time is over, and may ask for the same again.
 */
export class EndsTold extends Watch {
  static readonly title = 'ends-told';
  static readonly exact = true;
  static readonly meaning =
    'A host that crashed during an action tells at its return that nobody knows its end.';
  readonly #links: Links;
  readonly #steadiness = new Steadiness(this.context);
  /** By resource, then by issuer: the action's number. */
  readonly #underWay = new Map<number, Map<Address, number>>();
  readonly #lastActions = new Map<number, LastAction>();
  readonly #generations = new Map<Address, number>();
  /** Resources whose hosts are back, the first that has to be heard of first. */
  readonly #due: {
    readonly resource: number; readonly last: LastAction; readonly dueUs: number;
  }[] = [];

  constructor(context: Watch['context']) {
    super(context);
    this.#links = new Links(context.bounds);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    while (this.#due.length > 0 && timeUs > this.#due[0].dueUs) this.#judge();
    switch (observation.type) {
      case 'links-changed':
      case 'reachability':
        return this.#links.observe(timeUs, observation);
      case 'action-started':
        return this.#began(process, observation.resource, observation.action);
      case 'action-ended': {
        const { resource, action } = observation;
        const actions = this.#underWay.get(resource);
        if (actions?.get(process) === action) actions.delete(process);
        if (actions?.size === 0) this.#underWay.delete(resource);
        return;
      }
      case 'actuated':
        return this.#acted(timeUs, observation.resource);
      case 'process-down':
        return this.#down(process);
      case 'process-up':
        return this.#up(timeUs, process, observation.generation ?? 0);
      default:
    }
  }

  #began(issuer: Address, resource: number, action: number): void {
    let actions = this.#underWay.get(resource);
    if (actions === undefined) this.#underWay.set(resource, actions = new Map());
    actions.set(issuer, action);
  }

  #acted(sinceUs: number, resource: number): void {
    const actions = this.#underWay.get(resource);
    this.#lastActions.delete(resource);
    // Of several, another may have been refused.
    if (actions?.size !== 1) return;
    const [[issuer, action]] = actions;
    this.#lastActions.set(resource, { issuer, action, sinceUs, backUs: null, crashed: false });
  }

  #down(process: Address): void {
    const { truth } = this.context.health;
    if (truth.isManager(process)) {
      for (const actions of this.#underWay.values()) actions.delete(process);
      return;
    }
    for (const resource of this.context.inventory.resourcesOf(process)) {
      const last = this.#lastActions.get(resource);
      // Who crashes again may have been about to tell.
      if (last?.crashed === true) this.#lastActions.delete(resource);
      else if (last !== undefined) last.crashed = true;
    }
  }

  #up(timeUs: number, process: Address, generation: number): void {
    if (this.context.health.truth.isManager(process)) return;
    const isSame = generation === (this.#generations.get(process) ?? 0);
    this.#generations.set(process, generation);
    const dueUs = timeUs + 2 * this.context.bounds.maxDelayUs;
    for (const resource of this.context.inventory.resourcesOf(process)) {
      const last = this.#lastActions.get(resource);
      if (last?.crashed !== true) continue;
      // What was stored went with the store.
      if (!isSame) this.#lastActions.delete(resource);
      last.backUs = timeUs;
      this.#due.push({ resource, last, dueUs });
    }
  }

  #judge(): void {
    const { resource, last, dueUs } = this.#due.shift()!;
    if (this.#lastActions.get(resource) !== last) return;
    this.#lastActions.delete(resource);
    const { issuer, action, sinceUs, backUs } = last;
    if (this.#underWay.get(resource)?.get(issuer) !== action) return;
    // It may have been over before the crash, and the word of that lost.
    if (this.#links.plainSinceUs > sinceUs || this.#links.reachSinceUs > sinceUs) return;
    if (!this.#isHeard(this.context.inventory.agentOf[resource], issuer, backUs!)) return;
    const host = this.process(this.context.inventory.agentOf[resource]);
    this.break(dueUs, `${this.process(issuer)} has not been told that nobody knows what became ` +
      `of its action on ${this.resource(resource)}, during which ${host} crashed`);
  }

  /** Whatever the host has said since then has arrived. */
  #isHeard(agent: Address, issuer: Address, sinceUs: number): boolean {
    const { processes, reachability, running } = this.context.health.truth;
    const isQuiet = [agent, issuer].every((one) => processes.isLive(one) &&
      this.#steadiness.isEven(one) && running.disturbances(one, sinceUs, Infinity) === 0);
    return isQuiet && reachability.reach(agent, issuer);
  }
}
