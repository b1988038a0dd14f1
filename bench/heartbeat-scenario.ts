import { parseScenario } from '../checker/scenario.js';
import type { ResolvedScenario } from '../experiment/scenario/resolved.js';
import type { HeartbeatCase } from './yardstick/heartbeat-closures.js';

/** The heartbeat model of the benchmarks. */
export interface HeartbeatModel {
  readonly resources: number;
  readonly durationS: number;
  /** More entries of the scenario's `faults`, indented by two. */
  readonly faults?: string;
}

/**
 * Resources on hosts of ten, a manager per hundred, heartbeats and answers every 10 s, a local and
 * a global rule, all invariants; a resource fails every 10,000 s and is repaired after 100 s.
 */
export function heartbeatText({ resources, durationS, faults = '' }: HeartbeatModel): string {
  return `
name: heartbeat
duration: ${durationS}s
system:
  managers: ${resources / 100}
  zones: 1
  resources: [{ kind: service, count: ${resources}, perHost: 10, labels: { group: all } }]
  kinds: { service: {} }
network: { latency: { uniform: { low: 20ms, high: 80ms } } }
rules:
  - file: rules.yaml
    text: |
      rules:
        - name: restart
          scope: local
          when: entity.state == "down" && entity.hostUp
          do: restart
        - name: keep
          scope: global
          group: entity.labels.group
          when: group.up + group.starting < ${resources / 2}
          pick: entity.state == "stopped"
          do: start
faults:
  - random: { lifetime: { exponential: 10000s } }
    crash: { each: resources }
    repairAfter: { exponential: 100s }
${faults}
invariants: all
`;
}

export function heartbeatScenario(model: HeartbeatModel): ResolvedScenario {
  return parseScenario(heartbeatText(model), 'bench/heartbeat.yaml');
}

/** The same for the bare models. */
export function heartbeatCase(resources: number): HeartbeatCase {
  return {
    resources,
    managers: resources / 100,
    periodUs: 10e6,
    delayUs: { low: 20e3, high: 80e3 },
    lifetimeUs: 10_000e6,
    repairUs: 100e6,
  };
}
