/** The kinds of timers of each process, beside those of a manager's components. */

export const ManagerTimer = {
  /** The periodic look at everything that may have gone silent. */
  check: 1,
  heartbeat: 2,
  rebuild: 3,
  /** Registrations that came during the rebuild: the next of them. */
  queued: 4,
} as const;

/** The components of a manager that have timers of their own; two of them detectors. */
export const Owner = { overlay: 1, election: 2, resources: 3, managers: 4 } as const;

export const AgentTimer = {
  heartbeat: 1,
  /** A manager left a heartbeat unanswered: is it silent for good by now? */
  answerDeadline: 2,
  register: 3,
  /** Is everything registered? */
  enrol: 4,
} as const;
