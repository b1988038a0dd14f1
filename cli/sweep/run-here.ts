/** A sweep as the work of a command: shows how far it is, and Ctrl-C ends it early. */
import { availableParallelism } from 'node:os';
import { Pool } from '../../campaign/executors/pool.js';
import { withoutPassword } from '../../campaign/queue/address.js';
import { QueueExecutor } from '../../campaign/queue/queue-executor.js';
import {
  runSweep, type FinishedSweep, type SweepToRun,
} from '../../campaign/sweep/run-sweep.js';
import { sweepWorker, type SweepTask } from '../../campaign/sweep/task.js';
import { commandLine } from '../record-run.js';
import { Interruption } from '../interruption.js';
import { linkTo } from '../queue.js';
import { SweepProgress } from './progress.js';

export interface SweepHere
  extends Omit<SweepToRun, 'executor' | 'notes' | 'progress' | 'signal'> {
  /** Worker processes; undefined: one per core. */
  readonly jobs: number | undefined;
  /** Address of a Redis whose workers make the runs; undefined: processes of our own do. */
  readonly queue: string | undefined;
  readonly showProgress: boolean;
}

/** @throws RunDirectoryError, ExecutorError; what is finished is kept */
export async function runHere(how: SweepHere): Promise<FinishedSweep> {
  const { showProgress, queue: address } = how;
  const controller = new AbortController();
  const say = (text: string): void => {
    if (showProgress) console.error(`sim: ${text}`);
  };
  const link = address === undefined ? null : await linkTo(address, say);
  const interruption = new Interruption(() => controller.abort());
  const progress = new SweepProgress(showProgress);
  const jobs = how.jobs ?? availableParallelism();
  let queued: QueueExecutor | null = null;
  try {
    return await runSweep({
      ...how,
      executor: (campaign) => {
        if (link === null) return new Pool<SweepTask>(jobs, sweepWorker);
        queued = new QueueExecutor(link, campaign, say);
        return queued;
      },
      notes: {
        ...(link === null ? { jobs } : { queue: link.address.shown }),
        command: withoutPassword(commandLine()),
      },
      progress: (done) => {
        progress.show(done);
        queued?.tell(done);
      },
      signal: controller.signal,
    });
  } finally {
    progress.stop();
    interruption.end();
    link?.close();
  }
}
