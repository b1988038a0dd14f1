import type { Observation } from '../../core/observations.js';
import type { Bounds } from '../bounds/index.js';

/** How messages fare, as far as faults of links go: who can count on them, and who has to wait. */
export class Links {
  readonly #baseLoss: number;
  /** How late they make messages now, and until when such are about. */
  #delayUs: number;
  #stragglersUntilUs = -Infinity;
  /** Since when nothing is the matter but what always is; Infinity: something is. */
  #plainSinceUs = -Infinity;
  #reachUs = -Infinity;

  constructor({ baseHarm, baseLoss }: Bounds) {
    this.#delayUs = baseHarm?.delayUs ?? 0;
    this.#baseLoss = baseLoss;
    // What is lost anyhow nobody can count on.
    if (baseHarm !== null || baseLoss > 0) this.#plainSinceUs = Infinity;
  }

  observe(timeUs: number, observation: Observation): void {
    if (observation.type === 'reachability') {
      this.#reachUs = timeUs;
    } else if (observation.type === 'links-changed') {
      const { loss = this.#baseLoss, harm = null } = observation;
      this.#stragglersUntilUs = Math.max(this.#stragglersUntilUs, timeUs + this.#delayUs);
      this.#delayUs = harm?.delayUs ?? 0;
      this.#plainSinceUs = loss > 0 || harm !== null ? Infinity : this.#stragglersUntilUs;
    }
  }

  /** Until when what is sent now, or was sent before, may come; but for what it always takes. */
  lateUntilUs(timeUs: number): number {
    return Math.max(timeUs + this.#delayUs, this.#stragglersUntilUs);
  }

  /** Since when all messages arrive in time; Infinity: they do not, or nobody can tell. */
  get plainSinceUs(): number {
    return this.#plainSinceUs;
  }

  /** When it last changed who reaches whom. */
  get reachSinceUs(): number {
    return this.#reachUs;
  }
}
