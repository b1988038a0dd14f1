/** How far what is routed to a key goes over the overlay. */
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { count, measured, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = {
  overlay: {
    hops: {
      count: count('routes', 'to a key that came to its root'),
      mean: measured('hops', 'mean of a route', { title: 'hops of a routed message, mean' }),
      max: measured('hops', 'of the longest route', {
        type: 'integer', title: 'hops of a routed message, maximum',
      }),
    },
  },
};

export class Hops implements Measure<typeof fields> {
  readonly hears = ['route-ended'] as const;
  private readonly warmUpUs: number;
  private count = 0;
  private total = 0;
  private most = 0;

  constructor(warmUpUs: number) {
    this.warmUpUs = warmUpUs;
  }

  observe(timeUs: number, _process: Address, observation: Observation): void {
    if (observation.type !== 'route-ended' || timeUs < this.warmUpUs) return;
    this.count += 1;
    this.total += observation.hops;
    this.most = Math.max(this.most, observation.hops);
  }

  summary(): ValuesOf<typeof fields> {
    const { count, total, most } = this;
    const hops = count === 0
      ? { count, mean: null, max: null } : { count, mean: total / count, max: most };
    return { overlay: { hops } };
  }
}

export const hops = measure(fields, ({ scenario: { warmUpUs } }) => new Hops(warmUpUs));
