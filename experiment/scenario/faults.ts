/** Entries of `faults`: from what users write to what the fault driver reads. */
import { impairmentKinds } from '../impairment.js';
import { resolveCut } from './cuts.js';
import { Misfit, suggestion, type ScenarioPath } from './error.js';
import { impairmentOf } from './impairments.js';
import { builtInNames } from './names.js';
import { resolveParties, type GivenTarget } from './parties.js';
import type {
  FaultAction, FaultSettings, FaultTarget, FaultTime, Flapping, Party,
} from './resolved.js';
import type { ScenarioSettings } from './schema.js';

type Entry = ScenarioSettings['faults'][number];
type Target = NonNullable<Entry['crash']>[number];

/** What a fault refers to. */
export interface FaultContext {
  readonly durationUs: number;
  readonly warmUpUs: number;
  readonly zones: readonly string[];
}

const actionKeys = builtInNames.faults;
const timeKeys = ['at', 'every', 'random'] as const;
const targetKeys = ['successors', 'managers', 'hosts', 'resources', 'each'] as const;

export function resolveFault(
  entry: Entry,
  path: ScenarioPath,
  context: FaultContext,
): FaultSettings {
  const timeKey = theOne(entry, timeKeys, path, 'a fault needs one time');
  const actionKey = theOne(entry, actionKeys, path, 'a fault does one thing');
  const when = resolveTime(entry, path, context);
  if (when.kind !== 'at' && when.fromUs > when.untilUs) {
    throw new Misfit([...path, timeKey], 'from is after until', 'swap them');
  }
  const action = resolveAction(entry, actionKey, path, context);
  if (entry.afterCalls !== undefined) checkCalls(action, when, [...path, 'afterCalls']);
  if (action.kind === 'heal' && (when.kind !== 'at' || entry.repairAfter)) {
    throw new Misfit(path, 'heal is for good', 'give it a time with `at` and no `repairAfter`');
  }
  if (entry.of !== undefined && !isImpairment(actionKey)) {
    const remedy = `it goes with ${impairmentKinds.join(', ')}`;
    throw new Misfit([...path, 'of'], `of says nothing about ${actionKey}`, remedy);
  }
  const isOfLinks = actionKey === 'partition' || isImpairment(actionKey);
  if (entry.flapping !== undefined && !isOfLinks) {
    const remedy = `it goes with partition, ${impairmentKinds.join(', ')}`;
    throw new Misfit([...path, 'flapping'], `${actionKey} does not flap`, remedy);
  }
  checkEach(action, when, [...path, actionKey]);
  return {
    action, when,
    repair: entry.repairAfter ?? null,
    ...(entry.flapping && { flapping: resolveFlapping(entry.flapping) }),
  };
}

function resolveFlapping({
  bad, good, atLeast: atLeastUs,
}: NonNullable<Entry['flapping']>): Flapping {
  return { bad, good, atLeastUs };
}

function isImpairment(key: string): boolean {
  return (impairmentKinds as readonly string[]).includes(key);
}

function theOne<Key extends string>(
  entry: { readonly [key in Key]?: unknown },
  keys: readonly Key[],
  path: ScenarioPath,
  problem: string,
): Key {
  const given = keys.filter((key) => entry[key] !== undefined);
  if (given.length === 1) return given[0];
  const where = given.length === 0 ? path : [...path, given[1]];
  throw new Misfit(where, problem, `give exactly one of ${keys.join(', ')}`);
}

function resolveTime(entry: Entry, path: ScenarioPath, context: FaultContext): FaultTime {
  const { at, every, random, from, until } = entry;
  if (every === undefined && (from ?? until) !== undefined) {
    const key = from === undefined ? 'until' : 'from';
    const remedy = random ? 'write it inside random' : 'remove it, or use every instead of at';
    throw new Misfit([...path, key], `${key} stands beside every`, remedy);
  }
  if (at !== undefined) return { kind: 'at', atUs: at };
  if (every !== undefined) {
    const untilUs = until ?? Math.max(context.durationUs, from ?? every);
    return { kind: 'every', everyUs: every, fromUs: from ?? every, untilUs };
  }
  const fromUs = random!.from ?? context.warmUpUs;
  const untilUs = random!.until ?? Math.max(context.durationUs, fromUs);
  return { kind: 'random', lifetime: random!.lifetime, fromUs, untilUs };
}

function resolveAction(
  entry: Entry,
  key: (typeof actionKeys)[number],
  path: ScenarioPath,
  context: FaultContext,
): FaultAction {
  switch (key) {
    case 'crash': {
      const { afterCalls } = entry;
      const crash = { kind: key, targets: resolveTargets(entry[key]!, key, [...path, key]) };
      return afterCalls === undefined ? crash : { ...crash, afterCalls };
    }
    case 'pause':
    case 'leave':
      return { kind: key, targets: resolveTargets(entry[key]!, key, [...path, key]) };
    case 'partition':
      return resolvePartition(entry[key]!, [...path, key], context.zones);
    case 'heal':
      return { kind: key };
    default:
      return {
        ...impairmentOf(entry, key)!,
        ...(entry.of && { of: resolveOf(entry.of, [...path, 'of'], context.zones) }),
      };
  }
}

function resolvePartition(
  given: NonNullable<Entry['partition']>,
  path: ScenarioPath,
  zones: readonly string[],
): FaultAction {
  if (Array.isArray(given)) {
    return { kind: 'partition', groups: resolveGroups(given, path, zones) };
  }
  const cut = resolveCut(given, path, {
    parties: (these, where) => resolveOf(these, where, zones),
    groups: (these, where) => resolveGroups(these, where, zones),
  });
  return { kind: 'partition', cut };
}

function resolveOf(
  of: readonly GivenTarget[],
  path: ScenarioPath,
  zones: readonly string[],
): Party[] {
  return resolveParties(of, path, zones, (target) => resolveTarget(target, path));
}

function resolveTargets(
  given: readonly Target[],
  action: 'crash' | 'pause' | 'leave',
  path: ScenarioPath,
): FaultTarget[] {
  const targets = given.map((one) => resolveTarget(one, path));
  if (action === 'pause' && targets.some(({ kind }) => kind === 'resources')) {
    throw new Misfit(path, 'resources cannot pause', 'pause their hosts, or crash them');
  }
  const stays = ({ kind }: FaultTarget): boolean => kind === 'hosts' || kind === 'resources';
  if (action === 'leave' && targets.some(stays)) {
    throw new Misfit(path, 'only managers can leave', 'crash hosts and resources');
  }
  return targets;
}

/** Only a process makes calls, and only at a known time are they counted. */
function checkCalls(action: FaultAction, when: FaultTime, path: ScenarioPath): void {
  if (action.kind !== 'crash') {
    throw new Misfit(path, 'only a crash waits for calls', 'remove it, or use crash');
  }
  if (action.targets.some(({ kind }) => kind === 'resources')) {
    throw new Misfit(path, 'resources make no calls', 'crash managers or hosts');
  }
  if (when.kind === 'random') {
    throw new Misfit(path, 'random crashes happen at once', 'give it a time with `at`');
  }
}

function resolveTarget(target: GivenTarget, path: ScenarioPath): FaultTarget {
  if (target === 'coordinator') return { kind: 'coordinator' };
  if (typeof target === 'string') return { kind: 'named', name: target };
  const key = theOne(target, targetKeys, path, 'a target is of one kind');
  // `each` is marked by a count of 0 until it has been held against the fault's time.
  if (key === 'each') return { kind: target.each!, count: 0 };
  return { kind: key, count: target[key]! };
}

/** `each` goes with `random` and stands alone: every unit has its own renewal process. */
function checkEach(action: FaultAction, when: FaultTime, path: ScenarioPath): void {
  if (!('targets' in action)) return;
  const each = action.targets.filter((target) => 'count' in target && target.count === 0);
  if (when.kind === 'random') {
    if (each.length === 1 && action.targets.length === 1) return;
    const remedy = 'write { each: managers }, { each: hosts } or { each: resources }';
    throw new Misfit(path, 'random faults hit each unit by itself', remedy);
  }
  if (each.length > 0) {
    const remedy = 'give a number such as { managers: 2 }, or use random';
    throw new Misfit(path, 'each goes with random', remedy);
  }
}

function resolveGroups(
  groups: readonly (readonly string[])[],
  path: ScenarioPath,
  zones: readonly string[],
): number[][] {
  const seen = new Set<string>();
  const resolved = groups.map((group, index) =>
    group.map((zone, rank) => {
      const where = [...path, index, rank];
      const number = zones.indexOf(zone);
      if (number < 0) {
        throw new Misfit(where, `there is no zone ${zone}`, suggestion(zone, zones));
      }
      if (seen.has(zone)) {
        throw new Misfit(where, `${zone} is in two groups`, 'name each zone once');
      }
      seen.add(zone);
      return number;
    }),
  );
  const left = zones.filter((zone) => !seen.has(zone));
  if (left.length > 0) {
    throw new Misfit(path, `${left.join(', ')} is in no group`, 'name each zone once');
  }
  return resolved;
}
