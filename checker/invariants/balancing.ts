import { isByName } from '../../core/coordination/assignment/index.js';
import { shunnedForUs } from '../../core/coordination/index.js';
import type { Observation } from '../../core/observations.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { Bounds } from '../bounds/index.js';

/**
 * Until when resources may be on their way to where their assignment wants them. Balancing begins
 * anew with whatever changes who lives, holds or is missed, and after each of its waits.
 */
export class Balancing {
  readonly #spanUs: number;
  /** Null: no resource has an owner. */
  readonly #shunnedUs: number | null;
  /** Resources that lost a manager which they do not hear, and have not found another. */
  readonly #searching = new Set<number>();
  #untilUs: number;
  #postponedUs = -Infinity;

  constructor(
    { coordination, system }: ResolvedScenario, { balanceUs }: Pick<Bounds, 'balanceUs'>,
  ) {
    const { assignment: { name } } = coordination;
    this.#spanUs = balanceUs;
    this.#shunnedUs = isByName(name) ? shunnedForUs(coordination, system.managers) : null;
    this.#untilUs = balanceUs;
  }

  /** If nothing else happens. */
  get untilUs(): number {
    return Math.max(this.#untilUs, this.postponedUs);
  }

  /** Where it had to wait: a manager is left alone, a move came to nothing, an owner is shunned. */
  get postponedUs(): number {
    return this.#searching.size > 0 ? Infinity : this.#postponedUs;
  }

  observe(timeUs: number, observation: Observation): void {
    switch (observation.type) {
      case 'process-leaving':
      case 'process-up':
      case 'process-down':
      case 'process-paused':
      case 'process-resumed':
      case 'resource-state':
      case 'reachability':
      case 'links-changed':
      case 'clock-set':
      case 'host-slowed':
      case 'resource-suspected':
      case 'manager-suspected':
      case 'coordinator-elected':
        break;
      case 'pointer-lost':
        if (observation.why === 'silent' && this.#shunnedUs !== null) {
          this.#searching.add(observation.resource);
        }
        break;
      case 'resource-retired':
        this.#searching.delete(observation.resource);
        break;
      case 'pointer-set':
        if (!this.#searching.delete(observation.resource)) return;
        this.#shuns(timeUs);
        break;
      case 'mark':
        if (!this.#waits(timeUs, observation.name)) return;
        break;
      default:
        return;
    }
    this.#untilUs = timeUs + this.#spanUs;
  }

  #waits(timeUs: number, mark: string): boolean {
    if (mark === 'move given up' || mark === 'manager left alone by balancing') {
      this.#postpone(timeUs);
    } else if (mark === 'offer that its agent never took') {
      this.#shuns(timeUs);
    } else {
      return false;
    }
    return true;
  }

  /** An owner that the agent did not come to is tried again once that is forgotten. */
  #shuns(timeUs: number): void {
    if (this.#shunnedUs !== null) this.#postpone(timeUs + this.#shunnedUs);
  }

  #postpone(untilUs: number): void {
    this.#postponedUs = Math.max(this.#postponedUs, untilUs + this.#spanUs);
  }
}
