/** Constant overload while managers take over from each other: who is told, and how often. */
import { parseScenario } from '../../checker/scenario.js';
import type { Check, Finding } from './check.js';
import { simulate } from './simulate.js';

export interface Notices {
  /** By rule: how many different ones were given. */
  readonly distinct: Readonly<Record<string, number>>;
  /** Given again, and not marked as what may be a repeat. */
  readonly unmarked: number;
  readonly failOvers: number;
  readonly broken: readonly string[];
}

const services = 20;

/** Each coordinator crashes after so long in office, so many in all. */
function scenarioOf(failOvers: number, everyS: number, seed: number): string {
  const crashes = Array.from({ length: failOvers }, (_, index) =>
    `  - { at: ${120 + everyS * index}s, crash: coordinator, repairAfter: ${everyS / 2}s }`);
  return `
name: overload
seed: ${seed}
duration: ${120 + everyS * failOvers + 60}s
warmUp: 1m
system:
  managers: 7
  resources: [{ kind: service, count: ${services}, perHost: 4, labels: { group: web } }]
  kinds: { service: { metrics: { load: { mean: 0.9, deviation: 0 } } } }
rules:
  - file: overload.yaml
    text: |
      rules:
        - { name: group, scope: global, group: entity.labels.group, for: 20s, cooldown: 5m,
            when: group.mean.load > 0.8, notify: group.name + " is overloaded" }
        - { name: one, scope: local, when: entity.metrics.load > 0.8, notify: entity.name }
faults:
${crashes.join('\n')}
`;
}

export async function noticesOf(failOvers: number, everyS: number, seed: number): Promise<Notices> {
  const given = new Map<string, Set<string>>();
  let [unmarked, elected] = [0, 0];
  const scenario = parseScenario(scenarioOf(failOvers, everyS, seed), 'overload.yaml');
  const { record } = await simulate(scenario, {
    sinks: () => [{
      observe: (_timeUs, _process, what) => {
        if (what.type === 'coordinator-elected') elected += 1;
        if (what.type !== 'notified') return;
        const { rule, target, occasion, isRepeat } = what;
        const ids = given.get(rule) ?? new Set();
        given.set(rule, ids);
        const id = `${target} ${occasion}`;
        if (ids.has(id) && isRepeat !== true) unmarked += 1;
        ids.add(id);
      },
    }],
  });
  const distinct = Object.fromEntries(Array.from(given, ([rule, ids]) => [rule, ids.size]));
  const broken = record.summary.invariants.broken.map(({ name }) => name);
  return { distinct, unmarked, failOvers: elected - 1, broken };
}

export const ruleState: Check = async (scale, progress) => {
  const seeds = scale === 'long' ? 50 : 2;
  const findings: Finding[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    progress(`rule state, seed ${seed} of ${seeds}`);
    const { distinct, unmarked, failOvers, broken } = await noticesOf(11, 650, seed);
    const isRight = distinct['group'] === 1 && distinct['one'] === services && unmarked === 0;
    findings.push({
      what: `constant overload in two hours with ${failOvers} fail-overs, seed ${seed}`,
      measured: `${distinct['group']} and ${distinct['one']} different notices, ${unmarked} ` +
        `given again unmarked${broken.length === 0 ? '' : `; broken: ${broken.join(', ')}`}`,
      wanted: `1 of the group, ${services} of services`,
      ok: isRight && failOvers >= 11 && broken.length === 0,
    });
  }
  return findings;
};
