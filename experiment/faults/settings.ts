/** `faults`: what goes wrong, and when. */
import { z } from 'zod';
import type { Configured } from '../../core/configured.js';
import { duration, period, type Fields, type Settings } from '../../core/settings.js';
import {
  faultKinds, kindNamed, kindOf, type AnyFault, type FaultAction,
} from './kinds/index.js';
import { phases } from './phases.js';
import type { FaultImplementation } from './plugin-fault.js';
import type { Distribution } from '../random/distributions.js';
import { SettingError, type ScenarioPath } from '../language/error.js';
import { count, distribution, distributionSettings } from '../language/fields.js';
import {
  close, field, open, readField, schemaOf, settingsOf, type Whole,
} from '../language/section.js';
import type { SystemSettings } from '../settings/system.js';
import { isEach, targets } from '../language/targets.js';
import { theOne } from '../language/the-one.js';
import {
  readTraceTime, trace, writeTraceTime, type ReadTrace, type TraceTime,
} from '../traces/settings.js';

/** What a fault refers to. */
export interface FaultContext {
  readonly durationUs: number;
  readonly warmUpUs: number;
  readonly system: SystemSettings;
  readonly readTrace: ReadTrace;
}

export interface Window {
  readonly fromUs: number;
}

/** No fault begins at the end of its time or later. */
const untilTheEnd = ({ durationUs, fromUs }: FaultContext & Window): number =>
  Math.max(durationUs, fromUs);
const fromWarmUp = duration({
  meaning: 'Default: the end of the warm-up.',
  derive: ({ warmUpUs }: FaultContext) => warmUpUs,
});

const once = { at: duration({ meaning: 'Once, so long after the start.' }) };

/** At from, from + every, and so on, as long as that is before until. */
const again = {
  every: period({ meaning: 'Again and again.' }),
  from: duration({
    meaning: 'With every: the first time. Default: after one period.',
    derive: ({ everyUs }: { readonly everyUs: number }) => everyUs,
  }),
  until: duration({
    meaning: 'With every: only before this. Default: the end.', derive: untilTheEnd,
  }),
};

/**
 * Each unit of `targets` (one entry, such as managers or zones, whose `count` is 0) has its own
 * renewal process: up for a drawn `lifetime`, down until repaired. Links are one unit.
 */
const lives = {
  lifetime: field(distribution(), {
    meaning: 'Up for so long, then the fault; after its repair again.',
  }),
  from: fromWarmUp,
  until: duration({
    meaning: 'Faults begin only before this. Default: the end.', derive: untilTheEnd,
  }),
};

/** Not while such a fault is still to come. */
const condition = {
  during: field(z.enum(phases), { meaning: 'Each time that such a phase begins.' }),
  after: field(distribution(), {
    usual: '0s', meaning: 'So long after it began; not once it is over.',
  }),
  times: readField(count(1), {
    meaning: 'So often at most. Default: each time.',
    derive: () => null,
    read: (given): number | null => given,
    write: (value) => value,
  }),
  from: fromWarmUp,
  until: duration({
    meaning: 'Only phases that begin before this. Default: the end.', derive: untilTheEnd,
  }),
};

export type FaultTime =
  | ({ readonly kind: 'at' } & Settings<typeof once>)
  | ({ readonly kind: 'every' } & Settings<typeof again>)
  | ({ readonly kind: 'random' } & Settings<typeof lives>)
  | ({ readonly kind: 'during' } & Settings<typeof condition>)
  | TraceTime;

/** It begins with being there. */
const flapping = {
  bad: field(distribution(), { meaning: 'The fault is there for so long,' }),
  good: field(distribution(), { meaning: 'then it is not for so long, and so on.' }),
  atLeast: duration({ usual: '0s', meaning: 'What is drawn shorter takes so long.' }),
};

/** In seconds, but for the least. */
export type Flapping = Settings<typeof flapping>;

/** What one entry of `faults` asks for. */
export interface FaultSettings {
  readonly action: FaultAction;
  readonly when: FaultTime;
  /**
   * How long until the fault's own repair; null: none (rules must repair, or never). Of a leave,
   * from when the last of those that left is gone.
   */
  readonly repair: Distribution | null;
  /** While a fault of links lasts, it is there and not there in turn. */
  readonly flapping?: Flapping;
}

/** What makes the faults of a run. */
export interface FaultPlan {
  readonly faults: readonly FaultSettings[];
  readonly seed: number;
  readonly durationUs: number;
}

type Kind = { readonly name: string; readonly meaning: string; readonly settings: z.ZodType };

/** A field for each kind, under its name. */
function fieldsOf<Kinds extends readonly Kind[]>(kinds: Kinds) {
  const fields = kinds.map(({ name, settings, meaning }) =>
    [name, settings.optional().describe(meaning)]);
  return Object.fromEntries(fields) as {
    [One in Kinds[number] as One['name']]: z.ZodOptional<One['settings']>;
  };
}

/** Left out or not: of an entry as it stands. */
const besides = {
  afterCalls: count(0)
    .optional()
    .describe(
      'With crash: not at once, but inside the call to its environment that the process makes ' +
        'after so many more.',
    ),
  loseState: z
    .literal(true)
    .optional()
    .describe('With crash or restart: hosts lose all they stored, and return under new ids.'),
  of: targets
    .optional()
    .describe('Only messages from and to these hosts; zones too. Default: all messages.'),
  flapping: schemaOf(flapping)
    .optional()
    .describe('A fault of links comes and goes while it lasts.'),
};

const times = {
  at: schemaOf(once).shape['at'].optional(),
  every: schemaOf(again).shape['every'].optional(),
  random: schemaOf(lives).optional().describe('At random, by a renewal process.'),
  trace: trace.optional().describe('As recorded, node by node.'),
  when: schemaOf(condition).optional().describe('Whenever that happens.'),
};

const fault = z.strictObject({
  ...times,
  from: schemaOf(again).shape['from'],
  until: schemaOf(again).shape['until'],
  ...fieldsOf(faultKinds),
  ...besides,
  repairAfter: distribution()
    .optional()
    .describe('The fault ends by itself. Default: it lasts (rules may repair, or heal).'),
});
type Entry = z.output<typeof fault>;

const kindKeys = faultKinds.map(({ name }) => name);
const timeKeys = Object.keys(times) as readonly (keyof typeof times)[];
const besideKeys = Object.keys(besides) as readonly (keyof typeof besides)[];

/** Keys of an entry that say something else than what goes wrong. */
export const faultWords: readonly string[] =
  Object.keys(fault.shape).filter((key) => kindNamed(key) === undefined);

export const faultFields = {
  faults: readField(z.array(fault), {
    usual: [],
    meaning: 'What goes wrong, and when.',
    read: (entries, context: FaultContext & Guests, path) =>
      entries.map((entry, index) => {
        const at = [...path, index];
        const own = context.guests.faults.get(index);
        const read = readFault(entry, at, context);
        return own === undefined ? read : withPlugin(read, own, at);
      }),
    write: (faults: readonly FaultSettings[], whole) =>
      faults.map((one) => faultSettings(one, whole)),
  }),
};

export interface Guests {
  readonly guests: { readonly faults: ReadonlyMap<number, Configured<FaultImplementation>> };
}

function readFault(
  entry: Entry,
  path: ScenarioPath,
  context: FaultContext,
): FaultSettings {
  const timeKey = theOne(entry, timeKeys, path, 'a fault needs one time');
  const kind = kindNamed(theOne(entry, kindKeys, path, 'a fault does one thing'))!;
  if (entry.trace !== undefined && entry.repairAfter !== undefined) {
    const problem = 'a trace says itself when nodes are repaired';
    throw new SettingError([...path, 'repairAfter'], problem, 'remove it');
  }
  const when = resolveTime(entry, path, context);
  if (when.kind !== 'at' && when.fromUs > when.untilUs) {
    throw new SettingError([...path, timeKey], 'from is after until', 'swap them');
  }
  checkBeside(entry, kind, path);
  const action = kind.read(entry[kind.name as keyof Entry], {
    path: [...path, kind.name], beside: entry, system: context.system,
  });
  checkTargets(action, kind, [...path, kind.name]);
  checkTime(entry, { kind, timeKey, when }, path);
  checkEach(action, when, [...path, kind.name]);
  checkConcerned(action, kind, when, path);
  const repair = entry.repairAfter ?? (kind.repairedAtOnce === true ? atOnce : null);
  return {
    action, when, repair,
    ...(entry.flapping && { flapping: settled(flapping, entry.flapping, context, path) }),
  };
}

/** What an entry says beside its kind, only some kinds heed. */
function checkBeside(entry: Entry, kind: AnyFault, path: ScenarioPath): void {
  for (const key of besideKeys) {
    if (entry[key] === undefined || kind.heeds?.includes(key) === true) continue;
    const heeding = (faultKinds as readonly AnyFault[]).filter(({ heeds }) => heeds?.includes(key));
    const remedy = `it goes with ${heeding.map(({ name }) => name).join(', ')}`;
    throw new SettingError([...path, key], `${key} says nothing about ${kind.name}`, remedy);
  }
}

function checkTime(
  entry: Entry,
  { kind, timeKey, when }: {
    readonly kind: AnyFault; readonly timeKey: string; readonly when: FaultTime;
  },
  path: ScenarioPath,
): void {
  if (entry.afterCalls !== undefined && (when.kind === 'random' || when.kind === 'trace')) {
    // Only at a known time are calls counted.
    const which = when.kind === 'trace' ? 'recorded' : 'random';
    const remedy = 'give it a time with `at`';
    throw new SettingError([...path, 'afterCalls'], `${which} crashes happen at once`, remedy);
  }
  const timing = { kind: when.kind, repairs: entry.repairAfter !== undefined };
  const wrong = kind.wrongTime?.(timing) ?? null;
  if (wrong === null) return;
  const { key, problem, remedy } = wrong;
  const place = { time: [timeKey], kind: [kind.name], entry: [] }[key];
  throw new SettingError([...path, ...place], problem, remedy);
}

function settled<Of extends Fields>(
  fields: Of, given: unknown, context: object, path: ScenarioPath,
): Settings<Of> {
  return close(open(fields, given, context, path)) as Settings<Of>;
}

const atOnce = { kind: 'constant', value: 0 } as const;

function resolveTime(entry: Entry, path: ScenarioPath, context: FaultContext): FaultTime {
  const { at, every, random, trace, from, until } = entry;
  if (every === undefined && (from ?? until) !== undefined) {
    const key = from === undefined ? 'until' : 'from';
    const inside = random ? 'random' : trace ? 'trace' : at === undefined ? 'when' : null;
    const remedy = inside ? `write it inside ${inside}` : 'remove it, or use every instead of at';
    throw new SettingError([...path, key], `${key} stands beside every`, remedy);
  }
  const read = <Of extends Fields>(fields: Of, given: unknown): Settings<Of> =>
    settled(fields, given, context, path);
  if (at !== undefined) return { kind: 'at', ...read(once, entry) };
  if (every !== undefined) return { kind: 'every', ...read(again, entry) };
  if (trace !== undefined) {
    return readTraceTime(trace, [...path, 'trace'], context.warmUpUs, context.readTrace);
  }
  return random === undefined
    ? { kind: 'during', ...read(condition, entry.when) }
    : { kind: 'random', ...read(lives, random) };
}

/** What the kind hits, and nothing else. */
function checkTargets(action: FaultAction, kind: AnyFault, path: ScenarioPath): void {
  if (!('targets' in action) || !('unfit' in kind) || kind.unfit === undefined) return;
  const isHost = (target: string): boolean => target !== 'resources';
  const isManager = (target: string): boolean =>
    ['coordinator', 'successors', 'fullest', 'managers', 'named', 'concerned'].includes(target);
  const fits = kind.hits === 'managers' ? isManager : isHost;
  if (action.targets.every((target) => fits(target.kind))) return;
  throw new SettingError(path, kind.unfit.problem, kind.unfit.remedy);
}

/** Only a phase concerns somebody. */
function checkConcerned(
  action: FaultAction, kind: AnyFault, when: FaultTime, path: ScenarioPath,
): void {
  if (when.kind === 'during' || action.kind === 'from-plugin') return;
  const parties = kind.hits === 'links' ? kind.parties?.(action) ?? [] : [];
  const all = [
    ...('targets' in action ? action.targets : []), ...parties.flatMap((some) => some.parties),
  ];
  if (all.every((target) => target.kind !== 'concerned')) return;
  const remedy = 'give it a time with `when`, or name somebody';
  throw new SettingError(path, 'nobody is concerned without a phase', remedy);
}

/**
 * `each` goes with `random`, where it stands alone (every unit has its own renewal process), and
 * with `trace`, where several stand for nodes of the trace one after the other.
 */
function checkEach(action: FaultAction, when: FaultTime, path: ScenarioPath): void {
  if (!('targets' in action)) {
    if (when.kind !== 'trace') return;
    throw new SettingError(
      path, 'a trace is about nodes', 'crash or pause them, or have them leave',
    );
  }
  const each = action.targets.filter(isEach);
  if (when.kind === 'random') {
    if (each.length === 1 && action.targets.length === 1) return;
    const remedy = 'write { each: managers }, or hosts, resources, zones, racks';
    throw new SettingError(path, 'random faults hit each unit by itself', remedy);
  }
  if (when.kind === 'trace') {
    const kinds = new Set(each.map(({ kind }) => kind));
    const known = [...kinds].every((kind) => ['managers', 'hosts', 'resources'].includes(kind));
    if (known && kinds.size === action.targets.length) return;
    const remedy = 'write { each: hosts }, or [{ each: managers }, { each: hosts }]';
    throw new SettingError(path, 'a trace hits each unit by itself', remedy);
  }
  if (each.length > 0) {
    const remedy = 'give a number such as { managers: 2 }, or use random or trace';
    throw new SettingError(path, 'each goes with random and trace', remedy);
  }
}

/** @throws SettingError where words stand beside it that only what is built in understands */
function withPlugin(
  { action: standIn, flapping, ...rest }: FaultSettings,
  own: Configured<FaultImplementation>,
  path: ScenarioPath,
): FaultSettings {
  const word = 'of' in standIn ? 'of' : flapping === undefined ? null : 'flapping';
  if (word === null) return { ...rest, action: { kind: 'from-plugin', ...own } };
  const problem = `${word} says nothing about ${own.name}`;
  throw new SettingError([...path, word], problem, 'make it one of its settings');
}

/** As a user would write it. */
export function faultSettings(
  { when, action, repair, ...more }: FaultSettings, whole: Whole,
): object {
  return {
    ...timeSettings(when, whole),
    ...(action.kind === 'from-plugin' ? { [action.name]: action.given }
      : kindOf(action).settingsOf(action, whole.system)),
    ...(more.flapping && { flapping: settingsOf(flapping, more.flapping, whole) }),
    ...(repair === null ? {} : { repairAfter: distributionSettings(repair) }),
  };
}

function timeSettings(when: FaultTime, whole: Whole): object {
  switch (when.kind) {
    case 'at': return settingsOf(once, when, whole);
    case 'every': return settingsOf(again, when, whole);
    case 'random': return { random: settingsOf(lives, when, whole) };
    case 'during': return { when: settingsOf(condition, when, whole) };
    case 'trace': return { trace: writeTraceTime(when) };
  }
}
