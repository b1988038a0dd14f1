/** What a recovery would have saved with half of a setting, by what it waited for. */
import type { CoreConfig } from '../../core/coordination/config.js';
import { causes, type Cause, type Stretch } from './way-back.js';

type Timeout = 'timeoutUs' | 'answerTimeoutUs';
type Watched = 'resources' | 'managers';

/** Who waits for whose heartbeats, or their answers, and for how long. */
const silences: Partial<Record<Cause, readonly [Watched, Timeout]>> = {
  'agents miss their manager': ['resources', 'answerTimeoutUs'],
  'a resource is missed': ['resources', 'timeoutUs'],
  'a manager is missed': ['managers', 'timeoutUs'],
  'the coordinator is missed': ['managers', 'answerTimeoutUs'],
};

/**
 * Microseconds, less than nothing where it would take longer: in the mean, at least, and at most.
 * All three are the same where it is determined.
 */
export interface Saved {
  readonly us: number;
  readonly leastUs: number;
  readonly mostUs: number;
}

/** What befell the system as the episode began. */
export interface Blow {
  /** Links were cut, or are whole again: two sides went their own ways. */
  readonly cut: boolean;
  /** Managers that went down, paused or left. */
  readonly lost: number;
}

export interface System {
  readonly config: CoreConfig;
  readonly managers: number;
}

const LATENCY = causes.network;

const exactly = (us: number): Saved => ({ us, leastUs: us, mostUs: us });
export const plus = (one: Saved, other: Saved): Saved => ({
  us: one.us + other.us, leastUs: one.leastUs + other.leastUs, mostUs: one.mostUs + other.mostUs,
});

/** The settings of which something is told; an election goes by several. */
export function toldOf(way: readonly Stretch[]): ReadonlySet<string> {
  return new Set(way.flatMap(({ cause }) => (cause === 'election' ? [] : causes[cause] ?? [])));
}

/** @param setting - a path */
export function savedOn(way: readonly Stretch[], setting: string, system: System): Saved {
  return way.reduce((sum, _, index) => plus(sum, savedIn(way, index, setting, system)), exactly(0));
}

/** By what then races with the way that was taken, but for what nobody can tell. */
export function widened(
  saved: Saved, way: readonly Stretch[], own: Saved, setting: string, { cut, lost }: Blow,
  { config }: System,
): Saved {
  const lengthUs = way.at(-1)!.toUs - way[0].fromUs;
  if (setting === LATENCY) {
    // With other delays all comes in another order, and another round may be needed, or none.
    const roundUs = config.resources.heartbeatPeriodUs + config.managers.heartbeatPeriodUs;
    return { us: saved.us, leastUs: -2 * roundUs, mostUs: lengthUs };
  }
  // Of each that races only what was done last is known: it may hold up the end, or not.
  const mostOfAllUs = Math.max(saved.mostUs, own.mostUs);
  let { leastUs } = saved;
  const isLate = way.some(({ cause }) => cause === 'late');
  if (cut || isLate) leastUs = Math.min(leastUs, 0);
  // Heard in between, a silence began later than its fault, and so may end sooner.
  const mostUs = isLate ? Math.max(mostOfAllUs, lengthUs) : mostOfAllUs;
  // Elected sooner, a coordinator waits for others that are not yet known to be dead.
  if (setting === causes['the coordinator is missed'] && lost > 1) {
    leastUs = Math.min(leastUs, -config.rebuildUs);
  }
  // Who gives a manager up sooner may be given to another that is not yet known to be dead.
  if (setting === causes['agents miss their manager'] && (cut || lost > 1)) {
    const knownUs = config.managers.timeoutUs + config.resources.checkPeriodUs;
    leastUs = Math.min(leastUs, lengthUs - knownUs);
  }
  return { us: saved.us, leastUs, mostUs };
}

function savedIn(
  way: readonly Stretch[], index: number, setting: string, system: System,
): Saved {
  const { config } = system;
  const { cause, fromUs, toUs } = way[index];
  const lengthUs = toUs - fromUs;
  const silence = silences[cause];
  if (silence !== undefined) {
    // What follows until it was noticed is of the same silence.
    const after = way.slice(index + 1).find((one) => !partsOfSilence.includes(one.cause));
    const noticedUs = after?.fromUs ?? way[way.length - 1].toUs;
    return ofSilence(silence, cause, noticedUs - fromUs, setting, config);
  }
  const beats = (['resources', 'managers'] as const)
    .find((one) => causes[cause] === `coordination.${one}.heartbeatPeriod`);
  if (beats !== undefined) return ofBeats(beats, cause, lengthUs, setting, config);
  if (causes[cause] !== setting) return exactly(0);
  if (cause === 'agents look for a manager') return ofSearch(lengthUs, system);
  if (cause === 'the coordinator waits for reports') {
    const halfUs = config.rebuildUs / 2;
    // From the election on it may have had them all before its time was over.
    const isWhole = way[index - 1]?.cause !== 'election' && way[index - 1]?.cause !== 'network';
    return exactly(isWhole ? Math.min(lengthUs, halfUs) : Math.max(0, lengthUs - halfUs));
  }
  return exactly(lengthUs / 2);
}

/** With another period all beats come at other instants, and somebody else is the last. */
function ofBeats(
  watched: Watched, cause: Cause, lengthUs: number, setting: string, config: CoreConfig,
): Saved {
  if (!setting.endsWith('.heartbeatPeriod')) return exactly(0);
  const isOf = (one: Watched): boolean => setting === `coordination.${one}.heartbeatPeriod`;
  const periodUs = (one: Watched): number => config[one].heartbeatPeriodUs / (isOf(one) ? 2 : 1);
  // Its manager forgets it once it was told so in the answer to a report of its own.
  const longestUs = periodUs(watched) +
    (cause === 'an agent asks its manager' ? 2 * periodUs('managers') : 0);
  return {
    us: isOf(watched) ? lengthUs / 2 : 0, leastUs: Math.min(0, lengthUs - longestUs),
    mostUs: lengthUs,
  };
}

/** Whom it asks first is drawn. At most a round of all, until who is found has told it. */
function ofSearch(lengthUs: number, { config, managers }: System): Saved {
  const { retryUs, retryMaxUs } = config.resources;
  const roundUs = (managers * retryUs) / 2 + retryMaxUs;
  const heardUs = config.resources.heartbeatPeriodUs + config.managers.heartbeatPeriodUs;
  return {
    us: lengthUs / 2, leastUs: Math.min(0, lengthUs - roundUs - heardUs), mostUs: lengthUs,
  };
}

const partsOfSilence: readonly Cause[] = ['the next look', 'late'];

/** @param silentUs - from the fault until the silence was noticed */
function ofSilence(
  [watched, timeout]: readonly [Watched, Timeout], cause: Cause, silentUs: number,
  setting: string, config: CoreConfig,
): Saved {
  const { heartbeatPeriodUs } = config[watched];
  // An agent does not give its manager up before a second answer is due.
  const least = cause === 'agents miss their manager' ? 2 : 0;
  const lasts = (timeoutUs: number, periodUs: number): number =>
    Math.max(timeoutUs, least * periodUs);
  const wholeUs = lasts(config[watched][timeout], heartbeatPeriodUs);
  if (causes[cause] === setting) {
    return exactly(wholeUs - lasts(config[watched][timeout] / 2, heartbeatPeriodUs));
  }
  if (setting !== `coordination.${watched}.heartbeatPeriod`) return exactly(0);
  // The last heartbeat before the fault comes later by half of what it was before it.
  const ageUs = Math.max(0, Math.min(heartbeatPeriodUs, wholeUs - silentUs));
  const sooner = wholeUs - lasts(config[watched][timeout], heartbeatPeriodUs / 2);
  return {
    us: sooner - ageUs / 2, leastUs: sooner - ageUs,
    mostUs: sooner + heartbeatPeriodUs / 2 - ageUs,
  };
}
