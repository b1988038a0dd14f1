import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Phase } from '../scenario/resolved.js';

/**
 * Which phases of the protocol's work begin and end, as the management system itself tells. An
 * election begins when a manager becomes its root and ends when somebody takes the role; a rebuild
 * begins then, and ends when the model is rebuilt or whoever was at it is out of the role.
 */
export class Phases {
  readonly #ended: Record<Phase, number> = { election: 0, rebuild: 0 };
  #rebuilding: Address = -1;

  /** How often such a phase has come to its end. */
  ended(phase: Phase): number {
    return this.#ended[phase];
  }

  /** The phase that begins with this observation, if one does. */
  observe(process: Address, observation: Observation): Phase | null {
    switch (observation.type) {
      case 'election-started':
        return 'election';
      case 'coordinator-elected':
        this.#ended.election += 1;
        this.#endRebuild();
        this.#rebuilding = process;
        return 'rebuild';
      case 'model-rebuilt':
      case 'coordinator-resigned':
      case 'process-down':
        if (process === this.#rebuilding) this.#endRebuild();
        return null;
      default:
        return null;
    }
  }

  #endRebuild(): void {
    if (this.#rebuilding === -1) return;
    this.#rebuilding = -1;
    this.#ended.rebuild += 1;
  }
}
