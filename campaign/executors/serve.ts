/** What a worker process of a {@link Pool} does: its tasks, one after the other. */
import { keepAllYoung } from '../heap.js';
import type { Perform, Task } from './executor.js';
import { SENT_AWAY, type Report } from './pool.js';

/**
 * Ends with the process that started it. `perform` throws where a task cannot be done; an error for
 * which `isOutside` says so ends the whole.
 */
export function serve<Given extends Task, Result>(
  perform: Perform<Given, Result>,
  isOutside: (error: unknown) => error is Error = (_error): _error is Error => false,
): void {
  keepAllYoung();
  const tasks: Given[] = [];
  let working = false;
  const send = (report: Report<Result>): void => void process.send?.(report);
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      const { runId } = task;
      try {
        const progress = (share: number): void => send({ kind: 'progress', runId, share });
        send({ kind: 'done', runId, result: await perform(task, progress) });
      } catch (error) {
        if (isOutside(error)) {
          send({ kind: 'environment', runId, reason: error.message });
        } else {
          const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
          send({ kind: 'crashed', runId, reason });
        }
      }
    }
    working = false;
  };
  process.on('message', (task: Given) => {
    tasks.push(task);
    void work();
  });
  // Ctrl-C and a closed terminal reach the whole group of processes; the parent decides.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  // By process.exit, so that the run directory in the making is discarded.
  process.on('SIGTERM', () => process.exit(SENT_AWAY));
  // The parent is gone, kill -9 perhaps.
  process.on('disconnect', () => process.exit());
}
