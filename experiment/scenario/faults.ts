/** Entries of `faults`: from what users write to what the fault driver reads. */
import { impairmentKinds } from '../impairment.js';
import { partiesOf, resolveCut } from './cuts.js';
import { Misfit, suggestion, type ScenarioPath } from './error.js';
import { impairmentOf } from './impairments.js';
import { builtInNames } from './names.js';
import { resolveParties, type GivenTarget } from './parties.js';
import type {
  FaultAction, FaultSettings, FaultTarget, FaultTime, Flapping, Party, ResolvedScenario,
} from './resolved.js';
import type { ScenarioSettings } from './schema.js';
import { resolveTraceTime, type ReadTrace } from './trace.js';

type Entry = ScenarioSettings['faults'][number];
type Target = NonNullable<Entry['crash']>[number];

/** What a fault refers to. */
export interface FaultContext {
  readonly durationUs: number;
  readonly warmUpUs: number;
  readonly system: ResolvedScenario['system'];
  readonly readTrace: ReadTrace;
}

const actionKeys = builtInNames.faults;
const timeKeys = ['at', 'every', 'random', 'trace', 'when'] as const;
const targetKeys = [
  'successors', 'concerned', 'fullest', 'managers', 'hosts', 'resources', 'zone', 'rack', 'zones',
  'racks', 'each',
] as const;

export function resolveFault(
  entry: Entry,
  path: ScenarioPath,
  context: FaultContext,
): FaultSettings {
  const timeKey = theOne(entry, timeKeys, path, 'a fault needs one time');
  const actionKey = theOne(entry, actionKeys, path, 'a fault does one thing');
  if (entry.trace !== undefined && entry.repairAfter !== undefined) {
    const problem = 'a trace says itself when nodes are repaired';
    throw new Misfit([...path, 'repairAfter'], problem, 'remove it');
  }
  const when = resolveTime(entry, path, context);
  if (when.kind !== 'at' && when.fromUs > when.untilUs) {
    throw new Misfit([...path, timeKey], 'from is after until', 'swap them');
  }
  const action = resolveAction(entry, actionKey, path, context);
  if (entry.loseState !== undefined) checkState(action, [...path, 'loseState']);
  if (entry.afterCalls !== undefined) checkCalls(action, when, [...path, 'afterCalls']);
  if (action.kind === 'rolling' && when.kind !== 'at') {
    const remedy = 'give it a time with `at`';
    throw new Misfit([...path, timeKey], 'a rolling restart goes on by itself', remedy);
  }
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
  checkConcerned(action, when, path);
  const repair = entry.repairAfter ?? (isRestart(action) ? atOnce : null);
  return {
    action, when, repair,
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

function isRestart({ kind }: FaultAction): boolean {
  return kind === 'restart' || kind === 'rolling';
}

const atOnce = { kind: 'constant', value: 0 } as const;

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

function resolveAction(
  entry: Entry,
  key: (typeof actionKeys)[number],
  path: ScenarioPath,
  context: FaultContext,
): FaultAction {
  switch (key) {
    case 'crash': {
      const { afterCalls, loseState } = entry;
      const targets = resolveTargets(entry[key]!, key, [...path, key], context);
      return {
        kind: key,
        targets,
        ...(afterCalls === undefined ? {} : { afterCalls }),
        ...(loseState === undefined ? {} : { loseState }),
      };
    }
    case 'restart': {
      const targets = resolveTargets(entry[key]!, key, [...path, key], context);
      return { kind: key, targets, ...(entry.loseState === undefined ? {} : { loseState: true }) };
    }
    case 'rolling':
      return resolveRolling(entry[key]!, [...path, key], context);
    case 'pause':
    case 'leave':
      return { kind: key, targets: resolveTargets(entry[key]!, key, [...path, key], context) };
    case 'clock': {
      const { of, ...wrong } = entry[key]!;
      const targets = resolveTargets(of, key, [...path, key, 'of'], context);
      return { kind: key, targets, ...resolveClock(wrong, [...path, key]) };
    }
    case 'slow': {
      const { managerUs, agentUs } = context.system.service;
      if (managerUs === 0 && agentUs === 0) {
        const remedy = 'give system.service, for example { manager: 200us }';
        throw new Misfit([...path, key], 'messages take no time that could be longer', remedy);
      }
      const targets = resolveTargets(entry[key]!.of, key, [...path, key, 'of'], context);
      return { kind: key, targets, factor: entry[key]!.factor };
    }
    case 'partition':
      return resolvePartition(entry[key]!, [...path, key], context);
    case 'heal':
      return { kind: key };
    default:
      return {
        ...impairmentOf(entry, key)!,
        ...(entry.of && { of: resolveOf(entry.of, [...path, 'of'], context) }),
      };
  }
}

function resolveRolling(
  { labels, unavailable, pause: pauseUs, timeout: timeoutUs }: NonNullable<Entry['rolling']>,
  path: ScenarioPath,
  { system }: FaultContext,
): FaultAction {
  const wanted = Object.entries(labels);
  const fits = system.resources.some((group) =>
    wanted.every(([key, text]) => group.labels[key] === text));
  if (wanted.length === 0 || !fits) {
    const known = system.resources.flatMap((group) =>
      Object.entries(group.labels).map(([key, text]) => `${key}: ${text}`));
    const remedy = suggestion(wanted.map(([key, text]) => `${key}: ${text}`).join(', '), known);
    throw new Misfit([...path, 'labels'], 'no resource has these labels', remedy);
  }
  return { kind: 'rolling', labels, unavailable, pauseUs, timeoutUs };
}

function resolvePartition(
  given: NonNullable<Entry['partition']>,
  path: ScenarioPath,
  context: FaultContext,
): FaultAction {
  if (Array.isArray(given)) {
    return { kind: 'partition', groups: resolveGroups(given, path, context.system.zones) };
  }
  const cut = resolveCut(given, path, {
    parties: (these, where) => resolveOf(these, where, context),
    groups: (these, where) => resolveGroups(these, where, context.system.zones),
  });
  return { kind: 'partition', cut };
}

function resolveOf(
  of: readonly GivenTarget[],
  path: ScenarioPath,
  context: FaultContext,
): Party[] {
  const read = (target: GivenTarget): FaultTarget => resolveTarget(target, path, context);
  return resolveParties(of, path, context.system.zones, read);
}

function resolveTargets(
  given: readonly Target[],
  action: 'crash' | 'restart' | 'pause' | 'leave' | 'clock' | 'slow',
  path: ScenarioPath,
  context: FaultContext,
): FaultTarget[] {
  const targets = given.map((one) => resolveTarget(one, path, context));
  const isCrash = action === 'crash' || action === 'restart';
  if (!isCrash && action !== 'leave' && targets.some(({ kind }) => kind === 'resources')) {
    const { problem, remedy } = unfit(action);
    throw new Misfit(path, problem, remedy);
  }
  const stays = ({ kind }: FaultTarget): boolean =>
    !['coordinator', 'successors', 'fullest', 'managers', 'named', 'concerned'].includes(kind);
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
  if (when.kind === 'random' || when.kind === 'trace') {
    const which = when.kind === 'trace' ? 'recorded' : 'random';
    throw new Misfit(path, `${which} crashes happen at once`, 'give it a time with `at`');
  }
}

/** What hits hosts only. */
export function unfit(action: string): { readonly problem: string; readonly remedy: string } {
  if (action === 'clock') return { problem: 'resources have no clocks', remedy: 'name hosts' };
  if (action === 'slow') return { problem: 'resources get no messages', remedy: 'name hosts' };
  return { problem: 'resources cannot pause', remedy: 'pause their hosts, or crash them' };
}

type ClockEntry = Omit<NonNullable<Entry['clock']>, 'of'>;

function resolveClock(
  { ahead, back, fast, slow }: ClockEntry,
  path: ScenarioPath,
): { readonly aheadUs: number; readonly drift: number } {
  if (ahead !== undefined && back !== undefined) {
    throw new Misfit([...path, 'back'], 'a clock is stepped one way', 'give ahead or back');
  }
  if (fast !== undefined && slow !== undefined) {
    throw new Misfit([...path, 'slow'], 'a clock is fast or slow', 'give one of the two');
  }
  const aheadUs = ahead ?? 0 - (back ?? 0);
  const drift = fast ?? 0 - (slow ?? 0);
  if (aheadUs === 0 && drift === 0) {
    throw new Misfit(path, 'nothing is wrong with the clock', 'give ahead, back, fast or slow');
  }
  return { aheadUs, drift };
}

/** Only hosts have something to lose. */
function checkState(action: FaultAction, path: ScenarioPath): void {
  if (action.kind !== 'crash' && action.kind !== 'restart') {
    throw new Misfit(path, 'only a crash loses state', 'remove it, or use crash or restart');
  }
  if (action.targets.some(({ kind }) => kind === 'resources')) {
    throw new Misfit(path, 'resources store nothing', 'crash managers or hosts');
  }
}

function resolveTarget(
  target: GivenTarget,
  path: ScenarioPath,
  context: FaultContext,
): FaultTarget {
  if (target === 'coordinator') return { kind: 'coordinator' };
  if (typeof target === 'string') return { kind: 'named', name: target };
  const key = theOne(target, targetKeys, path, 'a target is of one kind');
  // `each` is marked by a count of 0 until it has been held against the fault's time.
  if (key === 'each') return { kind: target.each!, count: 0 };
  if (key === 'concerned') return { kind: key, who: target.concerned! };
  if (key === 'zone' || key === 'rack') return resolvePlace(key, target[key]!, path, context);
  return { kind: key, count: target[key]! };
}

function resolvePlace(
  kind: 'zone' | 'rack',
  name: string,
  path: ScenarioPath,
  { system }: FaultContext,
): FaultTarget {
  const { zones } = system;
  const racks = zones.length * system.racks;
  const index = kind === 'zone' ? zones.indexOf(name) : Number(name.slice('rack-'.length)) - 1;
  if (kind === 'zone' && index < 0) {
    throw new Misfit(path, `there is no zone ${name}`, suggestion(name, zones));
  }
  if (kind === 'rack' && index >= racks) {
    throw new Misfit(path, `there is no ${name}`, `racks go up to rack-${racks}`);
  }
  return { kind, index };
}

/** Only a phase concerns somebody. */
function checkConcerned(action: FaultAction, when: FaultTime, path: ScenarioPath): void {
  if (when.kind === 'during') return;
  const parties = partiesOf(action, path).flatMap((some) => some.parties);
  const all = [...('targets' in action ? action.targets : []), ...parties];
  if (all.every(({ kind }) => kind !== 'concerned')) return;
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
  const each = action.targets.filter((target) => 'count' in target && target.count === 0);
  if (when.kind === 'random') {
    if (each.length === 1 && action.targets.length === 1) return;
    const remedy = 'write { each: managers }, or hosts, resources, zones, racks';
    throw new Misfit(path, 'random faults hit each unit by itself', remedy);
  }
  if (when.kind === 'trace') {
    if (action.kind === 'restart') {
      throw new Misfit(path, 'a trace says when nodes are back', 'use crash');
    }
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
