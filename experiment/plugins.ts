/** Implementations of the user's own: what a plugin exports, and the registry made of several. */
import {
  assignmentNames, type AssignmentImplementation,
} from '../core/coordination/assignment/index.js';
import { detectors, type DetectorImplementation } from '../core/detection/index.js';
import { elections, type ElectionImplementation } from '../core/election/index.js';
import { builtIns } from '../core/messages.js';
import { overlays, type OverlayImplementation } from '../core/overlay/index.js';
import type { Definition } from '../core/wire/record.js';
import { faultKinds } from './faults/kinds/index.js';
import type { FaultImplementation } from './faults/plugin-fault.js';
import type { InvariantImplementation } from './invariant.js';
import type { LatencyImplementation } from './latency-model.js';
import { suggestion } from './language/error.js';
import { faultWords } from './faults/settings.js';
import { latencyNames } from './settings/network.js';

/**
 * The default export of a plugin module: implementations by the names scenarios give them.
 * `Context`: what invariants may look at, which only the checker knows.
 */
export interface Plugin<Context = unknown> {
  readonly overlays?: Readonly<Record<string, OverlayImplementation>>;
  readonly elections?: Readonly<Record<string, ElectionImplementation>>;
  readonly detectors?: Readonly<Record<string, DetectorImplementation>>;
  readonly assignments?: Readonly<Record<string, AssignmentImplementation>>;
  readonly latencies?: Readonly<Record<string, LatencyImplementation>>;
  readonly faults?: Readonly<Record<string, FaultImplementation>>;
  readonly invariants?: Readonly<Record<string, InvariantImplementation<unknown, Context>>>;
}

type Group = keyof Plugin;

/** All plugins of a run together. Passed to whoever reads scenarios; nothing is global. */
export interface Registry {
  readonly overlays: ReadonlyMap<string, OverlayImplementation>;
  readonly elections: ReadonlyMap<string, ElectionImplementation>;
  readonly detectors: ReadonlyMap<string, DetectorImplementation>;
  readonly assignments: ReadonlyMap<string, AssignmentImplementation>;
  readonly latencies: ReadonlyMap<string, LatencyImplementation>;
  readonly faults: ReadonlyMap<string, FaultImplementation>;
  /** In the order in which they are checked; those that come along are among them. */
  readonly invariants: ReadonlyMap<string, InvariantImplementation>;
}

/** A plugin cannot be used. `message` is complete: which, what is wrong, what would be right. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
  /** As the user named the plugin. */
  readonly origin: string;
  readonly problem: string;
  readonly remedy: string;

  constructor(origin: string, problem: string, remedy: string, cause?: unknown) {
    super(`${origin}: ${problem}, ${remedy}`, { cause });
    this.origin = origin;
    this.problem = problem;
    this.remedy = remedy;
  }
}

interface GroupTraits {
  readonly one: string;
  readonly methods: readonly string[];
  /** What comes along. */
  readonly builtIn: readonly string[];
  /** Words that stand where the names do. */
  readonly words?: readonly string[];
}

export const groups: Readonly<Record<Group, GroupTraits>> = {
  overlays: { one: 'overlay', methods: ['create'], builtIn: Object.keys(overlays) },
  elections: { one: 'election', methods: ['create'], builtIn: Object.keys(elections) },
  detectors: { one: 'detector', methods: ['create'], builtIn: Object.keys(detectors) },
  assignments: { one: 'assignment', methods: ['create'], builtIn: assignmentNames },
  latencies: { one: 'latency', methods: ['create', 'longestUs'], builtIn: latencyNames },
  faults: {
    one: 'fault', methods: ['create'], builtIn: faultKinds.map(({ name }) => name),
    words: faultWords,
  },
  // Those that come along are registered as a plugin is: only the checker knows them.
  invariants: { one: 'invariant', methods: ['create'], builtIn: [], words: ['all', 'none'] },
};
const groupNames = Object.keys(groups) as readonly Group[];

const nameShape = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Where a plugin comes from, and what its module exports by default. */
export interface PluginSource {
  readonly origin: string;
  readonly plugin: unknown;
}

/**
 * Checks the shape of each plugin and that every name is given once.
 *
 * @param comesAlong - what is built in, though not here
 * @throws PluginError
 */
export function createRegistry(
  sources: readonly PluginSource[], comesAlong: Plugin = {},
): Registry {
  const registry = {
    overlays: new Map<string, OverlayImplementation>(),
    elections: new Map<string, ElectionImplementation>(),
    detectors: new Map<string, DetectorImplementation>(),
    assignments: new Map<string, AssignmentImplementation>(),
    latencies: new Map<string, LatencyImplementation>(),
    faults: new Map<string, FaultImplementation>(),
    invariants: new Map(Object.entries(comesAlong.invariants ?? {})),
  };
  const owners = new Map<string, string>();
  const messages = new Map<string, Definition>(builtIns.map((one) => [one.type, one]));
  for (const { origin, plugin } of sources) {
    for (const [group, name, implementation] of implementationsOf(origin, plugin)) {
      if (Object.hasOwn(comesAlong[group] ?? {}, name)) throw builtInToo(origin, group, name);
      claim(origin, group, name, owners);
      claimMessages(origin, `${groups[group].one} ${name}`, implementation, messages);
      (registry[group] as Map<string, unknown>).set(name, implementation);
    }
  }
  return registry;
}

type Found = readonly [group: Group, name: string, implementation: unknown];

function implementationsOf(origin: string, plugin: unknown): Found[] {
  if (!isMapping(plugin)) {
    const remedy = `export default { ${groupNames.join(', ')} }, any of them`;
    throw new PluginError(origin, 'its default export is not a plugin', remedy);
  }
  const found: Found[] = [];
  for (const [group, members] of Object.entries(plugin)) {
    if (!isGroup(group)) {
      throw new PluginError(origin, `unknown key ${group}`, suggestion(group, groupNames));
    }
    if (members === undefined) continue;
    if (!isMapping(members)) {
      const remedy = `write ${group}: { NAME: { create() { ... } } }`;
      throw new PluginError(origin, `${group} is not a mapping of names`, remedy);
    }
    for (const [name, implementation] of Object.entries(members)) {
      checkImplementation(origin, group, name, implementation);
      found.push([group, name, implementation]);
    }
  }
  if (found.length === 0) {
    const remedy = `give it one of ${groupNames.join(', ')}`;
    throw new PluginError(origin, 'the plugin has nothing in it', remedy);
  }
  return found;
}

function checkImplementation(origin: string, group: Group, name: string, given: unknown): void {
  const { one, methods } = groups[group];
  if (!nameShape.test(name)) {
    const remedy = 'start with a letter; go on with letters, digits, - and _';
    throw new PluginError(origin, `${one} ${JSON.stringify(name)} cannot be named so`, remedy);
  }
  for (const method of methods) {
    if (isMapping(given) && typeof given[method] === 'function') continue;
    throw new PluginError(
      origin,
      `${one} ${name} has no function ${method}`,
      `export { ${methods.map((known) => `${known}(...) { ... }`).join(', ')} }`,
    );
  }
  const { settings } = given as { settings?: unknown };
  if (settings === undefined) return;
  if (isMapping(settings) && typeof settings['safeParse'] === 'function') return;
  const remedy = 'give a zod schema, or anything with a safeParse like its';
  throw new PluginError(origin, `settings of ${one} ${name} cannot check anything`, remedy);
}

function claim(origin: string, group: Group, name: string, owners: Map<string, string>): void {
  const { one, builtIn, words = [] } = groups[group];
  const owner = owners.get(`${group}/${name}`);
  if (builtIn.includes(name) || words.includes(name)) {
    throw builtInToo(origin, group, name);
  }
  if (owner !== undefined) {
    throw new PluginError(origin, `${one} ${name} is in ${owner} too`, 'rename one of the two');
  }
  owners.set(`${group}/${name}`, origin);
}

function builtInToo(origin: string, group: Group, name: string): PluginError {
  const problem = `${groups[group].one} ${name} is built in`;
  return new PluginError(origin, problem, 'give yours another name');
}

/** Implementations may share a definition, and no more than that. */
function claimMessages(
  origin: string, whose: string, implementation: unknown, known: Map<string, Definition>,
): void {
  const { messages = [] } = implementation as { readonly messages?: unknown };
  if (!Array.isArray(messages) || !messages.every(isDefinition)) {
    const remedy = 'give a list of what message(...) and envelope(...) return';
    throw new PluginError(origin, `messages of ${whose} are no definitions`, remedy);
  }
  for (const definition of messages) {
    const { type, traits } = definition;
    const other = known.get(type) ?? definition;
    if (other !== definition || traits.code !== undefined) {
      const problem = traits.code === undefined ? 'there is another one' : 'it has a code';
      const remedy = `call it ${whose.split(' ')[1]}/${type}, without a code`;
      throw new PluginError(origin, `message ${type} of ${whose}: ${problem}`, remedy);
    }
    known.set(type, definition);
  }
}

function isDefinition(value: unknown): value is Definition {
  return isMapping(value) && typeof value['type'] === 'string' && isMapping(value['traits']) &&
    isMapping(value['fields']) && typeof value['take'] === 'function';
}

function isGroup(key: string): key is Group {
  return Object.hasOwn(groups, key);
}

/** Anything with properties: instances and modules too. */
function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
