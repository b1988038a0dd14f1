/** A copy of the program explored, in a process that may hang, crash or eat all memory. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { loading, type Task, type Tried } from './runner.js';
import { Watchdog } from './watchdog.js';

export interface Explored {
  readonly tried: readonly Tried[];
  /** Why the process ended before its time, in words; null: it did not. */
  readonly broke: string | null;
}

/** Far more than any seed takes that ends at all: the events that a run may make are limited. */
const secondsMost = 60;
const memoryMb = 1500;

export function exploreCopy(root: string, task: Task): Promise<Explored> {
  return new Promise((resolve) => {
    const child = fork(join(root, 'dist/test/mutants/runner.js'), [JSON.stringify(task)], {
      cwd: root, execArgv: [`--max-old-space-size=${memoryMb}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const tried: Tried[] = [];
    let complaint = '';
    const watchdog = new Watchdog(child, secondsMost);
    child.stderr!.on('data', (text) => complaint = (complaint + String(text)).slice(-2000));
    child.on('message', (message: Tried) => {
      watchdog.calm();
      if (message.seed !== loading || message.reached !== null) tried.push(message);
    });
    child.on('close', (status) => {
      watchdog.end();
      const last = complaint.split('\n').find((line) => /Error|FATAL/.test(line));
      const end = watchdog.hasBitten ? 'hangs' : `ends: ${last ?? `status ${status}`}`;
      const broke = status === 0 ? null : end;
      resolve({ tried, broke });
    });
  });
}
