/** What the exit code of `sim` says. */
export const exit = {
  /** All invariants held. */
  ok: 0,
  /** An invariant broke, or the system was still unhealthy past its bound. */
  broken: 1,
  /** Usage, scenario or file: nothing was written. */
  wrongInput: 2,
  /** A defect of the program itself. */
  defect: 3,
  /** Disk full and the like; what was finished is kept. */
  environment: 4,
  /** A live run of which times and health cannot be judged: its processes stood still too long. */
  void: 5,
  /** By SIGHUP, SIGINT and SIGTERM, as shells count: what was finished is kept. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

export { InputError } from '../campaign/errors.js';
