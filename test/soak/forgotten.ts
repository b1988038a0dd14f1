/** A host is dead while the coordinator, another manager and maybe a leaving one go. */
import type { Observation } from '../../core/observations.js';
import { parseScenario } from '../../checker/scenario.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { Check, Finding } from './check.js';
import { simulate } from './simulate.js';

export interface Told {
  readonly timeUs: number;
  readonly process: number;
  readonly what: Observation;
}

/** What a run told. */
export function toldIn(text: string, seed: number): Promise<{
  readonly told: readonly Told[]; readonly broken: readonly { readonly name: string }[];
}> {
  return toldOf({ ...parseScenario(text, 'case.yaml'), seed });
}

export async function toldOf(scenario: ResolvedScenario): ReturnType<typeof toldIn> {
  const told: Told[] = [];
  const { record } = await simulate(scenario, {
    sinks: () => [{
      observe: (timeUs, process, what) => void told.push({ timeUs, process, what }),
    }],
  });
  return { told, broken: record.summary.invariants.broken };
}

/** What the model of the last coordinator shows of each resource in the end. */
export function shownAtLast(told: readonly Told[]): Map<number, string> {
  const { process: last } = told.findLast(({ what }) => what.type === 'coordinator-elected')!;
  const shown = new Map<number, string>();
  for (const { process, what } of told) {
    if (process !== last) continue;
    if (what.type === 'process-down' || what.type === 'coordinator-resigned') shown.clear();
    if (what.type === 'model-entity') shown.set(what.resource, what.state);
    if (what.type === 'model-forgot') shown.delete(what.resource);
  }
  return shown;
}

const resources = 16;

function scenarioOf(seed: number): string {
  const manager = (turn: number): string => `manager-${1 + ((seed + turn) % 9)}`;
  return `
name: forgotten
duration: 8m
system:
  managers: 9
  zones: 3
  resources: [{ kind: service, count: ${resources} }]
coordination: { resources: { heartbeatPeriod: 5s }, rebalance: { threshold: 0.01 } }
invariants: all
faults:
  - { at: ${150 + (seed % 40)}s, crash: host-${1 + (seed % resources)} }
  - { at: 3m, crash: coordinator, repairAfter: 2m }
  - { at: ${170 + (seed % 60)}s, crash: ${manager(0)}, repairAfter: ${1 + (seed % 3)}m }
  - { at: ${160 + (seed % 90)}s, leave: ${manager(4)} }
`;
}

export const forgotten: Check = async (scale, progress) => {
  const runs = scale === 'long' ? 1_000 : 40;
  let missing = 0;
  let unknown = 0;
  const broken: string[] = [];
  for (let seed = 1; seed <= runs; seed += 1) {
    progress(`forgotten, seed ${seed} of ${runs}`);
    const run = await toldIn(scenarioOf(seed), seed);
    const states = [...shownAtLast(run.told).values()];
    missing += resources - states.length;
    unknown += states.filter((state) => state === 'unknown').length;
    broken.push(...run.broken.map(({ name }) => `${name} (seed ${seed})`));
  }
  const none = (what: string, count: number, words = `${count}`): Finding =>
    ({ what: `forgotten, ${runs} seeds: ${what}`, measured: words, wanted: '0', ok: count === 0 });
  return [
    none('registered resources that the model lacks in the end', missing),
    none('unknown for longer than anybody needs to listen', unknown),
    none('promises broken', broken.length, broken.slice(0, 3).join(', ') || '0'),
  ];
};
