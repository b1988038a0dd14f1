import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { ABSENT } from '../truth/index.js';
import { Followers } from './followers.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

/**
 * The inventory: a resource that is registered stays in the model, whoever dies, while somebody
 * who keeps that is up and in reach. A new coordinator has the time of a rebuild, or that in which
 * a copy comes to it.
 */
export class NothingForgotten extends Watch {
  static readonly title = 'nothing-forgotten';
  static readonly exact = true;
  static readonly meaning =
    'What is registered and not decommissioned is in the model of every coordinator that has had ' +
    'time to rebuild it, while who keeps that is up and in reach.';
  readonly hears = [
    'resource-registered', 'inventory-kept', 'model-forgot', 'coordinator-elected',
    'coordinator-resigned', 'ballot-acknowledged', 'process-up', 'process-down',
    'process-resumed', 'process-leaving', 'clock-set', 'host-slowed', 'reachability',
    'links-changed',
  ] as const;
  readonly #steadiness = new Steadiness(this.context);
  readonly #followers = new Followers(this.context);
  /** Since when each has acted, under whatever ballots. */
  readonly #actingUs = new Map<Address, number>();
  /** When to look at all that is registered, ascending. */
  readonly #looksUs: number[] = [];

  observe(timeUs: number, process: Address, observation: Observation): void {
    if (observation.type === 'model-forgot') {
      return this.#onForgot(timeUs, process, observation.resource);
    }
    // The truth shows already what is seen now.
    this.#steadiness.observe(timeUs, observation);
    this.#followers.observe(timeUs, process, observation);
    if (this.#looksUs.length > 0 && this.#looksUs[0] < timeUs) {
      this.#looksUs.shift();
      this.#look(timeUs);
    }
    switch (observation.type) {
      case 'coordinator-resigned':
      case 'process-down':
        this.#actingUs.delete(process);
        return;
      case 'coordinator-elected':
        if (!this.#actingUs.has(process)) this.#actingUs.set(process, timeUs);
        return this.#lookLater(timeUs);
      default:
        return this.#lookLater(timeUs);
    }
  }

  finish(timeUs: number): void {
    this.#look(timeUs);
  }

  #onForgot(timeUs: number, coordinator: Address, resource: number): void {
    if (!this.#owes(coordinator, timeUs) || !this.#isOwed(coordinator, resource, timeUs)) return;
    this.break(timeUs, `${this.process(coordinator)} forgets ${this.resource(resource)}, ` +
      'which is registered');
  }

  /** One look is enough for all that has to be shown by then. */
  #lookLater(timeUs: number): void {
    const { shownUs } = this.context.bounds;
    const lastUs = this.#looksUs.at(-1) ?? -Infinity;
    if (lastUs < timeUs + shownUs) this.#looksUs.push(timeUs + shownUs * (1 + slack));
  }

  #look(timeUs: number): void {
    const { truth } = this.context.health;
    for (const coordinator of truth.actingManagers) {
      if (!this.#owes(coordinator, timeUs)) continue;
      const model = truth.model(coordinator)!;
      for (let resource = 0; resource < this.context.inventory.resources; resource += 1) {
        if (model.state(resource) !== ABSENT || !this.#isOwed(coordinator, resource, timeUs)) {
          continue;
        }
        this.break(timeUs, `the model of ${this.process(coordinator)} lacks ` +
          `${this.resource(resource)}, which is registered`);
        return;
      }
    }
  }

  /** It was registered so long ago, and its host is none of another side of a partition. */
  #isOwed(coordinator: Address, resource: number, timeUs: number): boolean {
    const { bounds: { shownUs }, inventory, health: { truth } } = this.context;
    const { registrations, reachability } = truth;
    return registrations.sinceUs(resource) + shownUs <= timeUs &&
      reachability.componentOf(inventory.agentOf[resource]) ===
        reachability.componentOf(coordinator);
  }

  /** It has acted for so long, and somebody who keeps what is registered followed it, in reach. */
  #owes(coordinator: Address, timeUs: number): boolean {
    const { bounds: { shownUs, recoveryUs }, health: { truth } } = this.context;
    const fromUs = timeUs - shownUs;
    const actingUs = this.#actingUs.get(coordinator) ?? Infinity;
    return recoveryUs !== null && actingUs <= fromUs && truth.registrations.keepers.some((keeper) =>
      this.#followers.sinceUs(keeper, coordinator) <= fromUs &&
      this.#steadiness.isSteady(coordinator, keeper, fromUs));
  }
}

/** How much later than necessary looks come, as a share: so there are few. */
const slack = 0.25;
