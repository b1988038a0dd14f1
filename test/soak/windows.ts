/**
 * What actuators are made to do in any window of time by global and local rules under one brake,
 * where coordinators die and links fail: by a counter that knows only what was actuated when.
 */
import { readFileSync } from 'node:fs';
import { parseScenario } from '../../checker/scenario.js';
import type { Check, Finding } from './check.js';
import { simulate } from './simulate.js';

const second = 1e6;
const atMost = 5;
const perUs = 60 * second;
const wanted = 40;
/** From the heal on until two coordinators have met. */
const meetUs = 60 * second;

export interface Windows {
  /** In any window in which there was one coordinator, and in any at all. */
  readonly most: number;
  readonly mostSplit: number;
  readonly elections: number;
  /** More that serve in the end than are wanted. */
  readonly surplus: number;
  readonly broken: readonly string[];
}

const shipped = (name: string): string => JSON.stringify({
  file: `${name}.yaml`,
  text: readFileSync(`scenarios/rules/${name}.yaml`, 'utf8')
    .replaceAll('wanted: 3', `wanted: ${wanted}`).replace(/^ +limit:.*$/m, ''),
});

function scenarioOf(seed: number, splitUs: readonly [number, number] | null): string {
  const partition = splitUs === null ? '' : `
  - { at: ${splitUs[0]}us, partition: halves, repairAfter: ${splitUs[1] - splitUs[0]}us }`;
  const crashes = [150, 230, 310, 500].map((at, index) => `
  - { at: ${at + (7 * seed + 13 * index) % 40}s, crash: coordinator, repairAfter: 50s }`);
  return `
name: windows
seed: ${seed}
duration: 18m
warmUp: 1m
system:
  managers: 9
  resources: [{ kind: service, count: 60, perHost: 1, labels: { group: web }, spares: 20 }]
coordination: { resources: { heartbeatPeriod: 2s }, managers: { heartbeatPeriod: 2s } }
brakes: [{ over: run, of: [start, restart], atMost: ${atMost}, per: ${perUs}us }]
rules: [${['keep-replicas', 'stop-surplus', 'restart-crashed'].map(shipped).join(', ')}]
faults:
  - { every: 10s, from: 100s, until: 7m, crash: { resources: 1 } }${partition}${crashes.join('')}
`;
}

/** The most of them within so long a time. */
function densest(timesUs: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (let last = 0; last < timesUs.length; last += 1) {
    while (timesUs[last] - timesUs[first] >= perUs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

export async function windowsOf(seed: number, isSplit: boolean): Promise<Windows> {
  const splitUs = isSplit ? [330 * second, 450 * second] as const : null;
  const timesUs: number[] = [];
  const up = new Set<number>();
  let elections = 0;
  const { record } = await simulate(parseScenario(scenarioOf(seed, splitUs), 'windows.yaml'), {
    sinks: () => [{
      observe: (timeUs, _process, what) => {
        if (what.type === 'coordinator-elected') elections += 1;
        if (what.type === 'actuated' && what.verb !== 'stop') timesUs.push(timeUs);
        if (what.type !== 'resource-state') return;
        if (what.state === 'up') up.add(what.resource);
        else up.delete(what.resource);
      },
    }],
  });
  const whole = splitUs === null ? [timesUs] : [
    timesUs.filter((timeUs) => timeUs < splitUs[0]),
    timesUs.filter((timeUs) => timeUs >= splitUs[1] + meetUs),
  ];
  return {
    most: Math.max(...whole.map(densest)), mostSplit: densest(timesUs), elections,
    surplus: Math.max(0, up.size - wanted),
    broken: record.summary.invariants.broken.map(({ name }) => name),
  };
}

export const windows: Check = async (scale, progress) => {
  const seeds = scale === 'long' ? 1_000 : 2;
  let [most, mostSplit, surplus, elections] = [0, 0, 0, 0];
  const broken: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    progress(`windows, seed ${seed} of ${seeds}`);
    const seen = await windowsOf(seed, seed % 2 === 0);
    most = Math.max(most, seen.most);
    mostSplit = Math.max(mostSplit, seen.mostSplit);
    surplus = Math.max(surplus, seen.surplus);
    elections += seen.elections;
    broken.push(...seen.broken.map((name) => `${name} (seed ${seed})`));
  }
  const finding = (what: string, measured: number | string, limit: number): Finding => ({
    what: `windows, ${seeds} seeds, ${elections} elections: ${what}`,
    measured: String(measured), wanted: `at most ${limit}`, ok: Number(measured) <= limit,
  });
  return [
    finding('actions in any minute under one coordinator', most, atMost),
    finding('actions in any minute at all, of two sides', mostSplit, 2 * atMost),
    finding('more that serve in the end than are wanted', surplus, 0),
    { ...finding('promises broken', broken.length, 0), measured: broken.slice(0, 3).join() || '0' },
  ];
};
