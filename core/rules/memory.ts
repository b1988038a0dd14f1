/**
 * What local rules keep in mind of a resource, as it is told to its next holder. All times are how
 * long ago something was, or how long it is still to come: clocks of two hosts do not compare.
 */
import { index, list, nullable, record, text, uint, type Of } from '../wire/record.js';

export const ruleMemory = record('ruleMemory', {
  resource: uint,
  /** By name: both have read the same files. */
  rule: text,
  /** The incarnation in which it fired and still holds; -1: it does not hold. */
  fired: index,
  /** Its condition holds, but not for long enough yet. */
  ripening: nullable(record('ripeningMemory', { occasion: uint, leftUs: uint })),
  /** When its last notice was given. */
  givenUs: nullable(uint),
  /** An action that is wanted again: on which incarnation, and when. */
  waiting: nullable(record('waitingMemory', { incarnation: uint, leftUs: uint })),
  failures: nullable(record('failuresMemory', { delayUs: uint, leftUs: uint, endedUs: uint })),
  /** When its last action began, of a rule with a cooldown. */
  begunUs: nullable(uint),
  limit: nullable(record('limitMemory', {
    /** When those actions ended that count still, the last first; what is under way ends now. */
    endedUs: list(uint), gaveUpUs: nullable(uint), wellUs: nullable(uint),
  })),
});
export type RuleMemory = Of<typeof ruleMemory>;

/** What a rule keeps in mind of a resource, wherever that is. */
export type Remembered = Partial<Omit<RuleMemory, 'resource' | 'rule'>>;

const nothing = {
  fired: -1, ripening: null, givenUs: null, waiting: null, failures: null, begunUs: null,
  limit: null,
};

/** Null: there is nothing to tell. */
export function memoryOf(
  resource: number, rule: string, parts: readonly Remembered[],
): RuleMemory | null {
  const all: Omit<RuleMemory, 'resource' | 'rule'> = Object.assign({ ...nothing }, ...parts);
  const isEmpty = Object.values(all).every((part) => part === null || part === -1);
  return isEmpty ? null : { resource, rule, ...all };
}

/** No time is told as longer than that: however often it is passed on, it fits into a message. */
const longestUs = 0x1_0000_0000_0000;

/** The same, so much later. */
export function aged(memory: RuleMemory, byUs: number): RuleMemory {
  const { ripening, givenUs, waiting, failures, begunUs, limit } = memory;
  const longer = (us: number): number => Math.min(longestUs, us + byUs);
  const older = (us: number | null): number | null => us === null ? null : longer(us);
  const sooner = (us: number): number => Math.max(0, us - byUs);
  return {
    ...memory,
    ripening: ripening && { ...ripening, leftUs: sooner(ripening.leftUs) },
    givenUs: older(givenUs),
    waiting: waiting && { ...waiting, leftUs: sooner(waiting.leftUs) },
    failures: failures && {
      ...failures, leftUs: sooner(failures.leftUs), endedUs: longer(failures.endedUs),
    },
    begunUs: older(begunUs),
    limit: limit && {
      endedUs: limit.endedUs.map(longer),
      gaveUpUs: older(limit.gaveUpUs), wellUs: older(limit.wellUs),
    },
  };
}

/** How long ago that was, or how long it is still to come. */
export function lengthUs(fromUs: number, toUs: number): number {
  return Math.min(longestUs, Math.max(0, Math.round(toUs - fromUs)));
}
