/**
 * What rules keep in mind, as it is told to whoever enforces them next. All times are how long ago
 * something was, or how long it is still to come: clocks of two hosts do not compare.
 */
import { flag, index, list, nullable, record, text, uint, type Of } from '../wire/record.js';

/** What counts in a window of time. */
const ofWindow = {
  underWay: uint,
  /** When those ended that count still, the last first. */
  endedUs: list(uint),
};
export interface WindowMemory {
  readonly underWay: number;
  readonly endedUs: readonly number[];
}

/** Of one subject: a resource of a local rule, a group of a global one. */
const ofSubject = {
  /** The incarnation in which it fired and still holds, 0 for a group; -1: it does not hold. */
  fired: index,
  /** How often it has fired: the number of its latest notice. */
  occasions: uint,
  /** Its condition holds, but not for long enough yet. */
  ripening: nullable(record('ripeningMemory', { occasion: uint, leftUs: uint })),
  /** When its last notice was given. */
  givenUs: nullable(uint),
  /** When its last action began, of a rule with a cooldown. */
  begunUs: nullable(uint),
  limit: nullable(record('limitMemory', {
    ...ofWindow, gaveUpUs: nullable(uint), wellUs: nullable(uint),
  })),
  /** Another rule undoes what it does: when it may act again, and how long it waits after that. */
  feud: nullable(record('feudMemory', { leftUs: uint, delayUs: uint })),
};

/** Of one resource that a rule acts on. */
const ofTarget = {
  /** An action that is wanted again: on which incarnation, and when. */
  waiting: nullable(record('waitingMemory', { incarnation: uint, leftUs: uint })),
  failures: nullable(record('failuresMemory', { delayUs: uint, leftUs: uint, endedUs: uint })),
};

export const ruleMemory = record('ruleMemory', {
  resource: uint,
  /** By name: both have read the same files. */
  rule: text,
  ...ofSubject,
  ...ofTarget,
});
/** What a local rule keeps in mind of a resource. */
export type RuleMemory = Of<typeof ruleMemory>;

const tryMemory = record('tryMemory', {
  resource: uint,
  /** What waits has been begun: it may have been carried out. */
  underWay: flag,
  ...ofTarget,
});
export type TryMemory = Of<typeof tryMemory>;

export const groupMemory = record('groupMemory', {
  rule: text,
  group: text,
  ...ofSubject,
  tries: list(tryMemory),
});
/** What a global rule keeps in mind of a group. */
export type GroupMemory = Of<typeof groupMemory>;

export const placeMemory = record('placeMemory', {
  /** Which of the scenario's brakes. */
  brake: uint,
  place: text,
  ...ofWindow,
  /** How much longer each may be carried out that managers were permitted. */
  lentUs: list(uint),
  /** Who is unavailable by our own doing. */
  taken: list(uint),
});
/** What a brake of the scenario has counted in one place. */
export type PlaceMemory = Of<typeof placeMemory>;

/** What a rule keeps in mind of a subject or a target, wherever that is. */
export type Remembered = Partial<Omit<RuleMemory, 'resource' | 'rule'>>;

const nothing = {
  fired: -1, occasions: 0, ripening: null, givenUs: null, begunUs: null, limit: null, feud: null,
};

type OfSubject = Omit<GroupMemory, 'rule' | 'group' | 'tries'>;

/** Null: there is nothing to tell. */
export function memoryOf(
  resource: number, rule: string, parts: readonly Remembered[],
): RuleMemory | null {
  const all: Omit<RuleMemory, 'resource' | 'rule'> =
    Object.assign({ ...nothing, waiting: null, failures: null }, ...parts);
  const isEmpty = Object.values(all).every((part) => part === null || part === -1 || part === 0);
  return isEmpty ? null : { resource, rule, ...all };
}

export function groupMemoryOf(
  rule: string, group: string, parts: readonly Remembered[], tries: readonly TryMemory[],
): GroupMemory {
  const own: OfSubject = Object.assign({ ...nothing }, ...parts);
  return { rule, group, ...own, tries };
}

/** Who is told of more counts from there: so all that follow fit into messages. */
export const mostOccasions = 0x1_0000_0000_0000;

/** No time is told as longer than that: however often it is passed on, it fits into a message. */
const longestUs = 0x1_0000_0000_0000;

function longer(us: number, byUs: number): number {
  return Math.min(longestUs, us + byUs);
}
function older(us: number | null, byUs: number): number | null {
  return us === null ? null : longer(us, byUs);
}
function sooner<Left extends { readonly leftUs: number }>(
  left: Left | null, byUs: number,
): Left | null {
  return left && { ...left, leftUs: Math.max(0, left.leftUs - byUs) };
}

function agedSubject({ ripening, givenUs, begunUs, limit, feud, ...rest }: OfSubject, byUs: number):
OfSubject {
  return {
    ...rest,
    ripening: sooner(ripening, byUs),
    givenUs: older(givenUs, byUs),
    begunUs: older(begunUs, byUs),
    limit: limit && {
      ...limit, endedUs: limit.endedUs.map((us) => longer(us, byUs)),
      gaveUpUs: older(limit.gaveUpUs, byUs), wellUs: older(limit.wellUs, byUs),
    },
    feud: sooner(feud, byUs),
  };
}

function agedTarget(
  { waiting, failures }: Pick<RuleMemory, 'waiting' | 'failures'>, byUs: number,
): Pick<RuleMemory, 'waiting' | 'failures'> {
  const left = sooner(failures, byUs);
  return {
    waiting: sooner(waiting, byUs),
    failures: left && { ...left, endedUs: longer(left.endedUs, byUs) },
  };
}

/** The same, so much later. */
export function aged(memory: RuleMemory, byUs: number): RuleMemory {
  const { resource, rule, waiting, failures, ...own } = memory;
  return {
    resource, rule, ...agedSubject(own, byUs), ...agedTarget({ waiting, failures }, byUs),
  };
}

export function agedGroup(memory: GroupMemory, byUs: number): GroupMemory {
  const { rule, group, tries, ...own } = memory;
  return {
    rule, group, ...agedSubject(own, byUs),
    tries: tries.map((one) => ({ ...one, ...agedTarget(one, byUs) })),
  };
}

export function agedPlace(memory: PlaceMemory, byUs: number): PlaceMemory {
  const { endedUs, lentUs } = memory;
  return {
    ...memory, endedUs: endedUs.map((us) => longer(us, byUs)),
    lentUs: lentUs.map((us) => Math.max(0, us - byUs)),
  };
}

/** How long ago that was, or how long it is still to come. */
export function lengthUs(fromUs: number, toUs: number): number {
  return Math.min(longestUs, Math.max(0, Math.round(toUs - fromUs)));
}
