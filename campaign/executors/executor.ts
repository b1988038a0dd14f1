/** Who makes the runs of a campaign: workers of this machine, or machines on a queue. */

/** A run, or several that belong together, as plain data: any wire will do. */
export interface Task {
  readonly runId: string;
}

/** Where runs come from and where their outcomes go. */
export interface Work<Given extends Task, Result = undefined> {
  /** The next run; null if there is none now. Asked again after each outcome. */
  next(): Given | null;
  /** How many there are still to be given, so that some may be given ahead. */
  left(): number;
  /** A run has ended; `crashed` says why it failed, if it did, and `result` what came out. */
  ended(task: Given, crashed: string | null, result?: Result): void;
  /** More may come, of which the executor is told; undefined: no. */
  open?(): boolean;
  /** The share of a run that is done. */
  progress?(task: Given, share: number): void;
}

export interface Executor<Given extends Task, Result = undefined> {
  /**
   * Until there is nothing left to do, or {@link stop}: each run ends once, however its maker does.
   *
   * @throws ExecutorError where the world around does not let us go on
   */
  execute(work: Work<Given, Result>): Promise<void>;
  /** Ends at once; what is being run is lost. */
  stop(): void;
}

/** Carries out one task; throws where it cannot be done. */
export type Perform<Given extends Task, Result = undefined> = (
  task: Given, report: (share: number) => void,
) => Promise<Result>;
