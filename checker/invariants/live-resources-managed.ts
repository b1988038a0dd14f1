import { EpisodeLog } from '../episode-log.js';
import type { Disturbance, HealthChange, HealthListener } from '../health/index.js';
import { Watch } from './watch.js';

/** Liveness: whatever lives when the run ends, and had B to be found, is managed. */
export class LiveResourcesManaged extends Watch implements HealthListener {
  static readonly title = 'live-resources-managed';
  static readonly meaning =
    'At the end, if B has passed since the last disturbance, every live resource is managed.';
  /** Only the end counts. */
  readonly hears = [] as const;
  readonly isTimed = true;
  readonly #log: EpisodeLog;

  constructor(context: Watch['context']) {
    super(context);
    this.#log = new EpisodeLog(context.health.truth, context.bounds);
    context.health.listen(this);
  }

  observe(): void {
    // Health tells it what it needs.
  }

  disturbed(disturbance: Disturbance): void {
    this.#log.disturbed(disturbance);
  }

  healthChanged(change: HealthChange): void {
    this.#log.healthChanged(change);
  }

  finish(timeUs: number): void {
    const { deadlineUs } = this.#log;
    if (deadlineUs === null || timeUs <= deadlineUs) return;
    const unmanaged = this.context.health
      .violations()
      .filter(({ condition }) => condition === 'managed');
    if (unmanaged.length === 0) return;
    this.break(timeUs, `at the end ${unmanaged.map(({ words }) => words).join('; ')}`);
  }
}
