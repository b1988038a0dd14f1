/**
 * What half of a setting would save a recovery, as the critical path predicts it, held against the
 * same run with half of that setting and all else as it was. With `--seeds 1..5` of these
 * alone, with `--setting retry` of such settings.
 */
import { Dice } from '../../campaign/explore/schedules/dice.js';
import { deriveBounds } from '../../checker/bounds/index.js';
import { parseScenario } from '../../checker/scenario.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { ScenarioError } from '../../experiment/language/error.js';
import { toYaml } from '../../experiment/scenario/to-yaml.js';
import type { Check, Finding } from './check.js';
import { chosenSeeds } from './seeds.js';
import { simulate } from './simulate.js';

/** Wanted: within a fifth of what a rerun gains, or one check period. */
const SHARE = 0.2;
/** Faults so far apart that each is over when the next begins. */
const APART_S = 300;
const FIRST_S = 180;

interface Comparison {
  readonly seed: number;
  readonly start: number;
  readonly setting: string;
  readonly predicted: number;
  /** At least and at most, where it is not determined. */
  readonly between: readonly [number, number] | null;
  readonly gained: number;
  /** A check period of that system. */
  readonly checkS: number;
  readonly ok: boolean;
}

/** Small systems of drawn periods and timeouts, and faults of every kind, one after the other. */
function scenarioOf(seed: number): ResolvedScenario {
  const dice = new Dice(seed, 'halving');
  const managers = dice.integer(4, 12);
  const most = managers - 1;
  const [hr, hm] = [dice.one([5, 10, 20]), dice.one([5, 10, 20])];
  const times = (period: number): string =>
    `heartbeatPeriod: ${period}s, timeout: ${dice.one([4, 5, 6]) * period}s, ` +
    `answerTimeout: ${dice.one([2.5, 3, 4, 5, 6]) * period}s`;
  const [onResources, onManagers] = [times(hr), times(hm)];
  const retry = dice.one(['500ms', '1s', '2s', '5s']);
  const rebuild = dice.one(['15s', '30s', '60s', '100s']);
  // Who finds the dead late waits for their reports.
  const beats = dice.one(['10s', '30s', '60s', '60s']);
  const targets = [
    'crash: coordinator', 'crash: { managers: 1 }', 'crash: { managers: 2 }',
    'crash: [coordinator, { managers: 1 }]',
    'crash: { successors: 2 }', 'pause: { managers: 1 }', 'pause: coordinator',
    'partition: [[zone-1], [zone-2]]', 'pause: [coordinator, { managers: 1 }]',
    `crash: { managers: ${Math.ceil(0.6 * most)} }`,
    `crash: [coordinator, { managers: ${Math.ceil(0.5 * most)} }]`,
    'crash: [{ managers: 2 }, { resources: 6 }]', 'crash: [coordinator, { resources: 6 }]',
    'partition: { isolate: { managers: 1 } }', 'leave: { managers: 1 }', 'crash: { zones: 1 }',
    'partition: { oneWay: { from: { managers: 1 } } }', 'restart: { managers: 2 }',
  ];
  const faults = Array.from({ length: 6 }, (_, index) => {
    const atMs = Math.floor(1000 * (FIRST_S + APART_S * index + dice.uniform(0, 20)));
    return `  - { at: ${atMs}ms, ${dice.one(targets)}, repairAfter: ${dice.integer(90, 170)}s }`;
  });
  return parseScenario(`
name: halving
seed: ${seed}
duration: ${FIRST_S + APART_S * faults.length}s
warmUp: 120s
system:
  managers: ${managers}
  zones: 2
  resources: [{ kind: service, count: ${dice.integer(10, 40)}, perHost: ${dice.integer(1, 3)} }]
coordination:
  overlay: { heartbeatPeriod: ${beats} }
  rebuild: ${rebuild}
  resources: { ${onResources}, retry: ${retry} }
  managers: { ${onManagers} }
network: { latency: { uniform: { low: 1ms, high: ${dice.one([10, 50])}ms } } }
measure: { samples: 2 }
invariants: []
faults:
${faults.join('\n')}
`, `halving-${seed}.yaml`);
}

/** With half of it; null: nothing is promised then, or it is refused, as shorter than a period. */
function withHalf(scenario: ResolvedScenario, setting: string): ResolvedScenario | null {
  try {
    const half = parseScenario(toYaml(scenario), 'halving.yaml', {
      set: settingsOf(scenario, setting).map(([path, us]) => `${path}=${us / 2}us`),
    });
    return deriveBounds(half).recoveryUs === null ? null : half;
  } catch (error) {
    if (error instanceof ScenarioError) return null;
    throw error;
  }
}

/** What the name of a setting stands for, in microseconds. */
function settingsOf(
  { coordination, network }: ResolvedScenario, setting: string,
): readonly (readonly [path: string, us: number])[] {
  if (setting === 'network.latency') {
    if (network.latency.kind !== 'same' || network.latency.delay.kind !== 'uniform') return [];
    const { low, high } = network.latency.delay;
    const law = `${setting}.uniform`;
    return [[`${law}.low`, low * 1e6], [`${law}.high`, high * 1e6]] as const;
  }
  const [, ...path] = setting.split('.');
  const us = path.reduce<unknown>((part, name, index) =>
    (part as Record<string, unknown>)[index < path.length - 1 ? name : `${name}Us`], coordination);
  return [[setting, us as number]] as const;
}

async function compared(seed: number, only: string): Promise<Comparison[]> {
  const scenario = scenarioOf(seed);
  const { record: { episodes, paths } } = await simulate(scenario);
  const settings = new Set(paths.flatMap(({ halved }) =>
    Object.keys(halved).filter((one) => one.includes(only))));
  const found: Comparison[] = [];
  for (const setting of settings) {
    const half = withHalf(scenario, setting);
    if (half === null) continue;
    const { record: other } = await simulate(half);
    for (const { start_s, halved, halvedBetween } of paths) {
      if (!(setting in halved)) continue;
      const whole = episodes.find((one) => one.start_s === start_s)!;
      const again = other.episodes.find((one) => Math.abs(one.start_s - start_s) < 1);
      // Others may begin elsewhere, as where a silence was noticed by chance.
      if (again === undefined || again.duration_s === null || whole.duration_s === null) continue;
      const gained = whole.duration_s - again.duration_s;
      const predicted = halved[setting];
      const checkS = scenario.coordination.resources.checkPeriodUs / 1e6;
      const between = halvedBetween[setting] ?? null;
      const [least, most] = between ?? [predicted, predicted];
      const off = Math.max(least - gained, gained - most);
      const ok = off <= Math.max(SHARE * Math.abs(gained), checkS);
      found.push({ seed, start: start_s, setting, predicted, between, gained, checkS, ok });
    }
  }
  return found;
}

export const halving: Check = async (scale, progress, words = []) => {
  const all: Comparison[] = [];
  const wanted = scale === 'long' ? 200 : 20;
  const episodes = (): number => new Set(all.map(({ seed, start }) => `${seed} ${start}`)).size;
  const { from, to } = chosenSeeds(words) ?? { from: 1, to: Infinity };
  const isPart = to < Infinity;
  const only = words.includes('--setting') ? words[words.indexOf('--setting') + 1] ?? '' : '';
  for (let seed = from; seed <= to && (isPart || episodes() < wanted); seed += 1) {
    all.push(...await compared(seed, only));
    progress(`${episodes()} recoveries`);
  }
  const settings = [...new Set(all.map(({ setting }) => setting))].sort();
  return settings.flatMap((setting) => {
    const own = all.filter((one) => one.setting === setting);
    const [exact, ranges] = [true, false].map((isExact) =>
      own.filter(({ between }) => (between === null) === isExact));
    const what = (some: readonly Comparison[], how: string): string =>
      `half of ${setting}, ${some.length} of ${episodes()} recoveries, ${how}`;
    return [
      ...(exact.length === 0 ? [] : [finding(what(exact, 'determined'), exact)]),
      ...(ranges.length === 0 ? [] : [finding(what(ranges, 'from least to most'), ranges)]),
      ...(redrawn.test(setting) ? [inTheMean(what(own, 'in the mean'), own)] : []),
    ];
  });
};

/** What then comes at other instants. */
const redrawn = /heartbeatPeriod|retry|latency/;

function finding(what: string, own: readonly Comparison[]): Finding {
  const misses = own.filter(({ ok }) => !ok).sort((a, b) =>
    Math.abs(b.predicted - b.gained) - Math.abs(a.predicted - a.gained));
  const told = misses.slice(0, 3).map(({ seed, start, predicted, between, gained }) => {
    const said = between === null ? predicted.toFixed(2)
      : between.map((one) => one.toFixed(2)).join(' to ');
    return `; seed ${seed} at ${start} s: ${said} s said, ${gained.toFixed(2)} s gained`;
  });
  return {
    what, measured: `${own.length - misses.length} as predicted${told.join('')}`,
    wanted: 'all of them, to a fifth of a rerun or one check period', ok: misses.length === 0,
  };
}

function inTheMean(what: string, own: readonly Comparison[]): Finding {
  const gained = meanOf(own.map((one) => one.gained));
  const offs = own.map((one) => one.predicted - one.gained);
  const off = meanOf(offs);
  const deviation = Math.sqrt(meanOf(offs.map((one) => (one - off) ** 2)));
  const checkS = meanOf(own.map((one) => one.checkS));
  const error = deviation / Math.sqrt(Math.max(1, own.length - 1));
  const said = `${(gained + off).toFixed(2)} s said, ${gained.toFixed(2)} s gained`;
  return {
    what, measured: `${said} (standard error ${error.toFixed(2)} s)`,
    wanted: 'within a fifth, one check period, or two standard errors',
    ok: Math.abs(off) <= Math.max(SHARE * Math.abs(gained), checkS, 2 * error),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
