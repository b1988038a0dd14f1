import { deriveBounds } from '../../checker/bounds/index.js';
import type { ManagerProcess } from '../../core/coordination/index.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import { clockFactor } from '../../experiment/slowness.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';

type Values = readonly number[];

/** What the coordinator takes a resource to measure, and since when its manager knew better. */
interface Lag {
  readonly model: Values | null;
  readonly sinceUs: number;
}

/** Whether metrics go up to the coordinator, in the last part of a quiet. */
export class MetricsView implements ObservationSink {
  readonly #inventory: Inventory;
  readonly #processOf: (manager: Address) => ManagerProcess | undefined;
  readonly #fromUs: number;
  /** A change goes up with the next heartbeat, and that may be lost once. */
  readonly #patienceUs: number;
  /** Who listed each resource last. */
  readonly #holders = new Map<number, Address>();
  #coordinator: Address = -1;
  readonly #lags = new Map<number, Lag>();
  #flaw: string | null = null;

  constructor(
    scenario: ResolvedScenario, inventory: Inventory, quietUs: number,
    processOf: (manager: Address) => ManagerProcess | undefined,
  ) {
    this.#inventory = inventory;
    this.#processOf = processOf;
    this.#fromUs = scenario.durationUs - quietUs / 3;
    const { heartbeatPeriodUs } = scenario.coordination.managers;
    this.#patienceUs = clockFactor(scenario) * 2 * heartbeatPeriodUs
      + deriveBounds(scenario).maxDelayUs;
  }

  observe(_timeUs: number, process: Address, observation: Observation): void {
    const { type } = observation;
    if (type === 'listing-added') this.#holders.set(observation.resource, process);
    if (type === 'coordinator-elected') this.#coordinator = process;
  }

  sample(timeUs: number): void {
    if (timeUs < this.#fromUs || this.#flaw !== null) return;
    const coordinator = this.#processOf(this.#coordinator);
    for (const [resource, holder] of this.#holders) {
      const { resolutions } = this.#inventory.kinds[this.#inventory.kindOf[resource]];
      if (resolutions.length === 0) continue;
      const known = this.#processOf(holder)?.measured(resource) ?? null;
      const model = coordinator?.modelled(resource);
      if (known === null || model === undefined) this.#lags.delete(resource);
      else this.#compare(resource, { known, model, resolutions }, timeUs);
    }
  }

  /** In words; null: none. */
  flaw(): string | null {
    return this.#flaw;
  }

  #compare(
    resource: number,
    { known, model, resolutions }: { known: Values; model: Values | null; resolutions: Values },
    timeUs: number,
  ): void {
    const isClose = model !== null
      && known.every((value, index) => Math.abs(value - model[index]) < resolutions[index]);
    const lag = this.#lags.get(resource);
    if (isClose) {
      this.#lags.delete(resource);
    } else if (lag === undefined || !isSame(lag.model, model)) {
      this.#lags.set(resource, { model, sinceUs: timeUs });
    } else if (timeUs - lag.sinceUs > this.#patienceUs) {
      const { name } = this.#inventory.descriptor(resource);
      this.#flaw = `for ${((timeUs - lag.sinceUs) / 1e6).toFixed(1)} s the coordinator has taken ` +
        `${name} to measure ${model?.join(', ') ?? 'nothing'}, and its manager ${known.join(', ')}`;
    }
  }
}

function isSame(a: Values | null, b: Values | null): boolean {
  return a === b || (a !== null && b !== null && a.every((value, index) => value === b[index]));
}
