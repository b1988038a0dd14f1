/** What a scenario names of the user's own implementations, taken out before the schema looks. */
import type { CoreFromPlugins } from '../../core/coordination/config.js';
import type { Configurable, Configured } from '../../core/configured.js';
import type { FaultImplementation } from '../faults/plugin-fault.js';
import type { LatencyImplementation } from '../latency-model.js';
import { groups, type Registry } from '../plugins.js';
import { SettingError, suggestion, type ScenarioPath } from '../language/error.js';

/** What the scenario names, each in its place. */
export interface FromPlugins {
  readonly core: CoreFromPlugins;
  readonly latency: Configured<LatencyImplementation> | null;
  /** By index in `faults`. */
  readonly faults: ReadonlyMap<number, Configured<FaultImplementation>>;
}

export const nothingFromPlugins: FromPlugins = { core: {}, latency: null, faults: new Map() };

type Mapping = Readonly<Record<string, unknown>>;

/**
 * Takes what plugins implement out of a scenario. In its place stands something built in, for all
 * that the schema has to say on the rest.
 *
 * @throws SettingError for settings that a plugin refuses, and for names that nobody knows
 */
export function takeFromPlugins(
  input: unknown,
  registry: Registry,
): { readonly input: unknown; readonly fromPlugins: FromPlugins } {
  if (!isMapping(input)) return { input, fromPlugins: nothingFromPlugins };
  const coordination = takeCoordination(input['coordination'], registry);
  const network = takeLatency(input['network'], registry);
  const faults = takeFaults(input['faults'], registry);
  const rest = {
    ...input,
    ...('coordination' in input ? { coordination: coordination.rest } : {}),
    ...('network' in input ? { network: network.rest } : {}),
    ...('faults' in input ? { faults: faults.rest } : {}),
  };
  return {
    input: rest,
    fromPlugins: { core: coordination.core, latency: network.latency, faults: faults.found },
  };
}

function takeCoordination(
  given: unknown,
  registry: Registry,
): { readonly rest: unknown; readonly core: CoreFromPlugins } {
  if (!isMapping(given)) return { rest: given, core: {} };
  const rest = { ...given };
  const take = <Implementation extends Configurable<unknown>>(
    key: string,
    known: ReadonlyMap<string, Implementation>,
    builtIn: readonly string[],
  ): Configured<Implementation> | undefined => {
    const path = ['coordination', key];
    const found = named(given[key], known, builtIn, path);
    if (found === undefined) return undefined;
    delete rest[key];
    return plug(found.name, found.settings, known, path);
  };
  const { overlays, elections, detectors, assignments } = registry;
  const overlay = take('overlay', overlays, groups.overlays.builtIn);
  const election = take('election', elections, groups.elections.builtIn);
  const detection = take('detection', detectors, groups.detectors.builtIn);
  const assignment = take('assignment', assignments, groups.assignments.builtIn);
  const core: CoreFromPlugins = {
    ...(overlay === undefined ? {} : { overlay }),
    ...(election === undefined ? {} : { election }),
    ...(detection === undefined ? {} : { detection }),
    ...(assignment === undefined ? {} : { assignment }),
  };
  return { rest, core };
}

/** `name`, or `{ name, settings... }`; undefined where it is not for a plugin. */
function named(
  value: unknown,
  known: ReadonlyMap<string, unknown>,
  builtIn: readonly string[],
  path: ScenarioPath,
): { readonly name: string; readonly settings: Mapping } | undefined {
  const { name, ...settings } = isMapping(value) ? value : { name: value };
  if (typeof name !== 'string' || builtIn.includes(name) || known.size === 0) return undefined;
  if (known.has(name)) return { name, settings };
  const remedy = suggestion(name, [...builtIn, ...known.keys()]);
  const where = isMapping(value) ? [...path, 'name'] : path;
  throw new SettingError(
    where, `${path.at(-1)}: ${JSON.stringify(name)} is not a choice here`, remedy,
  );
}

/** `latency: NAME`, or `latency: { NAME: { settings... } }`. */
function takeLatency(
  given: unknown,
  { latencies }: Registry,
): { readonly rest: unknown; readonly latency: Configured<LatencyImplementation> | null } {
  const value = isMapping(given) ? given['latency'] : undefined;
  const names = typeof value === 'string' ? [value] : isMapping(value) ? Object.keys(value) : [];
  const name = names.find((one) => latencies.has(one));
  if (name === undefined) return { rest: given, latency: null };
  const path = ['network', 'latency'];
  if (names.length > 1) {
    throw new SettingError(path, 'a latency is of one kind', `give ${name} alone`);
  }
  const settings = isMapping(value) ? value[name] : {};
  const rest = Object.fromEntries(
    Object.entries(given as Mapping).filter(([key]) => key !== 'latency'),
  );
  const where = isMapping(value) ? [...path, name] : path;
  return { rest, latency: plug(name, settings, latencies, where) };
}

/** `{ at: 5m, NAME: { settings... } }`. */
function takeFaults(
  given: unknown,
  { faults }: Registry,
): {
  readonly rest: unknown;
  readonly found: ReadonlyMap<number, Configured<FaultImplementation>>;
} {
  const found = new Map<number, Configured<FaultImplementation>>();
  if (!Array.isArray(given)) return { rest: given, found };
  const rest = given.map((entry: unknown, index) => {
    if (!isMapping(entry)) return entry;
    const names = Object.keys(entry).filter((key) => faults.has(key));
    if (names.length === 0) return entry;
    const [name] = names;
    const others = Object.entries(entry).filter(([key]) => key !== name);
    const twice = others.find(([key]) => faults.has(key) || isBuiltInFault(key));
    if (twice !== undefined) {
      const remedy = `give exactly one of ${name}, ${twice[0]}`;
      throw new SettingError(['faults', index, twice[0]], 'a fault does one thing', remedy);
    }
    found.set(index, plug(name, entry[name], faults, ['faults', index, name]));
    // A fault of links without effect: it takes the same times and repairs.
    return { ...Object.fromEntries(others), loss: 0 };
  });
  return { rest, found };
}

function isBuiltInFault(key: string): boolean {
  return groups.faults.builtIn.includes(key);
}

/** With the settings that a scenario gives it. @throws SettingError where it refuses them */
export function plug<Implementation extends Configurable<unknown>>(
  name: string,
  value: unknown,
  known: ReadonlyMap<string, Implementation>,
  path: ScenarioPath,
): Configured<Implementation> {
  const implementation = known.get(name)!;
  const given = value ?? {};
  if (!isMapping(given)) {
    throw new SettingError(path, `${name}: its settings are no mapping`, `write ${name}: { ... }`);
  }
  if (implementation.settings === undefined) {
    return { name, given, settings: given, implementation };
  }
  const parsed = implementation.settings.safeParse(given);
  if (parsed.success) return { name, given, settings: parsed.data, implementation };
  const [issue] = parsed.error.issues;
  const inner = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const problem = `${[name, ...inner].join('.')}: ${issue.message}`;
  throw new SettingError([...path, ...inner], problem, `correct the settings of ${name}`);
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
