/** The defaults of periods and timeouts that follow from others, and what must hold among them. */
import { quantile, supremum, type Distribution } from '../random/distributions.js';
import { Misfit } from './error.js';
import type { KindSettings, LatencySettings, ResolvedScenario } from './resolved.js';
import type { ScenarioSettings } from './schema.js';
import { formatDurationUs, LONGEST_US } from './units.js';

/** Where no delay is impossible, one in ten thousand messages is taken to be late. */
const LATE = 0.9999;
const SLOW_ACTION = 0.999;

/** A busy process of a real machine may need this long to answer. */
const SHORTEST_HOP_TIMEOUT_US = 50_000;

/** The longest one-way delay to reckon with: the supremum, or a high quantile if that is none. */
export function reckonedDelayUs(latency: LatencySettings): number {
  const delays =
    latency.kind === 'same'
      ? [latency.delay]
      : [latency.within, latency.between, ...latency.pairs.map(({ delay }) => delay)];
  // Less than a nanosecond is rounding of the sum that makes up the supremum.
  return Math.ceil(Math.max(...delays.map((delay) => longest(delay, LATE))) * 1e6 - 1e-3);
}

/** A default; what users could not write is not derived either. */
function derived(...us: readonly number[]): number {
  return Math.min(Math.ceil(Math.max(...us)), LONGEST_US);
}

function longest(distribution: Distribution, share: number): number {
  const most = supremum(distribution);
  return Number.isFinite(most) ? most : quantile(distribution, share);
}

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
  const resources = resourceTimes(given.resources, roundTripUs);
  const managers = managerTimes(given.managers, resources.heartbeatPeriodUs);
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
    detection: { name: given.detection.name },
    assignment: { name: given.assignment.name },
    rebuildUs: given.rebuild ?? managers.timeoutUs,
    entriesPerMessage: given.entriesPerMessage,
    actions: {
      timeoutUs:
        given.actions.timeout ??
        derived(3 * resources.heartbeatPeriodUs, 2 * slowestActionUs(kinds)),
      retries: given.actions.retries,
    },
    quorum: given.quorum,
  };
}

function resourceTimes(
  given: ScenarioSettings['coordination']['resources'],
  roundTripUs: number,
): ResolvedScenario['coordination']['resources'] {
  const heartbeatPeriodUs = given.heartbeatPeriod;
  const tenthUs = heartbeatPeriodUs / 10;
  const retryUs = given.retry ?? derived(tenthUs, 2 * roundTripUs);
  const times = {
    heartbeatPeriodUs,
    timeoutUs: given.timeout ?? derived(3 * heartbeatPeriodUs),
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
): ResolvedScenario['coordination']['managers'] {
  const heartbeatPeriodUs = given.heartbeatPeriod ?? resourcePeriodUs;
  const times = {
    heartbeatPeriodUs,
    timeoutUs: given.timeout ?? derived(3 * heartbeatPeriodUs),
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
