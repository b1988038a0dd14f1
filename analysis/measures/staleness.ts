/** How far the coordinator's model lags behind the truth. */
import { Ages } from '../statistics/ages.js';
import { measured, statistics, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';
import type { ConditionChange, Health, HealthListener } from '../../checker/health/index.js';

const fields = {
  staleness: {
    /** Of `whileHealthy`. */
    boundSeconds: measured('s', 'delta', { whenNull: 'nothing can be promised' }),
    seconds: statistics(
      "staleness of the coordinator's model",
      "age of the oldest change that the coordinator's model lacks",
    ),
    whileHealthy: statistics(
      "staleness of the coordinator's model while healthy", 'the same while the plane was healthy',
    ),
  },
};

/**
 * The age of the oldest change that the coordinator's model does not show. What a new coordinator
 * has not heard of yet may be as old as the run, although its predecessor showed it: nothing is
 * taken for older than the time since the model was last as good as promised, plus what is
 * promised (delta).
 */
export class Staleness implements Measure<typeof fields>, HealthListener {
  private readonly health: Health;
  private readonly deltaUs: number;
  /** Over the time in which there was a coordinator. */
  private readonly ages = new Ages();
  /** Over that in which its model was as good as promised. */
  private readonly agesWhileHealthy = new Ages();
  private holds = false;
  private lastHeldUs = 0;
  private readonly warmUpUs: number;
  private nowUs = 0;

  constructor(health: Health, deltaUs: number, warmUpUs: number) {
    this.health = health;
    this.deltaUs = deltaUs;
    this.warmUpUs = warmUpUs;
    health.listen(this);
  }

  conditionChanged({ timeUs, condition, holds }: ConditionChange): void {
    if (condition !== 'model') return;
    if (this.holds) this.lastHeldUs = timeUs;
    this.holds = holds;
  }

  advanced(timeUs: number): void {
    const elapsedUs = timeUs - Math.max(this.nowUs, this.warmUpUs);
    this.nowUs = timeUs;
    // What was true since the last instant still is: this one's observations are to come.
    const ageUs = timeUs > this.warmUpUs ? this.ageUs(timeUs) : null;
    if (ageUs === null) return;
    this.ages.passed(elapsedUs, ageUs);
    if (this.holds) this.agesWhileHealthy.passed(elapsedUs, ageUs);
  }

  summary(): ValuesOf<typeof fields> {
    return {
      staleness: {
        boundSeconds: this.deltaUs / 1e6,
        seconds: this.ages.statistics(),
        whileHealthy: this.agesWhileHealthy.statistics(),
      },
    };
  }

  /** Null without a coordinator. */
  ageUs(timeUs: number): number | null {
    const ageUs = this.health.stalenessUs();
    if (ageUs === null || this.holds) return ageUs;
    return Math.min(ageUs, timeUs - this.lastHeldUs + this.deltaUs);
  }
}

export const staleness = measure(fields, ({ scenario: { warmUpUs }, health, bounds }) =>
  new Staleness(health, bounds.stalenessUs, warmUpUs));
