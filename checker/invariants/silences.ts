import type { Address } from '../../core/process.js';
import { placeOf, type Silence } from '../../core/rules/index.js';
import { earlyUs } from '../../core/running.js';
import type { InvariantContext } from './invariant.js';

/**
 * The scenario's silences, which go by the clock of who enforces the rules: where that shows the
 * time of the run, as far as nothing has disturbed it.
 */
export class Silences {
  readonly #context: InvariantContext;
  readonly #silences: readonly Silence[];
  readonly #isTimed: boolean;

  constructor(context: InvariantContext) {
    this.#context = context;
    const { coordination, system: { clocks, service } } = context.scenario;
    this.#silences = coordination.actions.silences ?? [];
    this.#isTimed = clocks.offsetUs === 0 && clocks.drift === 0 && service.managerUs === 0;
  }

  /** Whether that is certainly in one. */
  has(process: Address, resource: number, timeUs: number): boolean {
    if (!this.#isCertain(process, timeUs)) return false;
    const lagUs = this.#lagUs(timeUs);
    return this.#of(resource).some(({ fromUs, untilUs }) =>
      timeUs >= fromUs + lagUs && timeUs < untilUs - earlyUs);
  }

  /** Whether one may have lasted at any time in between. */
  mayHave(process: Address, resource: number, fromUs: number, toUs: number): boolean {
    const silences = this.#of(resource);
    if (silences.length === 0) return false;
    if (!this.#isCertain(process, toUs)) return true;
    const lagUs = this.#lagUs(toUs);
    return silences.some((one) => one.fromUs - earlyUs <= toUs && one.untilUs + lagUs >= fromUs);
  }

  /** By when those that last then are over, for whoever enforces the rules; null: not certain. */
  overUs(process: Address, resource: number, timeUs: number): number | null {
    if (!this.#isCertain(process, timeUs)) return null;
    const lagUs = this.#lagUs(timeUs);
    let overUs = timeUs;
    // One may begin before another is over.
    for (const { fromUs, untilUs } of this.#of(resource).toSorted((a, b) => a.fromUs - b.fromUs)) {
      if (fromUs - earlyUs <= overUs && untilUs > timeUs) {
        overUs = Math.max(overUs, untilUs + lagUs);
      }
    }
    return overUs === timeUs ? null : overUs;
  }

  #of(resource: number): readonly Silence[] {
    const descriptor = this.#context.inventory.descriptor(resource);
    return this.#silences.filter(({ over, name }) => placeOf(over, descriptor) === name);
  }

  #isCertain(process: Address, timeUs: number): boolean {
    const { running } = this.#context.health.truth;
    return this.#isTimed && running.disturbances(process, 0, timeUs) === 0;
  }

  /** What is left out of stalls its clock shows later. */
  #lagUs(timeUs: number): number {
    return this.#context.bounds.watching.lookUs + timeUs / 100;
  }
}
