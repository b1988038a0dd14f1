/** The kinds of timers of a Pastry node. */
export const Timer = {
  /** A request has not been answered. */
  request: 0,
  // What is done now and then.
  meet: 1, beat: 2, watch: 3, join: 4, lookAgain: 5, doubt: 6,
} as const;
