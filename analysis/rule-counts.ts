/** Which rules fired, and what became of their actions. */
import type { ActionEnd, Observation } from '../core/observations.js';
import type { Summary } from './summary.js';

export class RuleCounts {
  private fired = 0;
  private readonly byRule = new Map<string, number>();
  private started = 0;
  private readonly ended: Record<ActionEnd, number> = {
    succeeded: 0,
    failed: 0,
    refused: 0,
    unknown: 0,
    expired: 0,
  };
  private duplicated = 0;
  private readonly warmUpUs: number;
  /** Greatest incarnation that each resource was started or restarted in. */
  private readonly actedIn: Int32Array;

  constructor(resources: number, warmUpUs: number) {
    this.warmUpUs = warmUpUs;
    this.actedIn = new Int32Array(resources).fill(-1);
  }

  observe(timeUs: number, observation: Observation): void {
    const counts = timeUs >= this.warmUpUs ? 1 : 0;
    switch (observation.type) {
      case 'rule-fired':
        this.fired += counts;
        if (counts === 1) {
          this.byRule.set(observation.rule, (this.byRule.get(observation.rule) ?? 0) + 1);
        }
        break;
      case 'action-started':
        this.started += counts;
        break;
      case 'action-ended':
        this.ended[observation.outcome] += counts;
        break;
      case 'actuated': {
        const { resource, incarnation, verb } = observation;
        if (verb === 'stop') break;
        if (incarnation <= this.actedIn[resource]) this.duplicated += counts;
        else this.actedIn[resource] = incarnation;
        break;
      }
      default:
    }
  }

  summary(): Summary['rules'] {
    const { fired, started, ended, duplicated } = this;
    const names = [...this.byRule].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      fired,
      byRule: Object.fromEntries(names),
      actions: { started, ...ended, duplicated },
    };
  }
}
