import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { ABSENT, NONE } from '../truth/index.js';
import { Calm, unrest } from './calm.js';
import { Watch } from './watch.js';

/** What is decommissioned, and who shows or lists it all the same, since when. */
interface Gone {
  /** Its agent knows: the host does nothing with it any more. */
  isRetired: boolean;
  readonly shownUs: Map<Address, number>;
  readonly listedUs: Map<Address, number>;
}

/**
 * What is decommissioned, as whoever wanted it was told, comes to an end: where it turns up again,
 * as who had not heard of it returns, it is gone within a derived time of calm. Its agent, once it
 * knows, lets nobody act on it. Judged while not all that knew it have been down at once.
 */
export class NoneComesBack extends Watch {
  static readonly title = 'none-comes-back';
  static readonly exact = true;
  static readonly meaning =
    'What is decommissioned is shown by no coordinator and listed by no manager for longer than ' +
    'it takes to be told, and no host acts on it that knows.';
  readonly hears = [
    'resource-decommissioned', 'resource-retired', 'resources-commissioned', 'model-entity',
    'resource-registered', 'model-forgot', 'coordinator-resigned', 'listing-added',
    'listing-removed', 'actuated', ...unrest,
  ] as const;
  readonly #calm = new Calm(this.context);
  readonly #gone = new Map<number, Gone>();
  /** Commissioned again and not registered since: nobody who is told to forget them knows them. */
  readonly #unheard = new Set<number>();

  observe(timeUs: number, process: Address, observation: Heard<NoneComesBack['hears']>): void {
    if (this.#calm.isUnrest(process, observation)) this.#judgeAll(timeUs);
    this.#calm.observe(timeUs, process, observation);
    switch (observation.type) {
      case 'resource-decommissioned': return this.#onGone(timeUs, observation.resource);
      case 'resources-commissioned':
        for (const resource of observation.resources) {
          this.#gone.delete(resource);
          this.#unheard.add(resource);
        }
        return;
      case 'resource-registered':
        this.#unheard.delete(observation.resource);
        return;
      case 'process-down':
      case 'coordinator-resigned': return this.#onCeased(process, observation.type);
      default: if ('resource' in observation) this.#onResource(timeUs, process, observation);
    }
  }

  finish(timeUs: number): void {
    this.#judgeAll(timeUs);
  }

  #onResource(
    timeUs: number, process: Address,
    observation: Heard<NoneComesBack['hears']> & { readonly resource: number },
  ): void {
    const { resource, type } = observation;
    const gone = this.#gone.get(resource);
    if (gone === undefined) return;
    switch (type) {
      case 'resource-retired':
        gone.isRetired = true;
        return;
      case 'model-entity': return begin(gone.shownUs, process, timeUs);
      case 'listing-added': return begin(gone.listedUs, process, timeUs);
      case 'model-forgot':
        this.#judge(timeUs, resource, gone);
        gone.shownUs.delete(process);
        return;
      case 'listing-removed':
        this.#judge(timeUs, resource, gone);
        gone.listedUs.delete(process);
        return;
      case 'actuated':
        if (gone.isRetired) {
          this.break(timeUs, `${this.resource(resource)}, which is decommissioned, is acted on`);
        }
        return;
      default:
    }
  }

  #onGone(timeUs: number, resource: number): void {
    const { truth } = this.context.health;
    const { registrations, resources, listings } = truth;
    // It may have been commissioned again, or be kept by some that are away.
    if (!registrations.isDismissed(resource) || !registrations.isWhole) return;
    if (registrations.keepers.length === 0 || this.#gone.has(resource)) return;
    if (this.#unheard.has(resource)) return;
    const isRetired = resources.isRetired(resource);
    const gone: Gone = { isRetired, shownUs: new Map(), listedUs: new Map() };
    for (const coordinator of truth.actingManagers) {
      if (truth.model(coordinator)!.state(resource) === ABSENT) continue;
      gone.shownUs.set(coordinator, timeUs);
    }
    let listing = listings.firstOfResource(resource);
    for (; listing !== NONE; listing = listings.nextOfResource(listing)) {
      gone.listedUs.set(listings.manager(listing), timeUs);
    }
    this.#gone.set(resource, gone);
  }

  #onCeased(process: Address, how: 'process-down' | 'coordinator-resigned'): void {
    const { registrations } = this.context.health.truth;
    if (registrations.keepers.length === 0) this.#gone.clear();
    for (const { shownUs, listedUs } of this.#gone.values()) {
      shownUs.delete(process);
      if (how === 'process-down') listedUs.delete(process);
    }
  }

  #judgeAll(timeUs: number): void {
    for (const [resource, gone] of this.#gone) this.#judge(timeUs, resource, gone);
  }

  #judge(timeUs: number, resource: number, { shownUs, listedUs }: Gone): void {
    const { bounds: { recoveryUs, goneUs }, inventory, health: { truth } } = this.context;
    const agent = inventory.agentOf[resource];
    if (recoveryUs === null || truth.processes.isPaused(agent)) return;
    if (!truth.registrations.isWhole) return;
    const agentUs = truth.processes.isDown(agent)
      ? truth.resources.turnedAt(resource) : truth.agentSteadySince(agent);
    const fromUs = timeUs - goneUs;
    if (Math.max(this.#calm.sinceUs, agentUs) >= fromUs) return;
    for (const [does, sinces] of [['shows', shownUs], ['lists', listedUs]] as const) {
      for (const [process, sinceUs] of sinces) {
        if (sinceUs >= fromUs) continue;
        const whileS = ((timeUs - sinceUs) / 1e6).toFixed(1);
        this.break(timeUs, `${this.process(process)} ${does} ${this.resource(resource)}, which ` +
          `was decommissioned, and has done so for ${whileS} s`);
      }
    }
  }
}

function begin(all: Map<Address, number>, process: Address, timeUs: number): void {
  if (!all.has(process)) all.set(process, timeUs);
}
