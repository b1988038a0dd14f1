/** A sweep as the work of a command: shows how far it is, and Ctrl-C ends it early. */
import { availableParallelism } from 'node:os';
import { Pool } from '../../campaign/executors/pool.js';
import {
  conductSweep, type ConductedSweep, type ConductSweep,
} from '../../campaign/sweep/conduct-sweep.js';
import { sweepWorker, type SweepTask } from '../../campaign/sweep/task.js';
import { commandLine } from '../conduct.js';
import { Interruption } from '../interruption.js';
import { SweepProgress } from './progress.js';

export interface ConductHere
  extends Omit<ConductSweep, 'executor' | 'notes' | 'progress' | 'signal'> {
  /** Worker processes; undefined: one per core. */
  readonly jobs: number | undefined;
  readonly showProgress: boolean;
}

/** @throws RunDirectoryError, ExecutorError; what is finished is kept */
export async function conductHere({ showProgress, ...how }: ConductHere): Promise<ConductedSweep> {
  const jobs = how.jobs ?? availableParallelism();
  const controller = new AbortController();
  const interruption = new Interruption(() => controller.abort());
  const progress = new SweepProgress(showProgress);
  try {
    return await conductSweep({
      ...how,
      executor: new Pool<SweepTask>(jobs, sweepWorker),
      notes: { jobs, command: commandLine() },
      progress: (done) => progress.show(done),
      signal: controller.signal,
    });
  } finally {
    progress.stop();
    interruption.end();
  }
}
