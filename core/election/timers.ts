/** The kinds of timers of an election by the overlay. */
export const Timer = {
  /** The seeds have had their time to tell of a coordinator. */
  bootstrap: 0,
  /** A request for an election, or an offer of the role, has been without effect. */
  request: 1,
  /** The next try of a root that looks into an election. */
  inquire: 2,
  /** The holder of a greater ballot has not answered. */
  ask: 3,
  /** The coordinator has not answered, of whom others want to know whether it does. */
  look: 4,
} as const;
