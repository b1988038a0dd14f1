import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Watch } from './watch.js';

/**
 * Safety of the model against what comes late: incarnations only grow, so a coordinator that shows
 * a resource in a lesser one than before has taken old news for new.
 */
export class ModelNeverGoesBack extends Watch {
  static readonly title = 'model-never-goes-back';
  static readonly meaning =
    'No coordinator shows a resource in a lesser incarnation than it has shown it in before.';
  readonly hears = [
    'coordinator-elected', 'coordinator-resigned', 'model-entity', 'model-forgot', 'process-down',
  ] as const;
  /** What each coordinator has shown, by resource; -1: nothing, or the model forgot it. */
  readonly #shown = new Map<Address, Int32Array>();

  observe(timeUs: number, process: Address, observation: Heard<ModelNeverGoesBack['hears']>): void {
    switch (observation.type) {
      case 'model-entity':
        return this.#onShown(timeUs, process, observation.resource, observation.incarnation);
      case 'model-forgot': {
        const shown = this.#shown.get(process);
        if (shown !== undefined) shown[observation.resource] = -1;
        return;
      }
      // Who takes the role begins anew, from what the managers report.
      case 'coordinator-elected':
      case 'coordinator-resigned':
      case 'process-down':
        this.#shown.delete(process);
        return;
      default:
    }
  }

  #onShown(timeUs: number, process: Address, resource: number, incarnation: number): void {
    let shown = this.#shown.get(process);
    if (shown === undefined) {
      shown = new Int32Array(this.context.inventory.resources).fill(-1);
      this.#shown.set(process, shown);
    }
    if (incarnation < shown[resource]) {
      const lives = `life ${incarnation} after life ${shown[resource]}`;
      const who = this.process(process);
      this.break(timeUs, `the model of ${who} shows ${this.resource(resource)} in ${lives}`);
    }
    shown[resource] = incarnation;
  }
}
