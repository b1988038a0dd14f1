/** Resources that changed hands without being left alone, and managers that left in good order. */
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Samples } from '../statistics/samples.js';
import { count, statistics, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = {
  moves: {
    balance: count('resources', 'moved to even out the load'),
    leave: count('resources', 'moved because their manager left'),
  },
  leaves: {
    count: count('managers', 'that were told to go and went'),
    seconds: statistics('time to leave in good order', 'from being told to go until gone'),
  },
};

/** Resources count that were managed throughout. */
export class Moves implements Measure<typeof fields> {
  readonly hears = ['resource-moved', 'process-leaving', 'process-down'] as const;
  private readonly warmUpUs: number;
  private readonly moved = { balance: 0, leave: 0 };
  private readonly leaves = new Samples();
  private readonly leavingSinceUs = new Map<Address, number>();

  constructor(warmUpUs: number) {
    this.warmUpUs = warmUpUs;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    if (observation.type === 'resource-moved') {
      if (timeUs >= this.warmUpUs) this.moved[observation.why] += 1;
    } else if (observation.type === 'process-leaving') {
      this.leavingSinceUs.set(process, timeUs);
    } else if (observation.type === 'process-down') {
      const sinceUs = this.leavingSinceUs.get(process);
      if (sinceUs === undefined) return;
      this.leavingSinceUs.delete(process);
      if (sinceUs >= this.warmUpUs) this.leaves.add(timeUs - sinceUs);
    }
  }

  summary(): ValuesOf<typeof fields> {
    const { count } = this.leaves;
    return { moves: { ...this.moved }, leaves: { count, seconds: this.leaves.statistics() } };
  }
}

export const moves = measure(fields, ({ scenario: { warmUpUs } }) => new Moves(warmUpUs));
