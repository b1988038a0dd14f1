/** From settings as users write them to the scenario as the worlds read it. */
import type { Kind } from '../../core/metamodel/entity.js';
import { mostResources } from '../../core/plausible.js';
import type { Plugged } from '../../core/plugged.js';
import type { Address } from '../../core/process.js';
import type { FaultImplementation } from '../faults/plugged.js';
import {
  kindNamed, type AnyFault, type BuiltInAction, type FaultAction,
} from '../faults/kinds/index.js';
import { unitsOf } from '../faults/replay.js';
import { readImpairments, type Impairment } from '../impairments/index.js';
import { buildInventory, type Inventory } from '../inventory.js';
import { burstServiceUs } from '../pace.js';
import { checkBrakes, resolveBrakes } from './brakes.js';
import { reckonedDelayUs, resolveCoordination } from './coordination.js';
import { Misfit, suggestion, type Complaint, type ScenarioPath } from './error.js';
import { resolveFault } from './faults.js';
import { invariantNames } from './names.js';
import type { PluggedSettings } from './plugged.js';
import type {
  FaultSettings,
  KindSettings,
  LatencySettings,
  ResolvedScenario,
  ResourceGroup,
  RttMatrix,
} from './resolved.js';
import type { ScenarioSettings } from './schema.js';
import { checkParties } from './targets.js';
import { checkUnits, type ReadTrace } from './trace.js';
import { LONGEST_US } from './units.js';

type MatrixSettings = Extract<
  ScenarioSettings['network']['latency'],
  { matrix: unknown }
>['matrix'];

/** What the settings leave to their surroundings. */
export interface Surroundings {
  /** For a scenario without a name. */
  readonly name: string;
  /** What stands in for things built in. */
  readonly plugged: PluggedSettings;
  /** The text of a rule file; throws a {@link Misfit} at `rules.index` if there is none. */
  ruleText(file: string, index: number): string;
  /** An RTT matrix and the absolute path of its file; throws if there is none. */
  readMatrix(file: string): { path: string; sha256: string; matrix: RttMatrix };
  readonly readTrace: ReadTrace;
  /** Throws if the rules cannot be used with these kinds. */
  checkRules(rules: ResolvedScenario['rules'], kinds: readonly Kind[]): void;
}

/** @throws Misfit where one setting contradicts another. */
export function resolveScenario(
  settings: ScenarioSettings,
  surroundings: Surroundings,
): ResolvedScenario {
  const { duration: durationUs, warmUp: warmUpUs } = settings;
  if (warmUpUs >= durationUs) {
    throw new Misfit(['warmUp'], 'warmUp leaves nothing to measure', 'make it less than duration');
  }
  const zones = resolveZones(settings.system.zones);
  const kinds = Object.entries(settings.system.kinds).map(([name, kind]) =>
    resolveKind(name, kind),
  );
  const network = {
    latency: resolveLatency(settings.network.latency, zones, surroundings),
    loss: settings.network.loss,
    impairments: networkImpairments(settings.network),
  };
  const system = resolveSystem(settings.system, zones, kinds);
  const delayUs = burstServiceUs(system) + reckonedDelayUs(network);
  const { plugged } = surroundings;
  const managed = resolveCoordination(settings.coordination, delayUs, kinds);
  const coordination = {
    ...managed,
    actions: { ...managed.actions, ...resolveBrakes(settings) },
    ...(Object.keys(plugged.core).length > 0 ? { plugged: plugged.core } : {}),
  };
  const scenario: ResolvedScenario = {
    name: settings.name ?? surroundings.name,
    description: settings.description,
    seed: settings.seed,
    durationUs,
    warmUpUs,
    system,
    coordination,
    rules: settings.rules.map((rule, index) =>
      typeof rule === 'string'
        ? { file: rule, text: surroundings.ruleText(rule, index) }
        : { file: rule.file, text: rule.text },
    ),
    network,
    live: settings.live,
    faults: settings.faults.map((fault, index) => {
      const context = { durationUs, warmUpUs, system, readTrace: surroundings.readTrace };
      const resolved = resolveFault(fault, ['faults', index], context);
      const own = plugged.faults.get(index);
      return own === undefined ? resolved : withPlugged(resolved, own, ['faults', index]);
    }),
    invariants: resolveInvariants(settings.invariants),
    measure: {
      samples: settings.measure.samples,
      holdUs:
        settings.measure.hold ??
        Math.max(
          coordination.resources.heartbeatPeriodUs,
          coordination.managers.heartbeatPeriodUs,
        ),
    },
    engine: settings.engine,
  };
  const inventory = buildInventory(scenario);
  checkNames(scenario, inventory);
  for (const [index, { action, when }] of scenario.faults.entries()) {
    if (when.kind !== 'trace') continue;
    checkUnits(when, unitsOf(action, inventory).length, ['faults', index]);
  }
  surroundings.checkRules(scenario.rules, inventory.kinds);
  checkBrakes(scenario, inventory);
  return scenario;
}

/** @throws Misfit where words stand beside it that only what is built in understands */
function withPlugged(
  { action: standIn, flapping, ...rest }: FaultSettings,
  own: Plugged<FaultImplementation>,
  path: ScenarioPath,
): FaultSettings {
  const word = 'of' in standIn ? 'of' : flapping === undefined ? null : 'flapping';
  if (word === null) return { ...rest, action: { kind: 'plugged', ...own } };
  const problem = `${word} says nothing about ${own.name}`;
  throw new Misfit([...path, word], problem, 'make it one of its settings');
}

function resolveSystem(
  { managers, racks, clocks, service, resources }: ScenarioSettings['system'],
  zones: readonly string[],
  kinds: readonly KindSettings[],
): ResolvedScenario['system'] {
  return {
    managers,
    zones,
    racks,
    clocks: { offsetUs: clocks.offset, drift: clocks.drift, timersUs: clocks.timers },
    service: { managerUs: service.manager, agentUs: service.agent },
    resources: resolveGroups(resources, kinds),
    kinds,
  };
}

function resolveZones(zones: number | readonly string[]): string[] {
  if (typeof zones === 'number') {
    return Array.from({ length: zones }, (_, index) => `zone-${index + 1}`);
  }
  const twice = zones.findIndex((zone, index) => zones.indexOf(zone) < index);
  if (twice >= 0) {
    const problem = `there are two zones ${zones[twice]}`;
    throw new Misfit(['system', 'zones', twice], problem, 'give each its own name');
  }
  return [...zones];
}

function resolveKind(
  name: string,
  kind: ScenarioSettings['system']['kinds'][string],
): KindSettings {
  const metrics = Object.entries(kind.metrics).map(([metric, given]) => {
    const { mean, minimum, maximum } = given;
    const path = ['system', 'kinds', name, 'metrics', metric, 'mean'];
    if (mean < minimum || mean > maximum) {
      const problem = `mean ${mean} is not between minimum ${minimum} and maximum ${maximum}`;
      throw new Misfit(path, problem, 'set minimum and maximum around it');
    }
    const resolution = given.resolution ?? (maximum - minimum) / 10;
    return { name: metric, ...given, resolution };
  });
  return { name, startUp: kind.startUp, actions: kind.actions, metrics };
}

function resolveLatency(
  latency: ScenarioSettings['network']['latency'],
  zones: readonly string[],
  surroundings: Surroundings,
): LatencySettings {
  const { plugged } = surroundings;
  if (plugged.latency !== null) return resolvePlugged(plugged.latency);
  if ('matrix' in latency) return resolveMatrix(latency.matrix, surroundings);
  if (!('zones' in latency)) return { kind: 'same', delay: latency };
  const { within, between, pairs } = latency.zones;
  const path = ['network', 'latency', 'zones', 'pairs'];
  return {
    kind: 'zones',
    within,
    between,
    pairs: pairs.map((pair, index) => {
      const [a, b] = pair.zones.map((zone, rank) => {
        const number = zones.indexOf(zone);
        if (number >= 0) return number;
        const where = [...path, index, 'zones', rank];
        throw new Misfit(where, `there is no zone ${zone}`, suggestion(zone, zones));
      });
      return { a, b, delay: pair.delay };
    }),
  };
}

function resolvePlugged(given: NonNullable<PluggedSettings['latency']>): LatencySettings {
  const longestUs = given.implementation.longestUs(given.settings);
  if (!(longestUs >= 1 && longestUs <= LONGEST_US)) {
    const problem = `${given.name} says that no message takes longer than ${longestUs} us`;
    throw new Misfit(['network', 'latency'], problem, 'its longestUs has to give a duration');
  }
  return { kind: 'plugged', ...given };
}

function resolveMatrix(
  { file, sha256: wanted, jitter, within }: MatrixSettings,
  surroundings: Surroundings,
): LatencySettings {
  const { path, sha256, matrix } = surroundings.readMatrix(file);
  if (wanted !== undefined && wanted !== sha256) {
    throw new Misfit(
      ['network', 'latency', 'matrix', 'sha256'],
      `${path} is not that file any more: its SHA-256 is ${sha256}`,
      'bring the file back, or remove sha256 to use the new one',
    );
  }
  return { kind: 'matrix', file: path, sha256, matrix, jitter, withinUs: within };
}

function resolveGroups(
  groups: ScenarioSettings['system']['resources'],
  kinds: readonly KindSettings[],
): ResourceGroup[] {
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  if (total > mostResources) {
    const problem = `there are ${total} resources`;
    throw new Misfit(['system', 'resources'], problem, `at most ${mostResources} are managed`);
  }
  return groups.map((group, index) => {
    const path = ['system', 'resources', index];
    const known = kinds.map(({ name }) => name);
    if (!known.includes(group.kind)) {
      const remedy = suggestion(group.kind, known);
      throw new Misfit([...path, 'kind'], `there is no kind ${group.kind}`, remedy);
    }
    if (group.spares > group.count) {
      const problem = `${group.spares} spares among ${group.count} resources`;
      throw new Misfit([...path, 'spares'], problem, 'make spares at most count');
    }
    const stem = group.labels['group'] ?? group.kind;
    if (stem === 'manager' || stem === 'host') {
      const problem = `resources would be named ${stem}-1, as ${stem}s are`;
      throw new Misfit(path, problem, 'give them another label `group`');
    }
    return group;
  });
}

function resolveInvariants(given: 'all' | 'none' | readonly string[]): string[] {
  const known: readonly string[] = invariantNames;
  if (given === 'all') return [...known];
  if (given === 'none') return [];
  return given.map((name, index) => {
    if (known.includes(name)) return name;
    const remedy = suggestion(name, known);
    throw new Misfit(['invariants', index], `there is no invariant ${name}`, remedy);
  });
}

/** Those of the network itself; its loss is told apart. */
function networkImpairments(given: ScenarioSettings['network']): Impairment[] {
  return readImpairments({ ...given, loss: undefined });
}

/** Where the target is written. */
function pathOf(fault: number, { name, ...kind }: AnyFault, rank: number): (string | number)[] {
  const inner = 'targetsUnder' in kind && kind.targetsUnder ? [kind.targetsUnder] : [];
  return ['faults', fault, name, ...inner, rank];
}

/** Faults may name processes and resources; what they name must exist. */
function checkNames({ faults }: ResolvedScenario, inventory: Inventory): void {
  const kinds = faults.map(({ action }) => kindNamed(action.kind));
  const named = faults.flatMap(({ action }, index) =>
    'targets' in action
      ? action.targets.flatMap((target, rank) => target.kind !== 'named' ? []
        : [{ name: target.name, index, path: pathOf(index, kinds[index]!, rank) }])
      : []);
  const parties = faults.flatMap(({ action }, index) => {
    const kind = kinds[index];
    return kind?.hits !== 'links' ? [] : (kind.parties?.(action as BuiltInAction) ?? [])
      .map((among) => ({ parties: among.parties, path: ['faults', index, ...among.path] }));
  });
  if (named.length === 0 && parties.length === 0) return;
  const names = namesIn(inventory);
  for (const { parties: these, path } of parties) checkParties(these, path, names.processes);
  for (const { name, index, path } of named) {
    const address = names.processes.get(name);
    if (address === undefined && !names.resources.has(name)) {
      const remedy = `known are coordinator and, numbered from 1, ${names.stems.join('-N, ')}-N`;
      throw new Misfit(path, `there is no ${name}`, remedy);
    }
    const wrong = misnamed(faults[index].action, kinds[index]!, {
      isResource: address === undefined, isManager: (address ?? Infinity) < inventory.managers,
    });
    if (wrong !== null) throw new Misfit(path, wrong.problem, wrong.remedy);
  }
}

/** What such a fault cannot do to such a one; null: it can. */
function misnamed(
  action: FaultAction, kind: AnyFault,
  { isResource, isManager }: { readonly isResource: boolean; readonly isManager: boolean },
): Complaint | null {
  if ('unfit' in kind && kind.unfit !== undefined) {
    return (kind.hits === 'managers' ? !isManager : isResource) ? kind.unfit : null;
  }
  if (!isResource || !('loseState' in action)) return null;
  return { problem: 'resources store nothing', remedy: 'crash their host, or keep the state' };
}

interface Names {
  readonly processes: ReadonlyMap<string, Address>;
  readonly resources: ReadonlySet<string>;
  /** What comes before the number. */
  readonly stems: readonly string[];
}

function namesIn(inventory: Inventory): Names {
  const processes = new Map<string, Address>();
  for (let address = 0; address < inventory.managers + inventory.agents; address += 1) {
    processes.set(inventory.processName(address), address);
  }
  const resources = new Set<string>();
  for (let resource = 0; resource < inventory.resources; resource += 1) {
    resources.add(inventory.descriptor(resource).name);
  }
  const stemOf = (name: string): string => name.slice(0, name.lastIndexOf('-'));
  const stems = [...new Set([...processes.keys(), ...resources].map(stemOf))];
  return { processes, resources, stems };
}
