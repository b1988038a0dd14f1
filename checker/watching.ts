/** How soon and how late whoever watches takes another for gone, by the configuration. */
import { leastSilenceUs, longestSilenceUs, type Rhythm } from '../core/detection/index.js';
import { clockFactor } from '../experiment/slowness.js';
import type { ResolvedScenario } from '../experiment/scenario/resolved.js';

/** One pair of watcher and watched; in true microseconds, whatever clocks drift by. */
export interface WatchTimes {
  /** No silence is taken for an end before. */
  readonly leastUs: number;
  /** Any has been at the watcher's look after that; null: it may wait without limit. */
  readonly mostUs: number | null;
  /** Between two signs of life of the watched. */
  readonly periodUs: number;
}

export interface Watching {
  /** Of a resource by its manager. */
  readonly resource: WatchTimes;
  /** Of a manager by the coordinator. */
  readonly manager: WatchTimes;
  /** Of the coordinator by a manager; the silence is that since what was last answered was sent. */
  readonly coordinator: WatchTimes;
  /** Of its manager by an agent; likewise. */
  readonly holder: WatchTimes;
  /** How much longer, and how much shorter, a time is by a host's clock than it says, at most. */
  readonly slowness: number;
  readonly quickness: number;
  /** Between two looks of a manager or the coordinator, of an agent. */
  readonly lookUs: number;
  readonly agentLookUs: number;
}

export function watchTimes(scenario: ResolvedScenario, patienceUs: number): Watching {
  const { coordination } = scenario;
  const { resources, managers } = coordination;
  const slow = clockFactor(scenario);
  const quick = 1 / (1 + scenario.system.clocks.drift);
  const lookUs = slow * resources.checkPeriodUs;
  const times = (leastUs: number, mostUs: number | null, periodUs: number): WatchTimes => ({
    leastUs: quick * leastUs,
    mostUs: mostUs === null ? null : slow * mostUs + lookUs,
    periodUs: slow * periodUs,
  });
  const detected = (rhythm: Rhythm): WatchTimes =>
    times(leastSilenceUs(coordination, rhythm), longestSilenceUs(coordination, rhythm),
      rhythm.heartbeatPeriodUs);
  const answered = ({ answerTimeoutUs, heartbeatPeriodUs }: Answered): WatchTimes =>
    times(answerTimeoutUs, answerTimeoutUs, heartbeatPeriodUs);
  return {
    resource: detected(resources),
    manager: detected(managers),
    coordinator: answered(managers),
    holder: { ...answered(resources), mostUs: patienceUs },
    slowness: slow,
    quickness: quick,
    lookUs,
    agentLookUs: slow * resources.heartbeatPeriodUs,
  };
}

interface Answered {
  readonly answerTimeoutUs: number;
  readonly heartbeatPeriodUs: number;
}
