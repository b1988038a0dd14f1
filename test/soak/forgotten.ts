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

const second = 1e6;
const resources = 16;
const managers = 9;

/**
 * A host dies, and while it is dead so do the coordinator and another manager, who may hold it, and
 * may be the next in line; others come, leave and go for good meanwhile.
 */
export function scenarioOf(seed: number): string {
  const manager = (turn: number): string => `manager-${1 + (seed + turn) % managers}`;
  const service = (turn: number): string => `service-${1 + (seed + turn) % resources}`;
  const host = `host-${1 + seed % resources}`;
  const secondS = 150 + (7 * seed) % 60;
  const other = ['{ successors: 1 }', '{ fullest: 1 }', manager(0), manager(2)][seed % 4];
  return `
name: forgotten
seed: ${seed}
duration: 11m
system:
  managers: ${managers}
  zones: 3
  resources: [{ kind: service, count: ${resources} }]
coordination: { resources: { heartbeatPeriod: 5s }, rebalance: { threshold: 0.01 } }
invariants: all
faults:
  - { at: ${140 + seed % 40}s, crash: ${host}${seed % 3 === 0 ? ', repairAfter: 4m' : ''} }
  - { at: ${secondS}s, crash: coordinator, repairAfter: ${100 + seed % 50}s }
  - { at: ${secondS + (seed % 7) * 5}s, crash: ${other}, repairAfter: ${1 + seed % 3}m }
  - { at: ${160 + seed % 90}s, leave: ${manager(4)}, repairAfter: 1m }
  - { at: ${100 + (11 * seed) % 160}s, decommission: ${service(5)}${
  seed % 2 === 0 ? ', repairAfter: 90s' : ''} }
  - { at: ${120 + (17 * seed) % 150}s, commission: [${service(2)}${
  seed % 4 === 3 ? `, ${manager(6)}` : ''}] }
  - { at: ${130 + (13 * seed) % 120}s, decommission: ${seed % 5 === 0 ? host : service(9)} }
`;
}

export interface Remembered {
  /** Registered, and not in the model of the last coordinator. */
  readonly forgotten: number;
  /** Decommissioned, and shown, listed or acted on by then. */
  readonly back: number;
  readonly unknown: number;
  readonly longestUnknownUs: number;
  readonly elections: number;
  readonly broken: readonly string[];
}

/** What became of all that was there, told apart by a few observations and no checker. */
export async function rememberedOf(text: string, seed: number): Promise<Remembered> {
  const { told, broken } = await toldIn(text, seed);
  const wanted = new Set<number>();
  /** Of these some were gone when the manager that was told so died: nobody has answered. */
  const asked = new Set<number>();
  const gone = new Set<number>();
  const listed = new Map<number, Set<number>>();
  const unknownUs = new Map<number, number>();
  let [longestUnknownUs, elections, coordinator] = [0, 0, -1];
  for (const { timeUs, process, what } of told) {
    if (what.type === 'coordinator-elected') {
      [coordinator, elections] = [process, elections + 1];
      unknownUs.clear();
    }
    if (what.type === 'resource-registered') wanted.add(what.resource);
    if (what.type === 'decommission-asked') for (const one of what.resources) asked.add(one);
    if (what.type === 'resource-decommissioned') gone.add(what.resource);
    if (what.type === 'resources-commissioned') {
      for (const one of what.resources) {
        asked.delete(one);
        gone.delete(one);
      }
    }
    if (what.type === 'listing-added') {
      listed.set(what.resource, (listed.get(what.resource) ?? new Set()).add(process));
    }
    if (what.type === 'listing-removed') listed.get(what.resource)?.delete(process);
    if (what.type === 'process-down') for (const all of listed.values()) all.delete(process);
    if (what.type === 'model-forgot' && process === coordinator) unknownUs.delete(what.resource);
    if (what.type !== 'model-entity' || process !== coordinator) continue;
    if (what.state === 'unknown') unknownUs.set(what.resource, timeUs);
    const sinceUs = unknownUs.get(what.resource);
    if (what.state === 'unknown' || sinceUs === undefined) continue;
    longestUnknownUs = Math.max(longestUnknownUs, timeUs - sinceUs);
    unknownUs.delete(what.resource);
  }
  for (const one of asked) wanted.delete(one);
  const shown = shownAtLast(told);
  const isBack = (one: number): boolean =>
    asked.has(one) && (shown.has(one) || (listed.get(one)?.size ?? 0) > 0);
  return {
    forgotten: [...wanted].filter((one) => !shown.has(one)).length + resources -
      new Set([...wanted, ...asked]).size,
    back: [...gone].filter(isBack).length,
    unknown: [...shown.values()].filter((state) => state === 'unknown').length,
    longestUnknownUs, elections, broken: broken.map(({ name }) => name),
  };
}

export const forgotten: Check = async (scale, progress) => {
  const runs = scale === 'long' ? 1_000 : 5;
  const sum = { forgotten: 0, back: 0, unknown: 0, elections: 0, longestUs: 0 };
  const broken: string[] = [];
  for (let seed = 1; seed <= runs; seed += 1) {
    progress(`forgotten, seed ${seed} of ${runs}`);
    const run = await rememberedOf(scenarioOf(seed), seed);
    for (const key of ['forgotten', 'back', 'unknown', 'elections'] as const) sum[key] += run[key];
    sum.longestUs = Math.max(sum.longestUs, run.longestUnknownUs);
    broken.push(...run.broken.map((name) => `${name} (seed ${seed})`));
  }
  const none = (what: string, count: number, words = `${count}`): Finding => ({
    what: `a host is dead while two managers die, ${runs} seeds, ${sum.elections} elections: ` +
      what, measured: words, wanted: '0', ok: count === 0,
  });
  return [
    none('registered resources that the model lacks in the end', sum.forgotten),
    none('decommissioned ones that are back', sum.back),
    none(`unknown in the end (at most for ${(sum.longestUs / second).toFixed(1)} s)`, sum.unknown),
    none('promises broken', broken.length, broken.slice(0, 3).join(', ') || '0'),
  ];
};
