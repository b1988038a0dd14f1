/** Which rules fired, and what became of their actions. */
import type { ActionEnd, Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Summary } from '../summary.js';

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
    dropped: 0,
  };
  private lost = 0;
  /** By who wanted them: the numbers of those that count and have not ended. */
  private readonly underWay = new Map<Address, Set<number>>();
  private duplicated = 0;
  private readonly warmUpUs: number;
  /** Greatest incarnation that each resource was started or restarted in. */
  private readonly actedIn: Int32Array;

  constructor(resources: number, warmUpUs: number) {
    this.warmUpUs = warmUpUs;
    this.actedIn = new Int32Array(resources).fill(-1);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    const counts = timeUs >= this.warmUpUs ? 1 : 0;
    switch (observation.type) {
      case 'rule-fired':
        this.fired += counts;
        if (counts === 1) {
          this.byRule.set(observation.rule, (this.byRule.get(observation.rule) ?? 0) + 1);
        }
        break;
      case 'action-started':
        if (counts === 1) this.start(process, observation.action);
        break;
      case 'action-ended':
        // Of those that began in the warm-up neither the start nor the end counts.
        if (this.underWay.get(process)?.delete(observation.action) === true) {
          this.ended[observation.outcome] += 1;
        }
        break;
      case 'process-down':
        this.lost += this.underWay.get(process)?.size ?? 0;
        this.underWay.delete(process);
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

  private start(process: Address, action: number): void {
    this.started += 1;
    const own = this.underWay.get(process);
    if (own === undefined) this.underWay.set(process, new Set([action]));
    else own.add(action);
  }

  summary(): Summary['rules'] {
    const { fired, started, ended, lost, duplicated } = this;
    let underWay = 0;
    for (const own of this.underWay.values()) underWay += own.size;
    const names = [...this.byRule].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      fired,
      byRule: Object.fromEntries(names),
      actions: { started, ...ended, lost, underWay, duplicated },
    };
  }
}
