/** How far the coordinator's model lags behind the truth. */
import { Ages } from '../statistics/ages.js';
import type { ConditionChange, Health, HealthListener } from '../../checker/health/index.js';

/**
 * The age of the oldest change that the coordinator's model does not show. What a new coordinator
 * has not heard of yet may be as old as the run, although its predecessor showed it: nothing is
 * taken for older than the time since the model was last as good as promised, plus what is
 * promised (delta).
 */
export class ModelAge implements HealthListener {
  private readonly health: Health;
  private readonly deltaUs: number;
  /** Over the time in which there was a coordinator. */
  readonly ages = new Ages();
  /** Over that in which its model was as good as promised. */
  readonly agesWhileHealthy = new Ages();
  private holds = false;
  private lastHeldUs = 0;

  constructor(health: Health, deltaUs: number) {
    this.health = health;
    this.deltaUs = deltaUs;
    health.listen(this);
  }

  conditionChanged({ timeUs, condition, holds }: ConditionChange): void {
    if (condition !== 'model') return;
    if (this.holds) this.lastHeldUs = timeUs;
    this.holds = holds;
  }

  /** So much time has passed up to now, in which nothing was observed. */
  passed(elapsedUs: number, nowUs: number): void {
    const ageUs = this.ageUs(nowUs);
    if (ageUs === null) return;
    this.ages.passed(elapsedUs, ageUs);
    if (this.holds) this.agesWhileHealthy.passed(elapsedUs, ageUs);
  }

  /** Null without a coordinator. */
  ageUs(timeUs: number): number | null {
    const ageUs = this.health.stalenessUs();
    if (ageUs === null || this.holds) return ageUs;
    return Math.min(ageUs, timeUs - this.lastHeldUs + this.deltaUs);
  }
}
