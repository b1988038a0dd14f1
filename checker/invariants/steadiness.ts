import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { earlyUs } from '../../core/running.js';
import type { InvariantContext } from './invariant.js';
import { Links } from './links.js';

/**
 * Between whom nothing has been amiss for so long that they know each other, and hear each other.
 */
export class Steadiness {
  readonly #context: InvariantContext;
  readonly #links: Links;

  constructor(context: InvariantContext) {
    this.#context = context;
    this.#links = new Links(context.bounds);
  }

  observe(timeUs: number, observation: Observation): void {
    this.#links.observe(timeUs, observation);
  }

  /** Its clock runs as it should, and its host is not slow. */
  isEven(process: Address): boolean {
    return this.#context.health.truth.processes.evenSince(process) < Infinity;
  }

  /**
   * Whether it can have measured that time: evenly, without a stall or a step of its clock. A step
   * since the look before counts, for it shows at the look after.
   */
  isUndisturbed(manager: Address, fromUs: number, toUs: number): boolean {
    const { health: { truth: { running } }, bounds: { watching } } = this.#context;
    return this.isEven(manager) &&
      running.disturbances(manager, fromUs - watching.lookUs, toUs) === 0;
  }

  /** Whether a manager that has measured that time cannot have waited for so long. */
  isShort(manager: Address, fromUs: number, toUs: number, waitUs: number): boolean {
    const { quickness } = this.#context.bounds.watching;
    const leastUs = waitUs * quickness - Math.min(earlyUs, waitUs / 100);
    return toUs - fromUs < leastUs && this.isUndisturbed(manager, fromUs, toUs);
  }

  /** From long enough before `fromUs` until now. */
  isSteady(a: Address, b: Address, fromUs: number): boolean {
    const { processes, reachability } = this.#context.health.truth;
    if (!processes.isLive(a) || !processes.isLive(b) || !reachability.reach(a, b)) return false;
    if (processes.isLeaving(a) || processes.isLeaving(b)) return false;
    const sinceUs = Math.max(
      processes.liveSince(a), processes.liveSince(b), this.#links.plainSinceUs,
      this.#links.reachSinceUs, processes.evenSince(a), processes.evenSince(b),
    );
    return sinceUs + this.#context.bounds.wholeUs <= fromUs;
  }
}
