/** From the crash of a resource until it is up again, whoever repaired it. */
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { STARTING, STOPPING, UP } from '../../checker/truth/index.js';
import type { Truth } from '../../checker/truth/index.js';
import { Samples } from '../statistics/samples.js';
import { count, statistics, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = {
  repair: {
    count: count('resources', 'up again after a crash'),
    unrepaired: count('resources', 'still down when the run ended'),
    seconds: statistics(
      'time to repair a resource', 'from the crash of a resource until it was up again',
    ),
  },
};

export class Repairs implements Measure<typeof fields> {
  readonly hears = ['resource-state'] as const;
  private readonly samples = new Samples();
  private readonly truth: Truth;
  private readonly warmUpUs: number;
  /** Of those that are not up again; few at a time. */
  private readonly crashUs = new Map<number, number>();

  constructor(truth: Truth, warmUpUs: number) {
    this.truth = truth;
    this.warmUpUs = warmUpUs;
  }

  observe(timeUs: number, _process: Address, observation: Observation): void {
    if (observation.type !== 'resource-state') return;
    const { resource, state } = observation;
    const crashUs = this.crashUs.get(resource);
    if (state === 'down') {
      const before = this.truth.resources.state(resource);
      const crashed = before === UP || before === STARTING || before === STOPPING;
      // Attempts to start it that fail belong to the repair under way.
      if (crashed && crashUs === undefined) this.crashUs.set(resource, timeUs);
    } else if (crashUs !== undefined && state !== 'starting') {
      // Stopped on purpose while it was down: nobody wants it repaired any more.
      if (state === 'up' && crashUs >= this.warmUpUs) this.samples.add(timeUs - crashUs);
      this.crashUs.delete(resource);
    }
  }

  summary(): ValuesOf<typeof fields> {
    const { samples } = this;
    const [unrepaired, seconds] = [this.unrepaired(), samples.statistics()];
    return { repair: { count: samples.count, unrepaired, seconds } };
  }

  /** Crashes after the warm-up that were not repaired yet. */
  private unrepaired(): number {
    return [...this.crashUs.values()].filter((crashUs) => crashUs >= this.warmUpUs).length;
  }
}

export const repairs = measure(fields, ({ scenario: { warmUpUs }, health }) =>
  new Repairs(health.truth, warmUpUs));
