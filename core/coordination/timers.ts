/** The kinds of timers of each process: what a world hands back to `onTimer`. */

export const ManagerTimer = {
  /** The periodic look at everything that may have gone silent. */
  check: 1,
  heartbeat: 2,
  overlayProbe: 3,
  overlayProbeTimeout: 4,
  overlayHopTimeout: 5,
  electionTry: 6,
  electionRequest: 7,
  bootstrap: 8,
  rebuild: 9,
  /** Registrations that came during the rebuild: the next of them. */
  queued: 10,
  /** The holder of a greater ballot has not answered. */
  electionAsk: 11,
  /** The coordinator has not answered, of whom others want to know whether it does. */
  electionLook: 12,
} as const;

export const AgentTimer = {
  heartbeat: 1,
  /** A manager left a heartbeat unanswered: is it silent for good by now? */
  answerDeadline: 2,
  register: 3,
} as const;
