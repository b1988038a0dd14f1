/** A copy of the program explored, in a process that may hang, crash or eat all memory. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { loading, type Task, type Tried } from './runner.js';

export interface Explored {
  readonly tried: readonly Tried[];
  /** Why the process ended before its time, in words; null: it did not. */
  readonly broke: string | null;
}

/** Far more than any seed takes that ends at all: the events that a run may make are limited. */
const patienceMs = 120_000;
const memoryMb = 1500;

export function exploreCopy(root: string, task: Task): Promise<Explored> {
  return new Promise((resolve) => {
    const child = fork(join(root, 'dist/test/mutants/runner.js'), [JSON.stringify(task)], {
      cwd: root, execArgv: [`--max-old-space-size=${memoryMb}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const tried: Tried[] = [];
    let complaint = '';
    let hangs = false;
    const stop = (): void => {
      hangs = true;
      child.kill('SIGKILL');
    };
    let patience = setTimeout(stop, patienceMs);
    child.stderr!.on('data', (text) => complaint = (complaint + String(text)).slice(-2000));
    child.on('message', (message: Tried) => {
      clearTimeout(patience);
      if (message.seed !== loading || message.reached !== null) tried.push(message);
      patience = setTimeout(stop, patienceMs);
    });
    child.on('close', (status) => {
      clearTimeout(patience);
      const last = complaint.split('\n').find((line) => /Error|FATAL/.test(line));
      const broke = status === 0 ? null : hangs ? 'hangs' : `ends: ${last ?? `status ${status}`}`;
      resolve({ tried, broke });
    });
  });
}
