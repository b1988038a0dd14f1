/** Which rules fired, and what became of their actions. */
import type { ActionEnd, Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { beginsLife } from '../../core/verbs/index.js';
import { count, each, rare, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = {
  rules: {
    fired: count('times', 'a rule fired'),
    byRule: each((rule) => rare('times', `that ${rule} fired`, 'it did not')),
    actions: {
      started: count('actions', 'begun'),
      succeeded: count('actions', 'that did what they should'),
      failed: count('actions', 'that did not'),
      refused: count('actions', 'refused, since things had changed'),
      unknown: count('actions', 'of which nobody knows whether they were done'),
      expired: count('actions', 'of which nothing was heard in time'),
      dropped: count('actions', 'of who had no say over the resource any more'),
      lost: count('actions', 'of who went down: nobody knows their end'),
      underWay: count('actions', 'when the run ended'),
      duplicated: count('actions', 'done twice for one incarnation'),
    },
  },
};

export class Rules implements Measure<typeof fields> {
  readonly hears = [
    'rule-fired', 'action-started', 'action-ended', 'process-down', 'actuated',
  ] as const;
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
        if (!beginsLife(verb)) break;
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

  summary(): ValuesOf<typeof fields> {
    const { fired, started, ended, lost, duplicated } = this;
    let underWay = 0;
    for (const own of this.underWay.values()) underWay += own.size;
    const names = [...this.byRule].sort(([a], [b]) => (a < b ? -1 : 1));
    const byRule = Object.fromEntries(names);
    const actions = { started, ...ended, lost, underWay, duplicated };
    return { rules: { fired, byRule, actions } };
  }
}

export const rules = measure(fields, ({ scenario: { warmUpUs }, inventory }) =>
  new Rules(inventory.resources, warmUpUs));
