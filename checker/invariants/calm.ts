import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { InvariantContext } from './invariant.js';
import { Links } from './links.js';

/** Observations by which {@link Calm} goes. */
export const unrest = [
  'process-up', 'process-down', 'process-paused', 'process-resumed', 'process-leaving',
  'coordinator-elected', 'clock-set', 'host-slowed', 'reachability', 'links-changed',
] as const;

/** Since when no manager, nothing on the way between them and nobody's role has been disturbed. */
export class Calm {
  readonly #context: InvariantContext;
  readonly #links: Links;
  #isWhole = true;
  #sinceUs = 0;

  constructor(context: InvariantContext) {
    this.#context = context;
    this.#links = new Links(context.bounds);
  }

  /** Whether that will end the calm. */
  isUnrest(process: Address, { type }: Observation): boolean {
    if (type === 'reachability' || type === 'links-changed') return true;
    const isHeard = (unrest as readonly string[]).includes(type);
    return isHeard && process >= 0 && process < this.#context.inventory.managers;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    if (!this.isUnrest(process, observation)) return;
    this.#links.observe(timeUs, observation);
    this.#sinceUs = timeUs;
    const { truth: { reachability } } = this.#context.health;
    this.#isWhole = reachability.components.length === 1 && reachability.isClean;
  }

  /** Infinity: there is none. All that are up reach each other, over links that lose nothing. */
  get sinceUs(): number {
    const { truth } = this.#context.health;
    const isOdd = [...truth.processes.odd.keys()].some((one) => truth.isManager(one));
    if (!this.#isWhole || isOdd) return Infinity;
    return Math.max(this.#sinceUs, this.#links.plainSinceUs);
  }
}
