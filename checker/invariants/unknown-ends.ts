import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { NONE } from '../truth/index.js';
import { Calm, unrest } from './calm.js';
import { Followers } from './followers.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

/**
 * Unknown is a state of the model, not of the world: somebody is given the resource, listens, and
 * tells. In time where all is calm; and where a manager has listed it for long, whatever happens to
 * others. A resource that goes or comes meanwhile may begin it all anew.
 */
export class UnknownEnds extends Watch {
  static readonly title = 'unknown-ends';
  static readonly exact = true;
  static readonly meaning =
    'What a model shows as unknown is known once somebody could be given it, and has had time to ' +
    'listen.';
  readonly hears = ['model-entity', 'model-forgot', 'coordinator-resigned', 'ballot-acknowledged',
    ...unrest] as const;
  readonly #calm = new Calm(this.context);
  readonly #steadiness = new Steadiness(this.context);
  readonly #followers = new Followers(this.context);
  /** By coordinator: since when its model shows which resources so. */
  readonly #unknown = new Map<Address, Map<number, number>>();

  observe(timeUs: number, process: Address, observation: Heard<UnknownEnds['hears']>): void {
    // The truth shows already what is seen now; the calm before it counts.
    this.#steadiness.observe(timeUs, observation);
    this.#followers.observe(timeUs, process, observation);
    if (this.#calm.isUnrest(process, observation)) this.#judgeAll(timeUs);
    this.#calm.observe(timeUs, process, observation);
    switch (observation.type) {
      case 'model-entity':
        if (observation.state !== 'unknown') this.#end(timeUs, process, observation.resource);
        else this.#begin(timeUs, process, observation.resource);
        return;
      case 'model-forgot': return this.#end(timeUs, process, observation.resource);
      case 'coordinator-resigned':
      case 'process-down':
        this.#unknown.delete(process);
        return;
      default:
    }
  }

  finish(timeUs: number): void {
    this.#judgeAll(timeUs);
  }

  #begin(timeUs: number, coordinator: Address, resource: number): void {
    const unknown = this.#unknown.get(coordinator) ?? new Map<number, number>();
    this.#unknown.set(coordinator, unknown);
    if (!unknown.has(resource)) unknown.set(resource, timeUs);
  }

  #end(timeUs: number, coordinator: Address, resource: number): void {
    const sinceUs = this.#unknown.get(coordinator)?.get(resource);
    if (sinceUs === undefined) return;
    this.#judge(timeUs, coordinator, resource, sinceUs);
    this.#unknown.get(coordinator)!.delete(resource);
  }

  #judgeAll(timeUs: number): void {
    for (const [coordinator, unknown] of this.#unknown) {
      for (const [resource, sinceUs] of unknown) {
        this.#judge(timeUs, coordinator, resource, sinceUs);
      }
    }
  }

  #judge(timeUs: number, coordinator: Address, resource: number, beganUs: number): void {
    const { bounds: { recoveryUs, listened: { givenUs, heardUs } }, health } = this.context;
    if (recoveryUs === null) return;
    const sinceUs = Math.max(beganUs, health.truth.resources.turnedAt(resource));
    const isSlow = timeUs - Math.max(sinceUs, this.#calm.sinceUs) > givenUs + heardUs;
    if (!isSlow && !this.#isHeard(timeUs - heardUs, coordinator, resource, sinceUs)) return;
    this.break(timeUs, `${this.process(coordinator)} has shown ${this.resource(resource)} as ` +
      `unknown for ${((timeUs - beganUs) / 1e6).toFixed(1)} s`);
  }

  /** Before `fromUs` a manager had begun to listen that has followed, and been in reach, since. */
  #isHeard(fromUs: number, coordinator: Address, resource: number, sinceUs: number): boolean {
    if (sinceUs >= fromUs) return false;
    const { listings } = this.context.health.truth;
    const isBy = (manager: Address): boolean =>
      this.#followers.sinceUs(manager, coordinator) < fromUs &&
      this.#steadiness.isSteady(coordinator, manager, fromUs);
    let listing = listings.firstOfResource(resource);
    for (; listing !== NONE; listing = listings.nextOfResource(listing)) {
      if (listings.since(listing) < fromUs && isBy(listings.manager(listing))) return true;
    }
    return false;
  }
}
