import type { DetectionSettings, DetectorImplementation } from '../detection/index.js';
import type { ElectionImplementation, ElectionSettings } from '../election/index.js';
import type { OverlayImplementation, OverlaySettings } from '../overlay/index.js';
import type { Configured } from '../configured.js';
import { actionFields, type ActionSettings } from '../rules/index.js';
import {
  choice, count, duration, flag, group, inWords, number, outlasts, period, type Settings,
} from '../settings.js';
import type { AssignmentImplementation } from './assignment/index.js';

/** The longest that an answer takes. */
export interface RoundTrip {
  readonly roundTripUs: number;
}

export interface Beats {
  readonly heartbeatPeriodUs: number;
}
/** No silence is tolerated for longer, by the detector's own settings; undefined: no such limit. */
export interface Limited extends Beats {
  readonly longestSilenceUs: number | undefined;
}

const outlastsBeats = (name: string) => (us: number, { heartbeatPeriodUs }: Beats) =>
  outlasts(heartbeatPeriodUs, us, name);

const resources = {
  /** h_r */
  heartbeatPeriod: period({
    usual: '10s', meaning: 'Between two heartbeats of a resource.',
  }),
  /** tau, counted from the last heartbeat. */
  timeout: period({
    meaning: 'Silence after which its manager suspects a resource. Default: 3 heartbeat periods.',
    derive: ({ longestSilenceUs, heartbeatPeriodUs }: Limited) =>
      longestSilenceUs ?? 3 * heartbeatPeriodUs,
    check: outlastsBeats('timeout'),
  }),
  /** c: of a manager, an agent or a coordinator. */
  checkPeriod: period({
    meaning: 'Between two looks at the silent ones. Default: a tenth of the heartbeat period.',
    derive: ({ heartbeatPeriodUs }: Beats) => heartbeatPeriodUs / 10,
  }),
  /** Counted from the last answered heartbeat. */
  answerTimeout: period({
    meaning: 'Silence after which it gives its manager up. Default: 3 heartbeat periods.',
    derive: ({ heartbeatPeriodUs }: Beats) => 3 * heartbeatPeriodUs,
    check: outlastsBeats('answerTimeout'),
  }),
  /** With jitter. */
  retry: period({
    meaning:
      'Between two managers that are asked for a registration, and after the first round of all; ' +
      'doubles by the round. ' +
      'Default: a tenth of the heartbeat period, at least two round trips.',
    derive: ({ heartbeatPeriodUs, roundTripUs }: Beats & RoundTrip) =>
      Math.max(heartbeatPeriodUs / 10, 2 * roundTripUs),
  }),
  retryMax: period({
    meaning: 'Longest pause after a round. Default: 8 times retry.',
    derive: ({ retryUs }: { readonly retryUs: number }) => 8 * retryUs,
    check: (us, { retryUs }) => us >= retryUs ? null : {
      problem: `retryMax is shorter than retry (${inWords(retryUs)})`,
      remedy: 'make it at least as long',
    },
  }),
};

const managers = {
  /** h_m: to the coordinator. */
  heartbeatPeriod: period({
    meaning: 'Between two heartbeats of a manager. Default: as for resources.',
    derive: (known: { readonly resources: Beats }) => known.resources.heartbeatPeriodUs,
  }),
  timeout: period({
    meaning:
      'Silence after which the coordinator gives a manager up. Default: 3 heartbeat periods.',
    derive: ({ longestSilenceUs, heartbeatPeriodUs }: Limited) =>
      longestSilenceUs ?? 3 * heartbeatPeriodUs,
    check: outlastsBeats('timeout'),
  }),
  /** Counted from the last answered heartbeat. */
  answerTimeout: period({
    meaning:
      'Silence after which a manager suspects the coordinator. Default: 3 heartbeat periods.',
    derive: ({ heartbeatPeriodUs }: Beats) => 3 * heartbeatPeriodUs,
    check: outlastsBeats('answerTimeout'),
  }),
};

const rebalance = {
  threshold: number(0, Infinity, {
    usual: 0.2,
    meaning:
      'Resources begin to move once the fullest and the emptiest manager differ by that ' +
      'share of the mean, and by two at least; until these differ by one at most.',
  }),
  perPeriod: count(0, 1_000_000, {
    usual: 10,
    meaning: 'How many each manager gives or takes per heartbeat period. 0: none ever move.',
  }),
};

/** Settings of the management system, but for those of what a scenario names. */
export const coordinationFields = {
  rebalance: group('What happens when managers join or return.', rebalance),
  /** Then it goes. */
  leaveTimeout: period({
    meaning:
      'A manager that leaves hands over for so long at most. ' +
      "Default: the resources' timeout and three heartbeat periods.",
    derive: ({ resources, managers }: Times) =>
      resources.timeoutUs + 3 * Math.max(resources.heartbeatPeriodUs, managers.heartbeatPeriodUs),
  }),
  inventory: flag({
    usual: true,
    meaning:
      'true: what was registered stays in the model, whoever dies, while the coordinator or one ' +
      'of its standbys survives; what is silent is told apart: unknown, unreachable, down.',
  }),
  quorum: choice(['none'], {
    usual: 'none', meaning: 'Managers needed to act; none: available.',
  }),
  resources: group('Resources and their managers.', resources),
  managers: group('Managers and the coordinator.', managers),
  rebuild: duration({
    meaning:
      'How long a new coordinator waits for managers before it enforces global rules. ' +
      "Default: the managers' timeout.",
    derive: (known: Times) => known.managers.timeoutUs,
  }),
  entriesPerMessage: count(1, 100_000, {
    usual: 100, meaning: 'Model entries in one message, at most.',
  }),
  standbys: count(0, 100, {
    usual: 2,
    meaning:
      'So many managers next in line keep what the coordinator knows: what is registered ' +
      '(inventory), and what rules keep in mind (actions.handOn).',
  }),
  seeds: count(0, 100_000, {
    usual: 0,
    quiet: true,
    meaning:
      'So many of the configured managers, the first, are known to agents from their start; of ' +
      'others they hear from their managers. 0: all.',
  }),
  actions: group('Actions that rules decide on.', actionFields),
};

export interface Times {
  readonly resources: Beats & { readonly timeoutUs: number };
  readonly managers: Beats & { readonly timeoutUs: number };
}

/** What the processes of the management system are told. Microseconds. */
export interface CoreConfig
  extends Omit<
    Settings<typeof coordinationFields>, 'actions' | 'inventory' | 'standbys' | 'seeds'
  > {
  readonly overlay: OverlaySettings;
  readonly election: ElectionSettings;
  readonly detection: DetectionSettings;
  readonly assignment: { readonly name: string };
  readonly actions: ActionSettings;
  /** Left out: 0. */
  readonly standbys?: number;
  /** Left out: 0, which is all. */
  readonly seeds?: number;
  /** Left out: the model holds what living managers list. */
  readonly inventory?: boolean;
  /** Implementations of the user's own, instead of those named above. */
  readonly fromPlugins?: CoreFromPlugins;
}

/** How many managers agents know from their start, of so many. */
export function seedsOf({ seeds = 0 }: Pick<CoreConfig, 'seeds'>, managers: number): number {
  return seeds === 0 ? managers : Math.min(seeds, managers);
}

/** Implementations of the user's own, each in the place of what the configuration names. */
export interface CoreFromPlugins {
  readonly detection?: Configured<DetectorImplementation>;
  readonly overlay?: Configured<OverlayImplementation>;
  readonly election?: Configured<ElectionImplementation>;
  readonly assignment?: Configured<AssignmentImplementation>;
}
