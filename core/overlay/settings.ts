import { period, type Settings } from '../settings.js';

export interface Times {
  readonly managers: { readonly heartbeatPeriodUs: number };
  /** The longest that an answer takes. */
  readonly roundTripUs: number;
}

/** A busy process of a real machine may need this long to answer. */
const shortestHopTimeoutUs = 50_000;

/** Of an overlay that comes along; it probes so many times in a heartbeat period of managers. */
export const overlayFields = (probes: number) => ({
  probePeriod: period({
    meaning:
      "Between two probes of a manager, to one other after the next. Default: the managers' " +
      'heartbeat period; half of it in a full mesh.',
    derive: ({ managers }: Times) => managers.heartbeatPeriodUs / probes,
  }),
  heartbeatPeriod: period({
    meaning:
      "Between two heartbeats to the next node on the ring. Default: 3 of the managers' " +
      'heartbeat periods. A full mesh has none.',
    derive: ({ managers }: Times) => 3 * managers.heartbeatPeriodUs,
  }),
  /** Of probes too. */
  hopTimeout: period({
    meaning:
      "A hop unanswered for so long has failed. Default: a twentieth of the managers' heartbeat " +
      'period, at least two round trips and at least 50ms.',
    derive: ({ managers, roundTripUs }: Times) =>
      Math.max(managers.heartbeatPeriodUs / 20, 2 * roundTripUs, shortestHopTimeoutUs),
  }),
});

/** Microseconds. */
export interface OverlaySettings extends Settings<ReturnType<typeof overlayFields>> {
  readonly name: string;
}
