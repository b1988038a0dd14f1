/** Entries of `faults`: from what users write to what the fault driver reads. */
import { faultKinds, kindNamed, type AnyFault, type FaultAction } from '../faults/kinds/index.js';
import { Misfit, type ScenarioPath } from './error.js';
import type { FaultSettings, FaultTime, Flapping, ResolvedScenario } from './resolved.js';
import type { ScenarioSettings } from './schema.js';
import { isEach } from './targets.js';
import { theOne } from './the-one.js';
import { resolveTraceTime, type ReadTrace } from './trace.js';

type Entry = ScenarioSettings['faults'][number];

/** What a fault refers to. */
export interface FaultContext {
  readonly durationUs: number;
  readonly warmUpUs: number;
  readonly system: ResolvedScenario['system'];
  readonly readTrace: ReadTrace;
}

const kindKeys = faultKinds.map(({ name }) => name);
const timeKeys = ['at', 'every', 'random', 'trace', 'when'] as const;
const besideKeys = ['afterCalls', 'loseState', 'of', 'flapping'] as const;

export function resolveFault(
  entry: Entry,
  path: ScenarioPath,
  context: FaultContext,
): FaultSettings {
  const timeKey = theOne(entry, timeKeys, path, 'a fault needs one time');
  const kind = kindNamed(theOne(entry, kindKeys, path, 'a fault does one thing'))!;
  if (entry.trace !== undefined && entry.repairAfter !== undefined) {
    const problem = 'a trace says itself when nodes are repaired';
    throw new Misfit([...path, 'repairAfter'], problem, 'remove it');
  }
  const when = resolveTime(entry, path, context);
  if (when.kind !== 'at' && when.fromUs > when.untilUs) {
    throw new Misfit([...path, timeKey], 'from is after until', 'swap them');
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
    ...(entry.flapping && { flapping: resolveFlapping(entry.flapping) }),
  };
}

/** What an entry says beside its kind, only some kinds heed. */
function checkBeside(entry: Entry, kind: AnyFault, path: ScenarioPath): void {
  for (const key of besideKeys) {
    if (entry[key] === undefined || kind.heeds?.includes(key) === true) continue;
    const heeding = (faultKinds as readonly AnyFault[]).filter(({ heeds }) => heeds?.includes(key));
    const remedy = `it goes with ${heeding.map(({ name }) => name).join(', ')}`;
    throw new Misfit([...path, key], `${key} says nothing about ${kind.name}`, remedy);
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
    throw new Misfit([...path, 'afterCalls'], `${which} crashes happen at once`, remedy);
  }
  const timing = { kind: when.kind, repairs: entry.repairAfter !== undefined };
  const wrong = kind.wrongTime?.(timing) ?? null;
  if (wrong === null) return;
  const { key, problem, remedy } = wrong;
  const place = { time: [timeKey], kind: [kind.name], entry: [] }[key];
  throw new Misfit([...path, ...place], problem, remedy);
}

function resolveFlapping({
  bad, good, atLeast: atLeastUs,
}: NonNullable<Entry['flapping']>): Flapping {
  return { bad, good, atLeastUs };
}

const atOnce = { kind: 'constant', value: 0 } as const;

function resolveTime(entry: Entry, path: ScenarioPath, context: FaultContext): FaultTime {
  const { at, every, random, trace, from, until } = entry;
  if (every === undefined && (from ?? until) !== undefined) {
    const key = from === undefined ? 'until' : 'from';
    const inside = random ? 'random' : trace ? 'trace' : at === undefined ? 'when' : null;
    const remedy = inside ? `write it inside ${inside}` : 'remove it, or use every instead of at';
    throw new Misfit([...path, key], `${key} stands beside every`, remedy);
  }
  if (at !== undefined) return { kind: 'at', atUs: at };
  if (every !== undefined) {
    const untilUs = until ?? Math.max(context.durationUs, from ?? every);
    return { kind: 'every', everyUs: every, fromUs: from ?? every, untilUs };
  }
  if (trace !== undefined) {
    return resolveTraceTime(trace, path, context.warmUpUs, context.readTrace);
  }
  if (entry.when !== undefined) return resolveCondition(entry.when, context);
  const fromUs = random!.from ?? context.warmUpUs;
  const untilUs = random!.until ?? Math.max(context.durationUs, fromUs);
  return { kind: 'random', lifetime: random!.lifetime, fromUs, untilUs };
}

function resolveCondition(
  { during, after, times, from, until }: NonNullable<Entry['when']>,
  context: FaultContext,
): FaultTime {
  const fromUs = from ?? context.warmUpUs;
  const untilUs = until ?? Math.max(context.durationUs, fromUs);
  return { kind: 'during', phase: during, delay: after, times: times ?? null, fromUs, untilUs };
}

/** What the kind hits, and nothing else. */
function checkTargets(action: FaultAction, kind: AnyFault, path: ScenarioPath): void {
  if (!('targets' in action) || !('unfit' in kind) || kind.unfit === undefined) return;
  const isHost = (target: string): boolean => target !== 'resources';
  const isManager = (target: string): boolean =>
    ['coordinator', 'successors', 'fullest', 'managers', 'named', 'concerned'].includes(target);
  const fits = kind.hits === 'managers' ? isManager : isHost;
  if (action.targets.every((target) => fits(target.kind))) return;
  throw new Misfit(path, kind.unfit.problem, kind.unfit.remedy);
}

/** Only a phase concerns somebody. */
function checkConcerned(
  action: FaultAction, kind: AnyFault, when: FaultTime, path: ScenarioPath,
): void {
  if (when.kind === 'during' || action.kind === 'plugged') return;
  const parties = kind.hits === 'links' ? kind.parties?.(action) ?? [] : [];
  const all = [
    ...('targets' in action ? action.targets : []), ...parties.flatMap((some) => some.parties),
  ];
  if (all.every((target) => target.kind !== 'concerned')) return;
  const remedy = 'give it a time with `when`, or name somebody';
  throw new Misfit(path, 'nobody is concerned without a phase', remedy);
}

/**
 * `each` goes with `random`, where it stands alone (every unit has its own renewal process), and
 * with `trace`, where several stand for nodes of the trace one after the other.
 */
function checkEach(action: FaultAction, when: FaultTime, path: ScenarioPath): void {
  if (!('targets' in action)) {
    if (when.kind !== 'trace') return;
    throw new Misfit(path, 'a trace is about nodes', 'crash or pause them, or have them leave');
  }
  const each = action.targets.filter(isEach);
  if (when.kind === 'random') {
    if (each.length === 1 && action.targets.length === 1) return;
    const remedy = 'write { each: managers }, or hosts, resources, zones, racks';
    throw new Misfit(path, 'random faults hit each unit by itself', remedy);
  }
  if (when.kind === 'trace') {
    const kinds = new Set(each.map(({ kind }) => kind));
    const known = [...kinds].every((kind) => ['managers', 'hosts', 'resources'].includes(kind));
    if (known && kinds.size === action.targets.length) return;
    const remedy = 'write { each: hosts }, or [{ each: managers }, { each: hosts }]';
    throw new Misfit(path, 'a trace hits each unit by itself', remedy);
  }
  if (each.length > 0) {
    const remedy = 'give a number such as { managers: 2 }, or use random or trace';
    throw new Misfit(path, 'each goes with random and trace', remedy);
  }
}
