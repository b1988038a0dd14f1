import { createAssignment } from '../../core/coordination/assignment/index.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';

/** How many resources each manager lists, by which an assignment that evens loads is judged. */
export class LoadView implements ObservationSink {
  readonly #scenario: ResolvedScenario;
  readonly #inventory: Inventory;
  /** The assignment promises even loads. */
  readonly #evens: boolean;
  readonly #lists = new Map<Address, Set<number>>();
  /** Those cannot be moved. */
  readonly #down = new Set<number>();
  /** When some manager was last left alone on purpose. */
  #waitedUs = -Infinity;

  constructor(scenario: ResolvedScenario, inventory: Inventory) {
    this.#scenario = scenario;
    this.#inventory = inventory;
    const { assignment, fromPlugins } = scenario.coordination;
    this.#evens = createAssignment(assignment.name, fromPlugins?.assignment).evens === true;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'process-up':
        if (process < this.#inventory.managers) this.#lists.set(process, new Set());
        return;
      case 'process-down':
        this.#lists.delete(process);
        return;
      case 'listing-added':
        this.#lists.get(process)?.add(observation.resource);
        return;
      case 'listing-removed':
        this.#lists.get(process)?.delete(observation.resource);
        return;
      case 'resource-state':
        if (observation.state === 'down') this.#down.add(observation.resource);
        else this.#down.delete(observation.resource);
        return;
      case 'mark':
        if (observation.name === 'manager left alone by balancing') this.#waitedUs = timeUs;
        return;
      default:
    }
  }

  /** No move would even the loads; true also where an assignment does not even them. */
  get isEven(): boolean {
    const loads = this.#loads();
    return !this.#evens || Math.max(...loads) - Math.min(...loads) <= 1;
  }

  /** Loads that should be even and are not, in words; null: none, or there was no time for it. */
  flaw(quietUs: number): string | null {
    const { managers, rebalance: { threshold, perPeriod } } = this.#scenario.coordination;
    const loads = this.#loads();
    // Its wait was over too late for all that follows.
    if (this.#waitedUs > this.#scenario.durationUs - quietUs / 2) return null;
    if (!this.#evens || perPeriod === 0 || this.#down.size > 0 || loads.length === 0) return null;
    const mean = loads.reduce((sum, load) => sum + load) / loads.length;
    // One that came last has to be given all of its share.
    const neededUs = (mean / perPeriod) * managers.heartbeatPeriodUs;
    const [least, most] = [Math.min(...loads), Math.max(...loads)];
    if (neededUs > quietUs / 3 || most - least <= Math.max(1, threshold * mean)) return null;
    const [few, many] = [least, most].map((load) => this.#nameOf(load));
    return `loads were to differ by ${Math.round(100 * threshold)}% of their mean at most, and ` +
      `after all was well ${few} lists ${least} resources, ${many} ${most}`;
  }

  #loads(): number[] {
    return Array.from(this.#lists.values(), ({ size }) => size);
  }

  #nameOf(load: number): string {
    const [[manager]] = [...this.#lists].filter(([, { size }]) => size === load);
    return this.#inventory.processName(manager);
  }
}
