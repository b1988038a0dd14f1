/** Worker processes that share many runs. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inWords } from '../experiment/refusal.js';
import { exit } from './exit.js';

/** How much of a dead worker's last words is kept. */
const LAST_WORDS = 4000;

/** What a worker is given, as plain data: a run, or several that belong together. */
export interface PoolTask {
  readonly runId: string;
}

/** What a worker tells of its task. */
export type Report<Result = undefined> =
  | { readonly kind: 'done'; readonly runId: string; readonly result?: Result }
  | { readonly kind: 'crashed'; readonly runId: string; readonly reason: string }
  /** Disk full and the like: no other run will fare better. */
  | { readonly kind: 'environment'; readonly runId: string; readonly reason: string }
  | { readonly kind: 'progress'; readonly runId: string; readonly share: number };

/** Where the runs come from and where their outcomes go. */
export interface PoolUser<Task extends PoolTask, Result = undefined> {
  /** The next run; null if there is none now. Asked again after each outcome. */
  next(): Task | null;
  /** Whether there is so much to do that a worker may be given a run ahead. */
  plenty(): boolean;
  /** A run has ended; `crashed` says why it failed, if it did, and `result` what came out. */
  ended(task: Task, crashed: string | null, result?: Result): void;
  progress?(task: Task, share: number): void;
}

/** The operating system did not let us go on. */
export class PoolError extends Error {
  override readonly name = 'PoolError';
}

interface Worker<Task> {
  readonly child: ChildProcess;
  /** The first is being run; the others wait in the worker. */
  readonly tasks: Task[];
  lastWords: string;
}

/** Each worker is started once, and again only after it died. */
export class Pool<Task extends PoolTask, Result = undefined> {
  private readonly jobs: number;
  private readonly user: PoolUser<Task, Result>;
  private readonly script: string;
  private readonly workers = new Set<Worker<Task>>();
  /** Given to workers that died before they came to them. */
  private readonly returned: Task[] = [];
  private stopping = false;
  private failure: Error | null = null;
  private settle: () => void = () => undefined;

  /** @param script - what workers run */
  constructor(jobs: number, user: PoolUser<Task, Result>, script: URL) {
    this.jobs = jobs;
    this.user = user;
    this.script = fileURLToPath(script);
  }

  /** Until there is nothing left to do, or {@link stop}. @throws PoolError */
  async run(): Promise<void> {
    const over = new Promise<void>((resolve) => (this.settle = resolve));
    this.pump();
    await over;
    await this.end();
    if (this.failure) throw this.failure;
  }

  /** Ends at once; what is being run is lost. */
  stop(): void {
    this.stopping = true;
    this.settle();
  }

  private fail(message: string): void {
    this.failure ??= new PoolError(message);
    this.stop();
  }

  /** Gives every idle worker a run, and then, while there is plenty, one ahead. */
  private pump(): void {
    if (this.stopping) return;
    for (const depth of [1, 2]) {
      for (let more = true; more; ) {
        if (depth === 2 && !this.user.plenty()) break;
        const worker = this.least(depth);
        const task = worker === null ? null : (this.returned.shift() ?? this.user.next());
        more = task !== null;
        if (task !== null) this.give(worker === 'new' ? this.start() : worker!, task);
      }
    }
    if ([...this.workers].every(({ tasks }) => tasks.length === 0)) this.stop();
  }

  /** A worker with fewer runs than `depth`, perhaps one still to be started. */
  private least(depth: number): Worker<Task> | 'new' | null {
    for (const worker of this.workers) if (worker.tasks.length < depth) return worker;
    return this.workers.size < this.jobs ? 'new' : null;
  }

  private start(): Worker<Task> {
    const child = fork(this.script, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const worker: Worker<Task> = { child, tasks: [], lastWords: '' };
    this.workers.add(worker);
    child.stderr?.on('data', (text: Buffer) => {
      worker.lastWords = (worker.lastWords + text.toString()).slice(-LAST_WORDS);
    });
    child.on('message', (report: Report<Result>) => this.hear(worker, report));
    child.on('error', (error) => {
      // Also when a message cannot be sent to a worker that just died: that one will say so itself.
      if (child.pid === undefined) this.fail(`no worker could be started: ${inWords(error)}`);
    });
    // After the last of its messages and words.
    child.on('close', (code, signal) => this.died(worker, signal ?? `exit code ${code}`));
    return worker;
  }

  private give(worker: Worker<Task>, task: Task): void {
    worker.tasks.push(task);
    worker.child.send(task);
  }

  private hear(worker: Worker<Task>, report: Report<Result>): void {
    const [task] = worker.tasks;
    if (this.stopping || task?.runId !== report.runId) return;
    if (report.kind === 'environment') return this.fail(report.reason);
    if (report.kind === 'progress') return this.user.progress?.(task, report.share);
    worker.tasks.shift();
    if (report.kind === 'crashed') this.user.ended(task, report.reason);
    else this.user.ended(task, null, report.result);
    this.pump();
  }

  /** What it was doing has crashed; what waited for it is still to be done. */
  private died(worker: Worker<Task>, how: string): void {
    this.workers.delete(worker);
    if (this.stopping) return;
    // Sent away before its time, as when a whole group of processes is told to end.
    if (worker.child.exitCode === exit.terminated) {
      this.returned.push(...worker.tasks);
      return this.pump();
    }
    const [task, ...waiting] = worker.tasks;
    this.returned.push(...waiting);
    if (task !== undefined) {
      const words = worker.lastWords.trim();
      this.user.ended(task, `the worker process died (${how})${words && `\n${words}`}`);
    }
    this.pump();
  }

  /** Sends the workers home and waits until the last has left. */
  private async end(): Promise<void> {
    await Promise.all(
      [...this.workers].map(async ({ child }) => {
        if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }),
    );
  }
}
