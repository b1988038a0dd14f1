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

/**
 * From when a manager asks for a permit until it lets no host go on with that action, by a clock
 * that does not stand still with the manager.
 */
export function permittedWithinUs(times: Times): number {
  return answerWithinUs(times) + confirmedWithinUs(times);
}

/**
 * So long a permit counts in the coordinator's windows if nothing is heard of it: until the last
 * host that was let go on has acted, by the slowest of three clocks.
 */
export function lentForUs(times: Times): number {
  return 1.2 * (permittedWithinUs(times) + answerWithinUs(times));
}

/** Who is refused a permit asks again after that, at the soonest. */
export function soonestUs({ timeoutUs }: Times): number {
  return 0.2 * timeoutUs;
}

/** From when it is begun until nobody answers for it any more: the host's clock may be slower. */
export function confirmedWithinUs({ timeoutUs, retries }: Times): number {
  return (retries + 1) * timeoutUs - 0.6 * timeoutUs;
}
