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
  /** When something was last amiss with the pace of a host; Infinity: it is. */
  readonly #oddUs = new Map<Address, number>();
  readonly #leaving = new Set<Address>();

  constructor(context: InvariantContext) {
    this.#context = context;
    this.#links = new Links(context.bounds);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'links-changed':
      case 'reachability':
        return this.#links.observe(timeUs, observation);
      case 'process-leaving':
        this.#leaving.add(process);
        return;
      case 'process-up':
        this.#leaving.delete(process);
        return;
      case 'clock-set':
        this.#oddUs.set(process, observation.drift === 0 ? timeUs : Infinity);
        return;
      case 'host-slowed':
        this.#oddUs.set(process, observation.factor === 1 ? timeUs : Infinity);
        return;
      default:
    }
  }

  /** Its clock runs as it should, and its host is not slow. */
  isEven(process: Address): boolean {
    return this.#oddUs.get(process) !== Infinity;
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
    if (this.#leaving.has(a) || this.#leaving.has(b)) return false;
    const sinceUs = Math.max(
      processes.liveSince(a), processes.liveSince(b), this.#links.plainSinceUs,
      this.#links.reachSinceUs, this.#oddUs.get(a) ?? 0, this.#oddUs.get(b) ?? 0,
    );
    return sinceUs + this.#context.bounds.wholeUs <= fromUs;
  }
}
