/**
 * Deadlines of actions, in durations only: no host can tell how long a request was under way. So it
 * asks back before it acts, and acts only if the answer comes soon after its question. Who decided
 * on the action answers only while there is time left for that: what has expired is never begun.
 */
/** Without an outcome for so long an action is sent again, this often. */
interface Times {
  readonly timeoutUs: number;
  readonly retries: number;
}

/** From its question on a host waits so long for the answer. */
export function answerWithinUs({ timeoutUs }: Times): number {
  return 0.5 * timeoutUs;
}

/**
 * From when it is begun until it is given up, at the latest, where overdue ones are looked for so
 * often.
 */
export function expiredWithinUs({ timeoutUs, retries }: Times, lookUs: number): number {
  return (retries + 1) * (timeoutUs + lookUs);
}

/** From when it is begun until nobody answers for it any more: the host's clock may be slower. */
export function confirmedWithinUs({ timeoutUs, retries }: Times): number {
  return (retries + 1) * timeoutUs - 0.6 * timeoutUs;
}
