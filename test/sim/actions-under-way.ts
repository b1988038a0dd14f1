/** Runs in which who decides about an action is lost while it is under way, and what came of it. */
import type { Verb } from '../../core/process.js';
import { parseScenario } from '../../checker/scenario.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { simulate } from '../soak/simulate.js';

/** How often each verb was carried out, and how many resources were up and stopped in the end. */
export interface Deeds {
  readonly acted: Readonly<Partial<Record<Verb, number>>>;
  readonly up: number;
  readonly stopped: number;
  readonly broken: readonly unknown[];
}

export async function deedsIn(scenario: ResolvedScenario): Promise<Deeds> {
  const acted: Partial<Record<Verb, number>> = {};
  const states = new Map<number, string>();
  const { record } = await simulate(scenario, {
    sinks: () => [{
      observe: (_timeUs, _process, observation) => {
        if (observation.type === 'actuated') {
          acted[observation.verb] = (acted[observation.verb] ?? 0) + 1;
        } else if (observation.type === 'resource-state') {
          states.set(observation.resource, observation.state);
        }
      },
    }],
  });
  const all = [...states.values()];
  return {
    acted, broken: record.summary.invariants.broken,
    up: all.filter((state) => state === 'up').length,
    stopped: all.filter((state) => state === 'stopped').length,
  };
}

export interface Plot {
  readonly seed: number;
  readonly rule: string;
  readonly faults: string;
  readonly spares?: number;
  readonly system?: string;
  readonly coordination?: string;
}

/** Five services on hosts of their own, whose actions take four minutes each. */
export function plotted(
  { seed, rule, faults, spares = 0, system = '', coordination = '' }: Plot,
): ResolvedScenario {
  return parseScenario(`
name: under-way
seed: ${seed}
duration: 20m
warmUp: 1m
system:
  managers: 3
  ${system}
  resources:
    - { kind: service, count: 5, perHost: 1, labels: { group: web }, spares: ${spares} }
  kinds:
    service:
      actions: { stop: { duration: 4m }, start: { duration: 4m }, restart: { duration: 4m } }
      metrics: { load: { mean: 0.5, deviation: 0.3, reversion: 5s } }
coordination: { ${coordination} }
rules: [{ file: r.yaml, text: 'rules: [${rule}]' }]
faults: [${faults}]
`, 'under-way.yaml');
}

const global = 'scope: global, kind: service, group: entity.labels.group';
export const shrink = `{ name: shrink, ${global}, when: group.up > 4, do: stop,
  pick: ''entity.state == "up"'', order: entity.metrics.load }`;
export const grow = `{ name: grow, ${global}, when: group.up + group.starting < 4, do: start,
  pick: ''entity.state == "stopped"'', order: entity.incarnation }`;
export const restart = `{ name: restart, scope: local, do: restart,
  when: ''entity.state == "down" && entity.hostUp'' }`;
