/** Takes runs from a queue and has child processes make them, until told to stop. */
import * as fs from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from '../../../analysis/directory-error.js';
import { inTheMaking, sweepUp } from '../../../experiment/litter.js';
import { sweepWorker, type SweepTask, type TaskPlugins } from '../../sweep/task.js';
import { withPlugins } from '../../run-id.js';
import { Pool, tookItsWorkerAlong } from '../pool.js';
import { Board, queueName, type QueuedRun, type WorkerState } from './board.js';
import { isOutOfMemory, mayPass, refused, type Job, type Link, type Worker } from './link.js';
import { pack, packCrash } from './parcel.js';
import { TRIES } from './queue-executor.js';

/** A worker that is dead is missed after these two. Our event loop is free: children simulate. */
const LOCK_MS = 10_000;
const STALLED_MS = 3000;
const SIGN_MS = 4000;
const AGAIN_MS = 1000;
/** A result is kept so long while Redis has no memory for it. */
const OUT_OF_MEMORY_MS = 60_000;

export interface QueueWorkerOptions {
  /** Child processes. */
  readonly jobs: number;
  /** Of the built code. */
  readonly code: string;
  readonly plugins: TaskPlugins;
  /** Told, in a line, what a user may want to know. */
  say(text: string): void;
  /** Ends once there was nothing to do for so long; undefined: never. */
  readonly idleMs?: number | undefined;
}

interface Waiting {
  readonly task: SweepTask;
  ended(crashed: string | null): void;
}

export class QueueWorker {
  /** Runs that were made here. */
  done = 0;
  /** Campaigns of other builds that were there. */
  readonly refused = new Set<string>();
  private readonly link: Link;
  private readonly options: QueueWorkerOptions;
  private readonly code: string;
  private readonly board: Board;
  private readonly me: WorkerState;
  private readonly pool: Pool<SweepTask>;
  private readonly folder = ownFolder();
  private readonly waiting: Waiting[] = [];
  private readonly under = new Map<string, Waiting>();
  private draining = false;
  private failure: Error | null = null;
  private lastWorkMs = performance.now();
  private worker: Worker<QueuedRun> | null = null;

  constructor(link: Link, options: QueueWorkerOptions) {
    const { jobs, code, plugins } = options;
    this.link = link;
    this.options = options;
    this.code = withPlugins(code, plugins.hash);
    this.board = new Board(link);
    this.me = { host: hostname(), process: process.pid, code: this.code, jobs };
    this.pool = new Pool(jobs, sweepWorker);
  }

  /** @throws ExecutorError where this machine cannot make runs; its runs are given back */
  async run(): Promise<void> {
    const children = this.pool.execute({
      next: () => this.next(),
      left: () => this.waiting.length,
      open: () => !this.draining,
      ended: ({ directory }, crashed) => this.under.get(directory)?.ended(crashed),
    }).catch((error: unknown) => this.fail(error as Error));
    const { jobs } = this.options;
    const { bullmq, address, redis } = this.link;
    this.worker = new bullmq.Worker<QueuedRun>(queueName(this.code), (job) => this.make(job), {
      connection: redis, prefix: address.prefix, skipVersionCheck: true, concurrency: jobs,
      lockDuration: LOCK_MS, stalledInterval: STALLED_MS, maxStalledCount: TRIES - 1,
    });
    // The link tells of connections, and a lock that was lost meanwhile has no consequences.
    this.worker.on('error', () => undefined);
    try {
      while (!this.draining) {
        await this.lookRound().catch((error: unknown) => {
          if (!mayPass(error)) this.fail(refused(address, error) as Error);
        });
        for (let waited = 0; waited < SIGN_MS && !this.draining; waited += 100) await sleep(100);
      }
      await this.worker.close();
      this.pool.wake();
      await children;
      await this.board.withdraw(this.me).catch(() => undefined);
    } finally {
      this.pool.stop();
      fs.rmSync(this.folder, { recursive: true, force: true });
    }
    if (this.failure !== null) throw this.failure;
  }

  /** Ends what was begun and takes nothing more. */
  drain(): void {
    this.draining = true;
  }

  /** For a process that ends at once: what it was making is made elsewhere. */
  abandon(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.draining = true;
    const all = [...this.waiting.splice(0), ...this.under.values()];
    for (const one of all) one.ended(null);
  }

  private next(): SweepTask | null {
    const waiting = this.waiting.shift();
    if (waiting === undefined) return null;
    this.under.set(waiting.task.directory, waiting);
    return waiting.task;
  }

  /** A sign of life; and who wants what we cannot give. */
  private async lookRound(): Promise<void> {
    const { options } = this;
    await this.board.announce(this.me);
    for (const { id, name, code, state } of await this.board.campaigns()) {
      if (state !== 'running' || code === this.code || this.refused.has(id)) continue;
      this.refused.add(id);
      const remedy = 'start a worker of the same version, with the same --plugin';
      options.say(`campaign ${id} (${name}) was begun by another build or with other plugins ` +
        `(${code.slice(0, 8)}, this worker is ${this.code.slice(0, 8)}): ${remedy}`);
    }
    if (this.under.size > 0 || this.waiting.length > 0) this.lastWorkMs = performance.now();
    if (performance.now() - this.lastWorkMs > (options.idleMs ?? Infinity)) this.drain();
  }

  private async make(job: Job<QueuedRun>): Promise<null> {
    const { campaign, runId, scenario, command } = job.data;
    const { code, options: { plugins } } = this;
    // Two of the same name at once: a lock was lost, and the run has come again.
    const directory = join(fs.mkdtempSync(join(this.folder, 'run-')), runId);
    try {
      const crashed = await new Promise<string | null>((resolve) => {
        const task = { runId, scenario, directory, code, command, plugins };
        this.waiting.push({ task, ended: resolve });
        this.pool.wake();
      });
      this.under.delete(directory);
      if (this.failure !== null) return await this.giveBack(job);
      const again = crashed !== null && tookItsWorkerAlong(crashed) && job.attemptsStarted < TRIES;
      if (again) throw new Error(crashed);
      await this.deliver(campaign, runId, crashed === null ? pack(directory) : packCrash(crashed));
      this.done += 1;
      this.lastWorkMs = performance.now();
      return null;
    } finally {
      this.under.delete(directory);
      fs.rmSync(join(directory, '..'), { recursive: true, force: true });
    }
  }

  /** Not the run's fault: another worker will make it. */
  private async giveBack(job: Job<QueuedRun>): Promise<never> {
    await job.moveToWait(job.token);
    throw new this.link.bullmq.WaitingError();
  }

  private async deliver(campaign: string, runId: string, parcel: Buffer): Promise<void> {
    for (const begun = performance.now(); ; await sleep(AGAIN_MS)) {
      try {
        return await this.board.deliver(campaign, runId, parcel);
      } catch (error) {
        const waited = performance.now() - begun;
        if (mayPass(error) && !(isOutOfMemory(error) && waited > OUT_OF_MEMORY_MS)) continue;
        this.fail(refused(this.link.address, error) as Error);
        throw error;
      }
    }
  }
}

/** For runs in the making; what killed workers left of theirs goes. */
function ownFolder(): string {
  const all = join(tmpdir(), `howdah-workers-${userInfo().uid}`);
  return guard(all, () => {
    fs.mkdirSync(all, { recursive: true });
    sweepUp(all);
    const own = inTheMaking(join(all, 'runs'));
    fs.mkdirSync(own);
    return own;
  });
}
