/** Worker processes that share many runs. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inWords } from '../../experiment/refusal.js';
import { ExecutorError } from '../errors.js';
import type { Executor, Task, Work } from './executor.js';

/** How much of a dead worker's last words is kept. */
const LAST_WORDS = 4000;

/** How a worker ends that is sent away, as shells count signals: what it had is still to do. */
export const SENT_AWAY = 143;

const DIED = 'the worker process died';

/** Whether a run crashed by the death of its worker, by what is said of it. */
export function tookItsWorkerAlong(crashed: string): boolean {
  return crashed.startsWith(DIED);
}

/** What a worker tells of its task. */
export type Report<Result = undefined> =
  | { readonly kind: 'done'; readonly runId: string; readonly result?: Result }
  | { readonly kind: 'crashed'; readonly runId: string; readonly reason: string }
  /** Disk full and the like: no other run will fare better. */
  | { readonly kind: 'environment'; readonly runId: string; readonly reason: string }
  | { readonly kind: 'progress'; readonly runId: string; readonly share: number };

/** Ahead of so many runs per worker, none is left without work by a run given ahead. */
const PLENTY = 4;

interface Worker<Given> {
  readonly child: ChildProcess;
  /** The first is being run; the others wait in the worker. */
  readonly tasks: Given[];
  lastWords: string;
}

/** Each worker is started once, and again only after it died. */
export class Pool<Given extends Task, Result = undefined> implements Executor<Given, Result> {
  private readonly jobs: number;
  private readonly script: string;
  private work: Work<Given, Result> | null = null;
  private readonly workers = new Set<Worker<Given>>();
  /** Given to workers that died before they came to them. */
  private readonly returned: Given[] = [];
  private stopping = false;
  private failure: Error | null = null;
  private settle: () => void = () => undefined;

  /** @param script - what workers run: a module that {@link serve}s */
  constructor(jobs: number, script: URL) {
    this.jobs = jobs;
    this.script = fileURLToPath(script);
  }

  async execute(work: Work<Given, Result>): Promise<void> {
    this.work = work;
    const over = new Promise<void>((resolve) => (this.settle = resolve));
    this.pump();
    await over;
    await this.end();
    if (this.failure) throw this.failure;
  }

  /** There is more to do, or there will be nothing more: for work that was open. */
  wake(): void {
    this.pump();
  }

  stop(): void {
    this.stopping = true;
    this.settle();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.stop();
  }

  /** The work may fail too, on a full disk, say: we hear of runs where nobody would catch it. */
  private guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** Gives every idle worker a run, and then, while there is plenty, one ahead. */
  private pump(): void {
    const { work } = this;
    if (this.stopping || work === null) return;
    for (const depth of [1, 2]) {
      for (let more = true; more; ) {
        if (depth === 2 && work.left() <= PLENTY * this.jobs) break;
        const worker = this.least(depth);
        const task = worker === null ? null : (this.returned.shift() ?? work.next());
        more = task !== null;
        if (task !== null) this.give(worker === 'new' ? this.start() : worker!, task);
      }
    }
    if (work.open?.() === true) return;
    if ([...this.workers].every(({ tasks }) => tasks.length === 0)) this.stop();
  }

  /** A worker with fewer runs than `depth`, perhaps one still to be started. */
  private least(depth: number): Worker<Given> | 'new' | null {
    for (const worker of this.workers) if (worker.tasks.length < depth) return worker;
    return this.workers.size < this.jobs ? 'new' : null;
  }

  private start(): Worker<Given> {
    const child = fork(this.script, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const worker: Worker<Given> = { child, tasks: [], lastWords: '' };
    this.workers.add(worker);
    child.stderr?.on('data', (text: Buffer) => {
      worker.lastWords = (worker.lastWords + text.toString()).slice(-LAST_WORDS);
    });
    child.on('message', (report: Report<Result>) => this.guarded(() => this.hear(worker, report)));
    child.on('error', (error) => {
      // Also when a message cannot be sent to a worker that just died: that one will say so itself.
      if (child.pid === undefined) {
        this.fail(new ExecutorError(`no worker could be started: ${inWords(error)}`));
      }
    });
    // After the last of its messages and words.
    child.on('close', (code, signal) =>
      this.guarded(() => this.died(worker, signal ?? `exit code ${code}`)));
    return worker;
  }

  private give(worker: Worker<Given>, task: Given): void {
    worker.tasks.push(task);
    worker.child.send(task);
  }

  private hear(worker: Worker<Given>, report: Report<Result>): void {
    const [task] = worker.tasks;
    if (this.stopping || task?.runId !== report.runId) return;
    if (report.kind === 'environment') return this.fail(new ExecutorError(report.reason));
    if (report.kind === 'progress') return this.work?.progress?.(task, report.share);
    worker.tasks.shift();
    if (report.kind === 'crashed') this.work?.ended(task, report.reason);
    else this.work?.ended(task, null, report.result);
    this.pump();
  }

  /** What it was doing has crashed; what waited for it is still to be done. */
  private died(worker: Worker<Given>, how: string): void {
    this.workers.delete(worker);
    if (this.stopping) return;
    // Sent away before its time, as when a whole group of processes is told to end.
    if (worker.child.exitCode === SENT_AWAY) {
      this.returned.push(...worker.tasks);
      return this.pump();
    }
    const [task, ...waiting] = worker.tasks;
    this.returned.push(...waiting);
    if (task !== undefined) {
      const words = worker.lastWords.trim();
      this.work?.ended(task, `${DIED} (${how})${words && `\n${words}`}`);
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
