/** What a scenario says of how actions are carried out. */
import type { BrakeSettings, Silence } from './brake-settings.js';
import { choice, count, flag, period, type Settings } from '../settings.js';

export const actionFields = {
  timeout: period({
    meaning:
      'An action without outcome for so long is sent again. Default: 3 heartbeat periods, ' +
      'at least twice as long as actions take (their 99.9% quantile).',
    derive: ({ resources, slowestActionUs }: {
      readonly resources: { readonly heartbeatPeriodUs: number };
      readonly slowestActionUs: number;
    }) => Math.max(3 * resources.heartbeatPeriodUs, 2 * slowestActionUs),
  }),
  /** Then it has expired. */
  retries: count(0, 1_000, { usual: 3, meaning: 'How often it is sent again.' }),
  deadlines: flag({
    usual: true,
    meaning:
      'Hosts ask back before they act: what has expired is never begun. What they did enters ' +
      'the model at once, and local rules send nothing to hosts known to be dead.',
  }),
  handOn: flag({
    usual: true,
    meaning:
      'What local rules keep in mind of a resource (timers, counts, what was given up, what ' +
      'was told) goes with it to its next holder.',
  }),
  mode: choice(['act', 'observe'], {
    usual: 'act',
    quiet: true,
    meaning: 'One switch for all rules. observe: they tell what they would do, and do not.',
  }),
};

type AllSettings = Settings<typeof actionFields>;

/** Time limit of an action, how often it is sent again, and what holds actions back. */
export interface ActionSettings
  extends Pick<AllSettings, 'timeoutUs' | 'retries'>,
  Partial<Omit<AllSettings, 'timeoutUs' | 'retries'>> {
  readonly silences?: readonly Silence[];
  readonly brakes?: readonly BrakeSettings[];
}
