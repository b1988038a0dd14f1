/**
 * Random crashes, leaves, pauses and partitions under loss; then all is healed, and must become
 * well.
 */
import { parseScenario } from '../../checker/scenario.js';
import type { Check, Finding } from './check.js';
import { simulate } from './simulate.js';

const healUs = 8 * 60e6;

function scenarioOf(seed: number): string {
  return `
name: smoke-chaos
seed: ${seed}
duration: 12m
system:
  managers: 10
  zones: 3
  resources: [{ kind: service, count: 90, perHost: 3, labels: { group: web } }]
  kinds:
    service:
      startUp: { uniform: { low: 1s, high: 3s } }
      actions: { restart: { duration: { uniform: { low: 1s, high: 4s } }, failure: 10% } }
rules:
  - file: restart.yaml
    text: |
      rules:
        - name: restart-crashed
          scope: local
          when: entity.state == "down" && entity.hostUp
          do: restart
          retry: { delay: 2s, factor: 2, max: 20s }
network: { loss: 2% }
faults:
  - random: { lifetime: { exponential: 200s } }
    crash: { each: managers }
    repairAfter: { exponential: 30s }
  - random: { lifetime: { exponential: 300s } }
    leave: { each: managers }
    repairAfter: { exponential: 20s }
  - random: { lifetime: { exponential: 300s } }
    pause: { each: managers }
    repairAfter: { exponential: 40s }
  - random: { lifetime: { exponential: 400s } }
    crash: { each: hosts }
    repairAfter: { exponential: 20s }
  - random: { lifetime: { exponential: 300s } }
    crash: { each: resources }
  - random: { lifetime: { exponential: 90s } }
    partition: [[zone-1], [zone-2, zone-3]]
    repairAfter: { exponential: 40s }
  - random: { lifetime: { exponential: 150s } }
    partition: [[zone-1, zone-2], [zone-3]]
    repairAfter: { exponential: 20s }
  - { at: 8m, heal: all }
invariants: all
`;
}

export const chaos: Check = async (scale, progress) => {
  const seeds = scale === 'long' ? 300 : 3;
  const broken: string[] = [];
  const unwell: string[] = [];
  let faults = 0;
  let worst = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    if (seed % 10 === 1) progress(`seed ${seed}`);
    const { record, recorder } = await simulate(parseScenario(scenarioOf(seed), 'chaos.yaml'));
    faults += record.summary.faults.injected;
    for (const invariant of recorder.invariants) {
      const { name } = invariant;
      if (invariant.broken !== null) {
        broken.push(`${name} (seed ${seed}): ${invariant.broken.explanation}`);
      }
    }
    const last = record.episodes.at(-1);
    const { final } = record.summary;
    if (!final.healthy || (last !== undefined && last.censored)) unwell.push(`seed ${seed}`);
    for (const { settle_s: settle, bound_s: bound, end_s: end } of record.episodes) {
      if (settle === null || bound === null || end === null || end < healUs / 1e6) continue;
      worst = Math.max(worst, settle / bound);
    }
  }
  const safety: Finding = {
    what: `${seeds} seeds of chaos: safety and liveness invariants`,
    measured:
      broken.length === 0 ? `none broken (${faults} faults)` : broken.slice(0, 3).join('; '),
    wanted: 'none broken',
    ok: broken.length === 0,
  };
  const health: Finding = {
    what: `${seeds} seeds of chaos: after the healing`,
    measured:
      unwell.length === 0
        ? `all healthy, worst settle/B ${worst.toFixed(2)}`
        : `unwell: ${unwell.slice(0, 5).join(', ')}`,
    wanted: 'healthy within B, to the end',
    ok: unwell.length === 0 && worst <= 1,
  };
  return [safety, health];
};
