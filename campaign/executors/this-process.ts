/** Makes runs one after the other, in this process: for few and short ones. */
import { ExecutorError } from '../errors.js';
import type { Executor, Perform, Task, Work } from './executor.js';

export class ThisProcess<Given extends Task, Result = undefined>
implements Executor<Given, Result> {
  private readonly perform: Perform<Given, Result>;
  private readonly isOutside: (error: unknown) => error is Error;
  private stopped = false;

  /** @param isOutside - of errors after which no other run will fare better */
  constructor(perform: Perform<Given, Result>, isOutside: (error: unknown) => error is Error) {
    this.perform = perform;
    this.isOutside = isOutside;
  }

  async execute(work: Work<Given, Result>): Promise<void> {
    for (let task = work.next(); task !== null && !this.stopped; task = work.next()) {
      const given = task;
      try {
        const result = await this.perform(given, (share) => work.progress?.(given, share));
        work.ended(given, null, result);
      } catch (error) {
        if (this.isOutside(error)) throw new ExecutorError(error.message, { cause: error });
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        work.ended(given, reason);
      }
    }
  }

  stop(): void {
    this.stopped = true;
  }
}
