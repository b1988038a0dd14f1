/** Ways in which a scenario can be simpler: each gives candidates, the most daring first. */
import { kindOf } from '../../../experiment/faults/kinds/index.js';
import type { Registry } from '../../../experiment/plugins.js';
import type { Distribution } from '../../../experiment/random/distributions.js';
import type {
  FaultAction, FaultSettings, Party, ResolvedScenario,
} from '../../../experiment/scenario/resolved.js';
import { withDefaults } from './defaults.js';
import { startUs } from './start.js';

interface Simpler {
  readonly name: string;
  readonly of: (
    scenario: ResolvedScenario, plugins: Registry | undefined,
  ) => Iterable<ResolvedScenario>;
}

const second = 1e6;
/** How many lower numbers are tried for a name. */
const MOST_NUMBERS = 4;

export const simplerOnes: readonly Simpler[] = [
  { name: 'a fault that comes once', of: (scenario) => eachFault(scenario, once) },
  { name: 'a fault that does not flap', of: (scenario) => eachFault(scenario, steady) },
  { name: 'fewer targets', of: (scenario) => eachFault(scenario, fewerTargets) },
  { name: 'fewer links', of: (scenario) => eachFault(scenario, fewerParties) },
  { name: 'a lower number', of: (scenario) => eachFault(scenario, lowerNumbers) },
  { name: 'a crash at once', of: (scenario) => eachFault(scenario, atOnce) },
  { name: 'a weaker fault', of: (scenario) => eachFault(scenario, weaker) },
  { name: 'a shorter fault', of: (scenario) => eachFault(scenario, shorter) },
  { name: 'fewer resources', of: fewerResources },
  { name: 'fewer managers', of: fewerManagers },
  { name: 'fewer rules', of: fewerRules },
  { name: 'a plainer network', of: plainerNetwork },
  { name: 'a setting back at its default', of: withDefaults },
  { name: 'a rounder time', of: (scenario) => eachFault(scenario, rounder) },
  { name: 'a shorter run', of: shorterRun },
];

/** The scenario with one fault after the other replaced by each of its simpler forms. */
function* eachFault(
  scenario: ResolvedScenario,
  simpler: (fault: FaultSettings) => Iterable<FaultSettings>,
): Iterable<ResolvedScenario> {
  for (const [index, fault] of scenario.faults.entries()) {
    for (const other of simpler(fault)) {
      yield { ...scenario, faults: scenario.faults.with(index, other) };
    }
  }
}

function* withAction(
  fault: FaultSettings, actions: Iterable<FaultAction>,
): Iterable<FaultSettings> {
  for (const action of actions) yield { ...fault, action };
}

function* fewerTargets(fault: FaultSettings): Iterable<FaultSettings> {
  const { action } = fault;
  if (!('targets' in action)) return;
  const { targets } = action;
  if (targets.length > 1) {
    yield* withAction(fault, targets.map((_, index) => {
      return { ...action, targets: targets.filter((_one, other) => other !== index) };
    }));
  }
  for (const [index, target] of targets.entries()) {
    if (!('count' in target) || target.count <= 1) continue;
    const fewer = { ...target, count: target.count - 1 };
    yield* withAction(fault, [{ ...action, targets: targets.with(index, fewer) }]);
  }
}

/** Whoever is named by the highest number keeps so many in the system. */
function* lowerNumbers(fault: FaultSettings): Iterable<FaultSettings> {
  const { action } = fault;
  if (!('targets' in action)) return;
  const { targets } = action;
  const taken = new Set(targets.map((target) => target.kind === 'named' ? target.name : ''));
  for (const [index, target] of targets.entries()) {
    if (target.kind !== 'named') continue;
    const [, stem, number] = /^(.*-)(\d+)$/.exec(target.name) ?? [];
    for (let lower = 1; lower < Math.min(Number(number), MOST_NUMBERS); lower += 1) {
      const name = `${stem}${lower}`;
      if (taken.has(name)) continue;
      yield* withAction(fault, [{ ...action, targets: targets.with(index, { ...target, name }) }]);
    }
  }
}

/** Instead of again and again, at its first time, or in one phase only; half as often first. */
function* once(fault: FaultSettings): Iterable<FaultSettings> {
  const { when } = fault;
  if (when.kind === 'every') {
    yield { ...fault, when: { kind: 'at', atUs: when.fromUs } };
    const strikes = Math.ceil((when.untilUs - when.fromUs) / when.everyUs);
    if (strikes < 2) return;
    const untilUs = when.fromUs + Math.ceil(strikes / 2) * when.everyUs;
    if (untilUs < when.untilUs) yield { ...fault, when: { ...when, untilUs } };
  } else if (when.kind === 'during') {
    if (when.times !== 1) yield { ...fault, when: { ...when, times: 1 } };
    const { after } = when;
    const isAtOnce = after.kind === 'constant' && after.value === 0;
    if (!isAtOnce) yield { ...fault, when: { ...when, after: constant(0) } };
  }
}

function* steady({ flapping, ...fault }: FaultSettings): Iterable<FaultSettings> {
  if (flapping !== undefined) yield fault;
}

function* atOnce(fault: FaultSettings): Iterable<FaultSettings> {
  const { action } = fault;
  if (!('afterCalls' in action)) return;
  const { afterCalls: _, ...crash } = action;
  yield { ...fault, action: crash };
}

function* weaker(fault: FaultSettings): Iterable<FaultSettings> {
  const { action } = fault;
  if (action.kind === 'from-plugin') return;
  yield* withAction(fault, kindOf(action).weaker?.(action) ?? []);
}

/** Hosts whose links are harmed are fewer; nobody left would be all, so one stays. */
function* fewerParties(fault: FaultSettings): Iterable<FaultSettings> {
  const { action } = fault;
  if ('of' in action && action.of !== undefined && action.of.length > 1) {
    yield* withAction(fault, fewerByOne(action.of).map((of) => ({ ...action, of })));
  }
  if (!('cut' in action)) return;
  const { cut } = action;
  for (const key of ['whom', 'from', 'over', 'to', 'these', 'those'] as const) {
    const parties = (cut as Partial<Record<typeof key, readonly Party[] | null>>)[key];
    if (!parties || parties.length < 2) continue;
    yield* withAction(fault, fewerByOne(parties).map((some) => {
      return { ...action, cut: { ...cut, [key]: some } };
    }));
  }
}

function fewerByOne<T>(some: readonly T[]): readonly T[][] {
  return some.map((_one, index) => some.filter((_other, other) => other !== index));
}

function* shorter(fault: FaultSettings): Iterable<FaultSettings> {
  const { repair } = fault;
  if (repair?.kind !== 'constant' || repair.value <= 1) return;
  for (const value of [repair.value / 4, repair.value / 2, repair.value * 0.8]) {
    yield { ...fault, repair: constant(roundTo(value, value > 10 ? 1 : 0.1)) };
  }
}

function* rounder(fault: FaultSettings): Iterable<FaultSettings> {
  const { when, repair } = fault;
  if (when.kind === 'during' && when.fromUs > 0) yield { ...fault, when: { ...when, fromUs: 0 } };
  for (const unitS of [60, 10, 1, 0.1]) {
    if (when.kind === 'at' && when.atUs % (unitS * second) !== 0) {
      const atUs = Math.round(roundTo(when.atUs / second, unitS) * second);
      yield { ...fault, when: { kind: 'at', atUs } };
    }
    if (repair?.kind !== 'constant') continue;
    // Never up, or it would go up and down in turn.
    const value = roundTo(Math.floor(repair.value / unitS) * unitS, unitS);
    if (value < repair.value) yield { ...fault, repair: constant(value) };
  }
}

function* fewerResources(scenario: ResolvedScenario): Iterable<ResolvedScenario> {
  const { system } = scenario;
  for (const [index, group] of system.resources.entries()) {
    if (system.resources.length > 1) {
      yield withResources(scenario, system.resources.filter((_, other) => other !== index));
    }
    for (const count of [1, Math.floor(group.count / 2), group.count - 1]) {
      if (count < 1 || count >= group.count) continue;
      const spares = Math.min(group.spares, count - 1);
      yield withResources(scenario, system.resources.with(index, { ...group, count, spares }));
    }
  }
}

function withResources(
  scenario: ResolvedScenario, resources: ResolvedScenario['system']['resources'],
): ResolvedScenario {
  return { ...scenario, system: { ...scenario.system, resources } };
}

function* fewerManagers(scenario: ResolvedScenario): Iterable<ResolvedScenario> {
  const { system } = scenario;
  for (const managers of [2, 3, Math.floor(system.managers / 2), system.managers - 1]) {
    if (managers < 1 || managers >= system.managers) continue;
    yield { ...scenario, system: { ...system, managers } };
  }
}

function* fewerRules(scenario: ResolvedScenario): Iterable<ResolvedScenario> {
  for (const index of scenario.rules.keys()) {
    yield { ...scenario, rules: scenario.rules.filter((_, other) => other !== index) };
  }
}

function* plainerNetwork(scenario: ResolvedScenario): Iterable<ResolvedScenario> {
  const { network } = scenario;
  if (network.loss > 0) yield { ...scenario, network: { ...network, loss: 0 } };
  for (const impairments of fewerByOne(network.impairments)) {
    yield { ...scenario, network: { ...network, impairments } };
  }
  const { latency } = network;
  if (latency.kind === 'same' && latency.delay.kind === 'constant') return;
  const plain = { kind: 'same', delay: constant(0.01) } as const;
  yield { ...scenario, network: { ...network, latency: plain } };
}

/** What comes after the last fault is part of it only as far as it matters. */
function* shorterRun(scenario: ResolvedScenario): Iterable<ResolvedScenario> {
  const { durationUs, warmUpUs } = scenario;
  const lastUs = Math.max(warmUpUs, ...scenario.faults.map(startUs));
  for (const share of [0.25, 0.5, 0.9]) {
    const shorterUs = Math.ceil((lastUs + (durationUs - lastUs) * share) / second) * second;
    if (shorterUs < durationUs) yield { ...scenario, durationUs: shorterUs };
  }
}

function constant(value: number): Distribution {
  return { kind: 'constant', value };
}

/** Without the noise of binary fractions; never 0. */
function roundTo(value: number, unit: number): number {
  return Number(Math.max(unit, Math.round(value / unit) * unit).toPrecision(12));
}
