/** How far what is routed to a key goes over the overlay. */
import type { Observation } from '../../core/observations.js';
import type { Summary } from '../summary.js';

/** To be told of each observation, in order of time. */
export class Hops {
  private readonly warmUpUs: number;
  private count = 0;
  private total = 0;
  private most = 0;

  constructor(warmUpUs: number) {
    this.warmUpUs = warmUpUs;
  }

  observe(timeUs: number, observation: Observation): void {
    if (observation.type !== 'route-ended' || timeUs < this.warmUpUs) return;
    this.count += 1;
    this.total += observation.hops;
    this.most = Math.max(this.most, observation.hops);
  }

  summary(): Summary['overlay']['hops'] {
    const { count, total, most } = this;
    if (count === 0) return { count, mean: null, max: null };
    return { count, mean: total / count, max: most };
  }
}
