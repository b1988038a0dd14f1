import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { beginsLife } from '../../core/verbs/index.js';
import { Watch } from './watch.js';

/**
 * Safety of the actuators. It is starts that count (`start` and `restart`): each begins a new
 * incarnation, so a second one in the same incarnation was decided upon an old view. A `stop`
 * leaves the incarnation as it is; stopping again what failed to stop, or starting later what was
 * stopped, is as it should be.
 */
export class NoActionTwice extends Watch {
  static readonly title = 'no-action-twice';
  static readonly meaning =
    'No resource is started or restarted twice in one incarnation, whoever decided it.';
  readonly hears = ['actuated'] as const;
  /** Numbers that stand for (resource, incarnation). */
  readonly #started = new Set<number>();

  observe(timeUs: number, process: Address, observation: Heard<NoActionTwice['hears']>): void {
    const { resource, incarnation, verb } = observation;
    if (!beginsLife(verb)) return;
    const pair = incarnation * this.context.inventory.resources + resource;
    if (this.#started.has(pair)) {
      const what = `${this.resource(resource)} in life ${incarnation}`;
      this.break(timeUs, `${this.process(process)} acted on ${what} once more (${verb})`);
    }
    this.#started.add(pair);
  }
}
