import { EpisodeLog } from '../episode-log.js';
import type { Disturbance, HealthChange, HealthListener } from '../health/index.js';
import { Watch } from './watch.js';

/**
 * Liveness: by t0 + B the plane is healthy, and stays so until the next disturbance. B is that of
 * the faults since the plane was last settled ({@link EpisodeLog}). While no manager lives, or
 * nothing is promised for these faults, nothing can break.
 */
export class HealthyWithinBound extends Watch implements HealthListener {
  static readonly title = 'healthy-within-bound';
  static readonly meaning =
    'When B has passed since the last disturbance, the plane is healthy, and it stays so.';
  readonly name = HealthyWithinBound.title;
  readonly description = HealthyWithinBound.meaning;
  readonly isTimed = true;
  readonly #log: EpisodeLog;
  #healthy = true;

  constructor(context: Watch['context']) {
    super(context);
    this.#log = new EpisodeLog(context.health.truth, context.bounds);
    context.health.listen(this);
  }

  observe(timeUs: number): void {
    this.#look(timeUs);
  }

  finish(timeUs: number): void {
    this.#look(timeUs);
  }

  disturbed(disturbance: Disturbance): void {
    this.#look(disturbance.timeUs);
    this.#log.disturbed(disturbance);
  }

  healthChanged(change: HealthChange): void {
    // What is judged is the end of the deadline's instant: health at that time is in time.
    if (change.healthy) this.#look(change.timeUs);
    this.#healthy = change.healthy;
    this.#log.healthChanged(change);
    if (!change.healthy) this.#relapse(change);
  }

  /** Breaks if the deadline lies before `timeUs` and the plane has not become healthy. */
  #look(timeUs: number): void {
    if (this.#healthy || this.broken !== null) return;
    const { deadlineUs } = this.#log;
    if (deadlineUs === null || timeUs <= deadlineUs) return;
    if (this.context.health.judgedComponents() === 0) return;
    const words = this.context.health.violations().map((violation) => violation.words);
    const bound = `${seconds(this.#log.boundUs!)} s after ${this.#log.words}`;
    this.break(deadlineUs, `still unhealthy ${bound}: ${words.join('; ')}`);
  }

  /** Unhealthy again although the last disturbance should be over and done with. */
  #relapse({ timeUs, violations }: HealthChange): void {
    const { deadlineUs } = this.#log;
    if (deadlineUs === null || timeUs <= deadlineUs) return;
    if (this.context.health.judgedComponents() === 0) return;
    const words = violations.map((violation) => violation.words).join('; ');
    this.break(timeUs, `unhealthy ${seconds(timeUs - this.#log.t0Us)} s after the last ` +
      `disturbance (${this.#log.words}), of its own accord: ${words}`);
  }
}

function seconds(us: number): string {
  return (us / 1e6).toFixed(1);
}
