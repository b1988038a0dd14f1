/** The defaults of periods and timeouts that follow from others, and what must hold among them. */
import { extraDelayUs } from '../harm.js';
import { longestDelayUs } from '../latency.js';
import { quantile, supremum, type Distribution } from '../random/distributions.js';
import { Misfit } from './error.js';
import type { KindSettings, NetworkSettings, ResolvedScenario } from './resolved.js';
import type { ScenarioSettings } from './schema.js';
import { formatDurationUs, LONGEST_US } from './units.js';

/** Where no delay is impossible, one in ten thousand messages is taken to be late. */
const LATE = 0.9999;
const SLOW_ACTION = 0.999;

/** A busy process of a real machine may need this long to answer. */
const SHORTEST_HOP_TIMEOUT_US = 50_000;

/** The longest one-way delay to reckon with: the supremum, or a high quantile if that is none. */
export function reckonedDelayUs({ latency, impairments }: NetworkSettings): number {
  return longestDelayUs(latency, (delay) => longest(delay, LATE)) + extraDelayUs(impairments, LATE);
}

/** A default; what users could not write is not derived either. */
function derived(...us: readonly number[]): number {
  return Math.min(Math.ceil(Math.max(...us)), LONGEST_US);
}

function longest(distribution: Distribution, share: number): number {
  const most = supremum(distribution);
  return Number.isFinite(most) ? most : quantile(distribution, share);
}

/** How many managers keep a copy of the inventory beside the coordinator. */
const inventoryCopies = 2;

/** With or without details: a plain name has none. */
interface OverlayTimes {
  readonly name: string;
  readonly probePeriod?: number | undefined;
  readonly heartbeatPeriod?: number | undefined;
  readonly hopTimeout?: number | undefined;
}
interface ElectionTimes {
  readonly name: string;
  readonly tries?: number;
  readonly tryTimeout?: number | undefined;
  readonly requestTimeout?: number | undefined;
}

export function resolveCoordination(
  given: ScenarioSettings['coordination'],
  delayUs: number,
  kinds: readonly KindSettings[],
): ResolvedScenario['coordination'] {
  const roundTripUs = 2 * delayUs;
  const { detection } = given;
  const longestUs = longestSilenceUs(given);
  const resources = resourceTimes(given.resources, roundTripUs, longestUs);
  const managers = managerTimes(given.managers, resources.heartbeatPeriodUs, longestUs);
  const overlay: OverlayTimes = given.overlay;
  const hopTimeoutUs =
    overlay.hopTimeout ??
    derived(managers.heartbeatPeriodUs / 20, 2 * roundTripUs, SHORTEST_HOP_TIMEOUT_US);
  return {
    resources,
    managers,
    overlay: {
      name: overlay.name,
      probePeriodUs:
        overlay.probePeriod ??
        derived(managers.heartbeatPeriodUs / (overlay.name === 'full-mesh' ? 2 : 1)),
      heartbeatPeriodUs: overlay.heartbeatPeriod ?? derived(3 * managers.heartbeatPeriodUs),
      hopTimeoutUs,
    },
    election: electionTimes(given.election, hopTimeoutUs),
    detection: resolveDetection(detection, resources, managers),
    assignment: { name: given.assignment.name },
    rebalance: given.rebalance,
    leaveTimeoutUs: given.leaveTimeout ?? derived(
      resources.timeoutUs + 3 * Math.max(resources.heartbeatPeriodUs, managers.heartbeatPeriodUs),
    ),
    rebuildUs: given.rebuild ?? managers.timeoutUs,
    entriesPerMessage: given.entriesPerMessage,
    ...(given.standbys > 0 ? { standbys: given.standbys } : {}),
    actions: {
      timeoutUs:
        given.actions.timeout ??
        derived(3 * resources.heartbeatPeriodUs, 2 * slowestActionUs(kinds)),
      retries: given.actions.retries,
      ...(given.actions.deadlines ? { deadlines: true as const } : {}),
      ...(given.actions.handOn ? { handOn: true as const } : {}),
      ...(given.actions.mode === 'observe' ? { mode: given.actions.mode } : {}),
    },
    ...(given.inventory === 'on' ? { inventory: { copies: inventoryCopies } } : {}),
    quorum: given.quorum,
  };
}

/** Whoever is silent for longer is suspected in any case; undefined: there is no such limit. */
function longestSilenceUs({
  detection, resources, managers,
}: ScenarioSettings['coordination']): number | undefined {
  if (detection.name === 'fixed' || detection.maxTimeout === undefined) return undefined;
  const periodUs = Math.max(resources.heartbeatPeriod, managers.heartbeatPeriod ?? 0);
  mustExceed(['coordination', 'detection', 'maxTimeout'], detection.maxTimeout, periodUs);
  return detection.maxTimeout;
}

function resolveDetection(
  given: ScenarioSettings['coordination']['detection'],
  { heartbeatPeriodUs: resourcesUs }: ResolvedScenario['coordination']['resources'],
  { heartbeatPeriodUs: managersUs }: ResolvedScenario['coordination']['managers'],
): ResolvedScenario['coordination']['detection'] {
  if (given.name === 'fixed') return given;
  const { name, threshold, minDeviation, acceptablePause, maxTimeout, window } = given;
  return {
    name,
    threshold,
    minDeviationUs: minDeviation ?? derived(Math.min(resourcesUs, managersUs) / 10),
    acceptablePauseUs: acceptablePause,
    maxTimeoutUs: maxTimeout ?? null,
    window,
  };
}

function resourceTimes(
  given: ScenarioSettings['coordination']['resources'],
  roundTripUs: number,
  longestUs: number | undefined,
): ResolvedScenario['coordination']['resources'] {
  const heartbeatPeriodUs = given.heartbeatPeriod;
  const tenthUs = heartbeatPeriodUs / 10;
  const retryUs = given.retry ?? derived(tenthUs, 2 * roundTripUs);
  const times = {
    heartbeatPeriodUs,
    timeoutUs: given.timeout ?? longestUs ?? derived(3 * heartbeatPeriodUs),
    checkPeriodUs: given.checkPeriod ?? derived(tenthUs),
    answerTimeoutUs: given.answerTimeout ?? derived(3 * heartbeatPeriodUs),
    retryUs,
    retryMaxUs: given.retryMax ?? derived(8 * retryUs),
  };
  const at = ['coordination', 'resources'];
  mustExceed([...at, 'timeout'], times.timeoutUs, heartbeatPeriodUs);
  mustExceed([...at, 'answerTimeout'], times.answerTimeoutUs, heartbeatPeriodUs);
  if (times.retryMaxUs < retryUs) {
    const problem = `retryMax is shorter than retry (${formatDurationUs(retryUs)})`;
    throw new Misfit([...at, 'retryMax'], problem, 'make it at least as long');
  }
  return times;
}

function managerTimes(
  given: ScenarioSettings['coordination']['managers'],
  resourcePeriodUs: number,
  longestUs: number | undefined,
): ResolvedScenario['coordination']['managers'] {
  const heartbeatPeriodUs = given.heartbeatPeriod ?? resourcePeriodUs;
  const times = {
    heartbeatPeriodUs,
    timeoutUs: given.timeout ?? longestUs ?? derived(3 * heartbeatPeriodUs),
    answerTimeoutUs: given.answerTimeout ?? derived(3 * heartbeatPeriodUs),
  };
  const at = ['coordination', 'managers'];
  mustExceed([...at, 'timeout'], times.timeoutUs, heartbeatPeriodUs);
  mustExceed([...at, 'answerTimeout'], times.answerTimeoutUs, heartbeatPeriodUs);
  return times;
}

function electionTimes(
  given: ElectionTimes,
  hopTimeoutUs: number,
): ResolvedScenario['coordination']['election'] {
  const tries = given.tries ?? 3;
  const tryTimeoutUs = given.tryTimeout ?? hopTimeoutUs;
  const requestTimeoutUs = given.requestTimeout ?? derived(tries * tryTimeoutUs + 4 * hopTimeoutUs);
  if (requestTimeoutUs <= tries * tryTimeoutUs) {
    throw new Misfit(
      ['coordination', 'election', 'requestTimeout'],
      'requestTimeout is over before the root has tried the coordinator',
      `make it longer than tries x tryTimeout (${formatDurationUs(tries * tryTimeoutUs)})`,
    );
  }
  return { name: given.name, tries, tryTimeoutUs, requestTimeoutUs };
}

function mustExceed(path: readonly string[], timeoutUs: number, periodUs: number): void {
  if (timeoutUs > periodUs) return;
  const [period, timeout] = [formatDurationUs(periodUs), formatDurationUs(timeoutUs)];
  const name = path.at(-1)!;
  throw new Misfit(
    path,
    `${name} ${timeout} is not longer than the heartbeat period ${period}`,
    `make it longer, 3 periods (${formatDurationUs(3 * periodUs)}) for example`,
  );
}

function slowestActionUs(kinds: readonly KindSettings[]): number {
  const durations = kinds.flatMap(({ actions }) =>
    Object.values(actions).map(({ duration }) => longest(duration, SLOW_ACTION)),
  );
  return Math.max(0, ...durations) * 1e6;
}
