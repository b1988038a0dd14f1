import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { ABSENT, NONE } from '../truth/index.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

/**
 * Patience of a new coordinator: it may go to work before `rebuild` is over only once everyone has
 * reported who can. Who has been up and in reach for so long that it must know him has acknowledged
 * its ballot by then, and what he listed at that time its model shows.
 */
export class NoEarlyRebuild extends Watch {
  static readonly title = 'no-early-rebuild';
  static readonly exact = true;
  static readonly meaning =
    'A new coordinator ends its wait for reports early only when all that can report have.';
  readonly #steadiness = new Steadiness(this.context);
  readonly #acting = new Set<Address>();
  /** When each began to coordinate, and when each last acknowledged another ballot. */
  readonly #beganUs = new Map<Address, number>();
  readonly #acknowledgedUs = new Map<Address, number>();

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.#steadiness.observe(timeUs, observation);
    switch (observation.type) {
      case 'ballot-acknowledged':
        this.#acknowledgedUs.set(process, timeUs);
        return;
      case 'coordinator-elected':
        if (!this.#acting.has(process)) this.#beganUs.set(process, timeUs);
        this.#acting.add(process);
        return;
      case 'coordinator-resigned':
      case 'process-down':
        this.#acting.delete(process);
        return;
      case 'model-rebuilt':
        return this.#onRebuilt(timeUs, process);
      default:
    }
  }

  #onRebuilt(timeUs: number, coordinator: Address): void {
    const { inventory, bounds } = this.context;
    const beganUs = this.#beganUs.get(coordinator);
    if (bounds.recoveryUs === null || beganUs === undefined) return;
    if (timeUs - beganUs >= bounds.rebuildUs) return;
    for (let manager = 0; manager < inventory.managers; manager += 1) {
      if (manager === coordinator) continue;
      if (!this.#steadiness.isSteady(coordinator, manager, beganUs)) continue;
      const missing = this.#missingOf(coordinator, manager);
      if (missing === null) continue;
      this.break(timeUs, `${this.process(coordinator)} goes to work without the report of ` +
        `${this.process(manager)}: ${missing}`);
    }
  }

  /** What shows that the manager has not reported, or not all; null: nothing does. */
  #missingOf(coordinator: Address, manager: Address): string | null {
    const { truth } = this.context.health;
    const order = truth.ballots.compare(truth.acknowledged(manager), truth.acting(coordinator));
    if (order < 0) return 'it has not heard of the ballot yet';
    if (order > 0) return null;
    const model = truth.model(coordinator)!;
    const { listings } = truth;
    let listing = listings.firstOfManager(manager);
    for (; listing !== NONE; listing = listings.nextOfManager(listing)) {
      // What it was given since it may still have to tell.
      if (listings.since(listing) >= this.#acknowledgedUs.get(manager)!) continue;
      const resource = listings.resource(listing);
      if (model.state(resource) === ABSENT) return `its ${this.resource(resource)} is not known`;
    }
    return null;
  }
}
