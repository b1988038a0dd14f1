import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Calm, unrest } from './calm.js';
import { Watch } from './watch.js';

/**
 * As many standbys as configured keep what is registered, once all has been calm for so long that a
 * coordinator is known, and copies have been made. So no agent is told that something is registered
 * before they have it, and nobody is left out whose disk is new.
 */
export class KeptByStandbys extends Watch {
  static readonly title = 'kept-by-standbys';
  static readonly exact = true;
  static readonly meaning =
    'What is registered is kept by as many standbys as configured, where so many managers live, ' +
    'once all has been calm for so long that they can have it.';
  readonly hears = ['inventory-kept', ...unrest] as const;
  readonly #calm = new Calm(this.context);

  observe(timeUs: number, process: Address, observation: Heard<KeptByStandbys['hears']>): void {
    this.#calm.observe(timeUs, process, observation);
    // The truth shows already what is kept by this word.
    if (observation.type === 'inventory-kept') this.#judge(timeUs);
  }

  finish(timeUs: number): void {
    this.#judge(timeUs);
  }

  #judge(timeUs: number): void {
    const { bounds: { recoveryUs, shownUs }, scenario, health: { truth } } = this.context;
    const [coordinator, ...others] = truth.actingManagers;
    if (recoveryUs === null || coordinator === undefined || others.length > 0) return;
    if (timeUs - this.#calm.sinceUs <= recoveryUs + shownUs) return;
    const { inventory, standbys } = scenario.coordination;
    const { keepers } = truth.registrations;
    if (inventory !== true || !keepers.includes(coordinator)) return;
    const isHeir = (one: Address): boolean =>
      one !== coordinator && truth.processes.isLive(one) && !truth.processes.isLeaving(one);
    let heirs = 0;
    for (let one = 0; one < this.context.inventory.managers; one += 1) if (isHeir(one)) heirs += 1;
    const kept = keepers.filter(isHeir).length;
    const wanted = Math.min(standbys, heirs);
    if (kept >= wanted) return;
    this.break(timeUs, `${this.process(coordinator)} has what is registered kept by ${kept} ` +
      `standbys, and there are ${wanted} that could`);
  }
}
