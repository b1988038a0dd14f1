/** How often a detector is to be expected to suspect the living, because heartbeats get lost. */
import { learningOf, type Rhythm } from '../core/detection/index.js';
import type { ResolvedScenario } from '../experiment/scenario/resolved.js';

/** The chance that a message gets lost, one by one, is reckoned with up to so many in a row. */
const mostInARow = 64;

export interface FalseAlarms {
  /** Of all resources and managers together, while all live and are in reach. */
  readonly perHour: number;
  /** `coordination.resources.timeout` of a fixed detector as quick in the mean; null: it is one. */
  readonly equalTimeoutUs: number | null;
}

/** Null: nothing is known of the detector. Bursts and jitter are not reckoned with, loss alone. */
export function expectedFalseAlarms(scenario: ResolvedScenario): FalseAlarms | null {
  const { coordination, network, system } = scenario;
  const { fromPlugins, resources, managers } = coordination;
  if (fromPlugins?.detection !== undefined) return null;
  const { loss } = network;
  const population = system.resources.reduce((sum, { count }) => sum + count, 0);
  const { checkPeriodUs } = resources;
  const learner = learningOf(coordination);
  const silence = (rhythm: Rhythm): number =>
    learner?.learning.usualUs(learner.settings, rhythm, loss) ?? rhythm.timeoutUs;
  const hourly = (heartbeatPeriodUs: number, silenceUs: number, lost: number): number =>
    (3600e6 / heartbeatPeriodUs) * share(heartbeatPeriodUs, silenceUs, checkPeriodUs, lost);
  const silenceUs = silence(resources);
  // A manager misses the coordinator when its heartbeat or the answer to it is lost.
  const period = managers.heartbeatPeriodUs;
  const perManager = hourly(period, silence(managers), loss) +
    hourly(period, managers.answerTimeoutUs, 1 - (1 - loss) * (1 - loss));
  return {
    perHour: population * hourly(resources.heartbeatPeriodUs, silenceUs, loss) +
      (system.managers - 1) * perManager,
    equalTimeoutUs: learner === null ? null : Math.round(silenceUs / 1e3) * 1e3,
  };
}

/**
 * Of heartbeats: after k lost ones in a row the next comes k + 1 periods after the last, and a look
 * lies anywhere in the check period that follows the silence.
 */
function share(periodUs: number, silenceUs: number, checkUs: number, loss: number): number {
  let sum = 0;
  let lost = loss;
  for (let inARow = 1; inARow <= mostInARow; inARow += 1) {
    const beyondUs = (inARow + 1) * periodUs - silenceUs;
    sum += lost * (1 - loss) * (1 - loss) * Math.min(1, Math.max(0, beyondUs / checkUs));
    lost *= loss;
  }
  return sum;
}
