/**
 * Managers die in numbers, the coordinator among them, and all services live: nothing is started.
 * Where some of them do die, a spare serves for each in time.
 */
import { readFileSync } from 'node:fs';
import { parseScenario } from '../../checker/scenario.js';
import type { Check } from './check.js';
import { simulate } from './simulate.js';

const second = 1e6;
const groups = 10;
/** From a death on: noticed, waited for, started, with managers dying meanwhile. */
const servedWithinUs = 150 * second;

export interface Needless {
  readonly starts: number;
  /** How long a group was short at most, in microseconds. */
  readonly shortUs: number;
  readonly broken: readonly string[];
}

/** @param dead - hosts of services that die just before the coordinator does */
function scenarioOf(seed: number, dead: number): string {
  const keep = JSON.stringify(readFileSync('scenarios/rules/keep-replicas.yaml', 'utf8'));
  const services = Array.from({ length: groups }, (_, group) =>
    `{ kind: service, count: 4, perHost: 1, labels: { group: g${group} }, spares: 1 }`);
  const deaths = Array.from({ length: dead }, (_, index) => `
  - { at: ${117 + (seed + index) % 8}s, crash: host-${1 + 4 * ((seed + index) % groups)} }`);
  return `
name: needless
seed: ${seed}
duration: 7m
warmUp: 1m
system: { managers: 20, resources: [${services.join(', ')}] }
rules: [{ file: keep.yaml, text: ${keep} }]
faults:
  - { at: 2m, crash: coordinator, repairAfter: 2m }
  - { when: { during: election, from: 2m, times: 1 }, crash: { managers: 9 },
      repairAfter: 2m }${deaths.join('')}
`;
}

export async function needlessOf(seed: number, dead: number): Promise<Needless> {
  let [starts, shortUs] = [0, 0];
  const up = new Map<number, Set<number>>();
  const since = new Map<number, number>();
  const { record } = await simulate(parseScenario(scenarioOf(seed, dead), 'needless.yaml'), {
    sinks: () => [{
      observe: (timeUs, _process, what) => {
        if (what.type === 'actuated') starts += 1;
        if (what.type !== 'resource-state') return;
        const group = Math.floor(what.resource / 4);
        const members = up.get(group) ?? new Set();
        up.set(group, members);
        if (what.state === 'up') members.add(what.resource);
        else members.delete(what.resource);
        if (members.size < 3 && !since.has(group)) since.set(group, timeUs);
        const shortFrom = since.get(group);
        if (members.size < 3 || shortFrom === undefined) return;
        shortUs = Math.max(shortUs, timeUs - shortFrom);
        since.delete(group);
      },
    }],
  });
  const broken = record.summary.invariants.broken.map(({ name }) => name);
  return { starts, shortUs: since.size > 0 ? Infinity : shortUs, broken };
}

export const needless: Check = async (scale, progress) => {
  const seeds = scale === 'long' ? 1_000 : 2;
  let [idle, missing, slowestUs] = [0, 0, 0];
  const broken: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    progress(`needless, seed ${seed} of ${seeds}`);
    const dead = seed % 2 === 0 ? 1 + seed % 3 : 0;
    const seen = await needlessOf(seed, dead);
    idle += Math.max(0, seen.starts - dead);
    missing += Math.max(0, dead - seen.starts);
    slowestUs = Math.max(slowestUs, seen.shortUs);
    broken.push(...seen.broken.map((name) => `${name} (seed ${seed})`));
  }
  const what = (words: string): string => `ten of twenty managers die, ${seeds} seeds: ${words}`;
  return [
    { what: what('needless starts'), measured: `${idle}`, wanted: '0', ok: idle === 0 },
    { what: what('shortages not served'), measured: `${missing}`, wanted: '0', ok: missing === 0 },
    {
      what: what('the longest shortage'), measured: `${(slowestUs / second).toFixed(1)} s`,
      wanted: `at most ${servedWithinUs / second} s`, ok: slowestUs <= servedWithinUs,
    },
    {
      what: what('promises broken'), measured: broken.slice(0, 3).join() || '0', wanted: '0',
      ok: broken.length === 0,
    },
  ];
};
