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

/** The settings of which something is told; an election goes by several. */
export function toldOf(way: readonly Stretch[]): ReadonlySet<string> {
  return new Set(way.flatMap(({ cause }) => (cause === 'election' ? [] : causes[cause] ?? [])));
}

/**
 * Microseconds, less than nothing where it would take longer. With half of a heartbeat's period it
 * comes at other instants: the mean is told.
 *
 * @param setting - a path
 */
export function savedUs(
  way: readonly Stretch[], setting: string, config: CoreConfig,
): number {
  return way.reduce((sum, _, index) => sum + savedIn(way, index, setting, config), 0);
}

function savedIn(
  way: readonly Stretch[], index: number, setting: string, config: CoreConfig,
): number {
  const { cause, fromUs, toUs } = way[index];
  const lengthUs = toUs - fromUs;
  const silence = silences[cause];
  if (silence !== undefined) {
    // What follows until it was noticed is of the same silence.
    const after = way.slice(index + 1).find((one) => !partsOfSilence.includes(one.cause));
    const noticedUs = after?.fromUs ?? way[way.length - 1].toUs;
    return ofSilence(silence, cause, noticedUs - fromUs, setting, config);
  }
  if (causes[cause] !== setting) return 0;
  if (cause === 'the coordinator waits for reports') {
    const halfUs = config.rebuildUs / 2;
    // From the election on it may have had them all before its time was over.
    const isWhole = way[index - 1]?.cause !== 'election' && way[index - 1]?.cause !== 'network';
    return isWhole ? Math.min(lengthUs, halfUs) : Math.max(0, lengthUs - halfUs);
  }
  return lengthUs / 2;
}

const partsOfSilence: readonly Cause[] = ['the next look', 'late'];

/** @param silentUs - from the fault until the silence was noticed */
function ofSilence(
  [watched, timeout]: readonly [Watched, Timeout], cause: Cause, silentUs: number,
  setting: string, config: CoreConfig,
): number {
  const { heartbeatPeriodUs } = config[watched];
  // An agent does not give its manager up before a second answer is due.
  const least = cause === 'agents miss their manager' ? 2 : 0;
  const lasts = (timeoutUs: number, periodUs: number): number =>
    Math.max(timeoutUs, least * periodUs);
  const wholeUs = lasts(config[watched][timeout], heartbeatPeriodUs);
  if (causes[cause] === setting) {
    return wholeUs - lasts(config[watched][timeout] / 2, heartbeatPeriodUs);
  }
  if (setting !== `coordination.${watched}.heartbeatPeriod`) return 0;
  // The last heartbeat before the fault comes later by half of what it was before it.
  const ageUs = Math.max(0, Math.min(heartbeatPeriodUs, wholeUs - silentUs));
  return wholeUs - lasts(config[watched][timeout], heartbeatPeriodUs / 2) - ageUs / 2;
}
