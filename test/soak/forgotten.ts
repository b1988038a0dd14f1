/** A host is dead while the coordinator, another manager and maybe a leaving one go. */
import type { Observation } from '../../core/observations.js';
import { deriveBounds } from '../../checker/bounds/index.js';
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
  /** Decommissioned, and shown or listed in the end. */
  readonly back: number;
  readonly unknown: number;
  readonly longestUnknownUs: number;
  readonly elections: number;
  /** Resources whose holders died after their hosts had. */
  readonly orphans: number;
  readonly broken: readonly string[];
}

/** What becomes of all that is there, told apart by a few observations and no checker. */
class Book {
  readonly wanted = new Set<number>();
  /** Of these some were gone when the manager that was told so died: nobody has answered. */
  readonly asked = new Set<number>();
  readonly gone = new Set<number>();
  readonly orphans = new Set<number>();
  readonly #listed = new Map<number, Set<number>>();
  readonly #unknownUs = new Map<number, number>();
  readonly #dead = new Set<number>();
  #coordinator = -1;
  longestUnknownUs = 0;
  elections = 0;

  isListed(resource: number): boolean {
    return (this.#listed.get(resource)?.size ?? 0) > 0;
  }

  observe({ timeUs, process, what }: Told): void {
    switch (what.type) {
      case 'coordinator-elected':
        this.#coordinator = process;
        this.elections += 1;
        return this.#unknownUs.clear();
      case 'resource-registered': return void this.wanted.add(what.resource);
      case 'decommission-asked': return what.resources.forEach((one) => this.asked.add(one));
      case 'resource-decommissioned': return void this.gone.add(what.resource);
      case 'resources-commissioned':
        for (const one of what.resources) [this.asked, this.gone].forEach((all) => all.delete(one));
        return;
      case 'listing-added':
        if (!this.#listed.has(what.resource)) this.#listed.set(what.resource, new Set());
        return void this.#listed.get(what.resource)!.add(process);
      case 'listing-removed': return void this.#listed.get(what.resource)?.delete(process);
      case 'process-up': return void this.#dead.delete(process);
      case 'process-down': return this.#onDown(process);
      case 'model-forgot':
      case 'model-entity':
        if (process !== this.#coordinator) return;
        return this.#shows(timeUs, what.resource, what.type === 'model-entity' ? what.state : null);
      default:
    }
  }

  #onDown(process: number): void {
    this.#dead.add(process);
    for (const [resource, by] of this.#listed) {
      if (by.delete(process) && this.#dead.has(managers + resource)) this.orphans.add(resource);
    }
  }

  #shows(timeUs: number, resource: number, state: string | null): void {
    const sinceUs = this.#unknownUs.get(resource) ?? timeUs;
    if (state === 'unknown') this.#unknownUs.set(resource, sinceUs);
    else this.#unknownUs.delete(resource);
    if (state !== null) this.longestUnknownUs = Math.max(this.longestUnknownUs, timeUs - sinceUs);
  }
}

export async function rememberedOf(text: string, seed: number): Promise<Remembered> {
  const { told, broken } = await toldIn(text, seed);
  const book = new Book();
  for (const one of told) book.observe(one);
  const { wanted, asked, gone, orphans, longestUnknownUs, elections } = book;
  const shown = shownAtLast(told);
  const lacking = [...wanted].filter((one) => !asked.has(one) && !shown.has(one)).length;
  const unheard = resources - new Set([...wanted, ...asked]).size;
  return {
    forgotten: lacking + unheard,
    back: [...gone].filter((one) =>
      asked.has(one) && (shown.has(one) || book.isListed(one))).length,
    unknown: [...shown.values()].filter((state) => state === 'unknown').length,
    longestUnknownUs, elections, orphans: orphans.size, broken: broken.map(({ name }) => name),
  };
}

export const forgotten: Check = async (scale, progress) => {
  const runs = scale === 'long' ? 1_000 : 5;
  const sum = { forgotten: 0, back: 0, unknown: 0, elections: 0, orphans: 0 };
  let longestUs = 0;
  const broken: string[] = [];
  for (let seed = 1; seed <= runs; seed += 1) {
    progress(`forgotten, seed ${seed} of ${runs}`);
    const run = await rememberedOf(scenarioOf(seed), seed);
    for (const key of ['forgotten', 'back', 'unknown', 'elections', 'orphans'] as const) {
      sum[key] += run[key];
    }
    longestUs = Math.max(longestUs, run.longestUnknownUs);
    broken.push(...run.broken.map((name) => `${name} (seed ${seed})`));
  }
  const { listened } = deriveBounds(parseScenario(scenarioOf(1), 'forgotten.yaml'));
  // Whoever was to listen may die as well.
  const mostUs = 2 * listened.givenUs + listened.heardUs;
  const what = (words: string): string => `a host is dead while two managers die, ${runs} seeds, ` +
    `${sum.elections} elections, ${sum.orphans} holders of the dead: ${words}`;
  const none = (words: string, count: number, measured = `${count}`): Finding =>
    ({ what: what(words), measured, wanted: '0', ok: count === 0 });
  return [
    none('registered resources that the model lacks in the end', sum.forgotten),
    none('decommissioned ones that are back', sum.back),
    none('unknown in the end', sum.unknown),
    {
      what: what('the longest that anything was unknown'), ok: longestUs <= mostUs,
      measured: `${(longestUs / 1e6).toFixed(1)} s`, wanted: `at most ${mostUs / 1e6} s`,
    },
    none('promises broken', broken.length, broken.slice(0, 3).join(', ') || '0'),
  ];
};
