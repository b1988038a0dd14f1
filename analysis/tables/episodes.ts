import { count, flag, quantity, words, type RowOf } from './column.js';
import { tableOf } from './table.js';

const OPEN = 'the episode was open when the run ended';
const absent = (what: string): string => `${what} in the episode`;

const fields = {
  start_s: quantity('s', 'first instant not healthy'),
  end_s: quantity('s', 'first instant from which the plane stayed healthy', OPEN),
  duration_s: quantity('s', 'end_s less start_s', OPEN),
  settle_s: quantity('s', 'end_s less last_fault_s, or less start_s if that is empty', OPEN),
  last_fault_s: quantity(
    's',
    't0: when a manager or link last failed, returned, was paused or resumed, or links changed',
    absent('nothing of the kind happened'),
  ),
  censored: flag(OPEN),
  faults: count('faults', 'faults that began or ended in the episode'),
  detected_s: quantity(
    's', 'the last first suspicion of a manager that was right', absent('nobody was suspected'),
  ),
  elected_s: quantity('s', 'the last election', absent('nobody was elected')),
  reregistered_s: quantity(
    's', 'when each live resource was last held by exactly one live manager again',
    absent('all were, throughout,'),
  ),
  synced_s: quantity(
    's', "when the coordinator's model was last as young as promised again",
    absent('it was, throughout,'),
  ),
  extra_messages: quantity('messages', 'beyond what a plane in peace would have sent'),
  extra_bytes: quantity('bytes', 'of extra_messages'),
  bound_s: quantity('s', 'B for the faults in it: settle_s is promised to be at most this',
    'nothing can be promised for its faults'),
  first_detected_s: quantity(
    's', 'the first suspicion that was right', absent('nobody was suspected'),
  ),
  sent: count('messages', 'of all types, in the episode'),
  beyond_twin: quantity(
    'messages', 'sent less what the same seed without faults sends in the same time',
    'the scenario has no measure.twin, or the episode was open when the run ended',
  ),
  cause: words('what began it, in a few words'),
};

/** The phases are the last occurrence of each in the episode. */
export type EpisodeRow = RowOf<typeof fields>;

export const episodes = tableOf<EpisodeRow>(
  'episodes',
  'a recovery episode of the management plane; instants are since the run began',
  fields,
);
