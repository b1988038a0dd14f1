/** From the crash of a resource until it is up again, whoever repaired it. */
import type { Observation } from '../../core/observations.js';
import { STARTING, STOPPING, UP } from '../../checker/truth/index.js';
import type { Truth } from '../../checker/truth/index.js';
import { Samples } from '../statistics/samples.js';

const whole = -1;

/** To be told of each observation before the truth is. */
export class Repairs {
  readonly samples = new Samples();
  private readonly truth: Truth;
  private readonly warmUpUs: number;
  private readonly crashUs: Float64Array;

  constructor(truth: Truth, warmUpUs: number) {
    this.truth = truth;
    this.warmUpUs = warmUpUs;
    this.crashUs = new Float64Array(truth.inventory.resources).fill(whole);
  }

  observe(timeUs: number, observation: Observation): void {
    if (observation.type !== 'resource-state') return;
    const { resource, state } = observation;
    const crashUs = this.crashUs[resource];
    if (state === 'down') {
      const before = this.truth.resources.state(resource);
      const crashed = before === UP || before === STARTING || before === STOPPING;
      // Attempts to start it that fail belong to the repair under way.
      if (crashed && crashUs === whole) this.crashUs[resource] = timeUs;
    } else if (crashUs !== whole && state !== 'starting') {
      // Stopped on purpose while it was down: nobody wants it repaired any more.
      if (state === 'up' && crashUs >= this.warmUpUs) this.samples.add(timeUs - crashUs);
      this.crashUs[resource] = whole;
    }
  }

  /** Crashes after the warm-up that were not repaired yet. */
  unrepaired(): number {
    const open = (count: number, crashUs: number): number =>
      crashUs !== whole && crashUs >= this.warmUpUs ? count + 1 : count;
    return this.crashUs.reduce(open, 0);
  }
}
