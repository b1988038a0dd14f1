/** Takes runs from a queue and has child processes make them, until told to stop. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from '../../analysis/directory-error.js';
import { inTheMaking, sweepUp } from '../../experiment/litter.js';
import { sweepWorker, type SweepTask, type TaskPlugins } from '../sweep/task.js';
import { withPlugins } from '../run-id.js';
import { Pool, tookItsWorkerAlong } from '../executors/pool.js';
import {
  Board, queueName, type Attempt, type QueuedRun, type WorkerState,
} from './board.js';
import {
  atMost, isOutOfMemory, mayPass, refused, type Job, type Link, type Worker,
} from './link.js';
import { pack, packCrash } from './parcel.js';

/** A worker that is dead is missed after these two. Our event loop is free: children simulate. */
const LOCK_MS = 10_000;
const STALLED_MS = 3000;
const SIGN_MS = 2000;
const AGAIN_MS = 1000;
/** A worker that has nothing under way leaves so long after it was told to, whatever Redis does. */
const LEAVE_MS = 2000;
/** The living give a sign of life so soon after Redis is there again. */
const HEARD_MS = 6000;
/** A run that took its worker along so often is not tried again. */
const TRIES = 2;
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
  /** It ended without its Redis, which BullMQ goes on waiting for: the process must be ended. */
  isCutOff = false;
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
  private begun = 0;
  /** Runs that were taken and are not delivered or given back. */
  private busy = 0;
  private draining = false;
  private closed = false;
  private toldToEnd: () => void = () => undefined;
  private readonly ending = new Promise<void>((resolve) => (this.toldToEnd = resolve));
  private failure: Error | null = null;
  private lastWorkMs = performance.now();
  private worker: Worker<QueuedRun> | null = null;

  constructor(link: Link, options: QueueWorkerOptions) {
    const { jobs, code, plugins } = options;
    this.link = link;
    this.options = options;
    this.code = withPlugins(code, plugins.hash);
    this.board = new Board(link);
    const id = randomBytes(8).toString('hex');
    this.me = { id, host: hostname(), process: process.pid, code: this.code, jobs };
    this.pool = new Pool(jobs, sweepWorker);
  }

  /** @throws ExecutorError where this machine cannot make runs; its runs are given back */
  async run(): Promise<void> {
    const children = this.pool.execute({
      next: () => this.next(),
      left: () => this.waiting.length,
      // Some may still be on their way to us when we are told to end.
      open: () => !this.closed,
      ended: ({ directory }, crashed) => this.under.get(directory)?.ended(crashed),
    }).catch((error: unknown) => this.fail(error as Error));
    const { jobs } = this.options;
    const { bullmq, address, redis } = this.link;
    this.worker = new bullmq.Worker<QueuedRun>(queueName(this.code), (job) => this.make(job), {
      connection: redis, prefix: address.prefix, skipVersionCheck: true, concurrency: jobs,
      // A lock that is lost says nothing of the run: we count ourselves what kills its workers.
      lockDuration: LOCK_MS, stalledInterval: STALLED_MS, maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    // The link tells of connections, and a lock that was lost meanwhile has no consequences.
    this.worker.on('error', () => undefined);
    try {
      while (!this.draining) {
        const looked = this.lookRound().catch((error: unknown) => {
          if (!mayPass(error)) this.fail(refused(address, error) as Error);
        });
        await Promise.race([looked, this.ending]);
        await atMost(SIGN_MS, this.ending);
      }
      await this.leave();
      this.closed = true;
      this.pool.wake();
      await children;
    } finally {
      this.pool.stop();
      fs.rmSync(this.folder, { recursive: true, force: true });
    }
    if (this.failure !== null) throw this.failure;
  }

  /** When all that was begun is delivered or given back; then a Redis that is gone holds nobody. */
  private async leave(): Promise<void> {
    const leaving = this.worker!.close()
      .then(() => this.board.withdraw(this.me))
      .then(() => true, () => true);
    while (this.busy > 0 && this.failure === null) {
      if (await atMost(AGAIN_MS, leaving)) return;
    }
    this.isCutOff = await atMost(LEAVE_MS, leaving) !== true;
  }

  /** Ends what was begun and takes nothing more. */
  drain(): void {
    this.draining = true;
    this.toldToEnd();
  }

  /** For a process that ends at once: what it was making is made elsewhere. */
  abandon(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.drain();
    this.pool.stop();
    // At once, or it would take again what is given back.
    void this.worker?.close();
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
    this.busy += 1;
    try {
      const { campaign, runId } = job.data;
      const attempt = { campaign, runId, name: `${this.me.id} ${this.begun += 1}` };
      const parcel = await this.attempt(attempt, job);
      const isDelivered = parcel !== null && await this.deliver(attempt, parcel);
      if (!isDelivered) return await this.giveBack(job);
      this.done += 1;
      this.lastWorkMs = performance.now();
      return null;
    } finally {
      this.busy -= 1;
    }
  }

  /** What came of it; null: nothing, and that it once did so is not the run's fault. */
  private async attempt(attempt: Attempt, job: Job<QueuedRun>): Promise<Buffer | null> {
    const { board, code, options: { plugins } } = this;
    const { runId, scenario, command } = job.data;
    // To be counted, no more: a Redis that refuses it keeps nobody from the run.
    await board.begin(attempt).catch(() => undefined);
    if (job.attemptsStarted > TRIES && await this.isDeadly(attempt)) {
      return packCrash(`the worker died ${TRIES} times while it made this run`);
    }
    let [folder, died] = ['', false];
    try {
      if (this.failure !== null) return null;
      folder = this.place();
      const directory = join(folder, runId);
      const crashed = await this.carryOut({ runId, scenario, directory, code, command, plugins });
      if (this.failure !== null) return null;
      died = crashed !== null && tookItsWorkerAlong(crashed);
      if (died) await board.died(attempt);
      if (died && (await board.deaths(attempt)).seen < TRIES) return null;
      return crashed === null ? guard(directory, () => pack(directory)) : packCrash(crashed);
    } catch (error) {
      // Ours, or the machine's.
      if (!mayPass(error)) this.fail(refused(this.link.address, error) as Error);
      return null;
    } finally {
      if (!died) await board.ended(attempt).catch(() => undefined);
      // Of a child that is being ended, what it writes goes with the whole.
      if (this.failure === null) fs.rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Of a run's own: two of the same name at once means that a lock was lost. */
  private place(): string {
    return guard(this.folder, () => {
      fs.mkdirSync(this.folder, { recursive: true });
      return fs.mkdtempSync(join(this.folder, 'run-'));
    });
  }

  private carryOut(task: SweepTask): Promise<string | null> {
    return new Promise<string | null>((resolve) => {
      this.waiting.push({ task, ended: resolve });
      this.pool.wake();
    }).finally(() => this.under.delete(task.directory));
  }

  /** Whether enough of those who made it before are dead. */
  private async isDeadly(attempt: Attempt): Promise<boolean> {
    const isEnough = ({ seen, unheard }: { seen: number; unheard: number }): boolean =>
      seen + unheard >= TRIES;
    if (!isEnough(await this.board.deaths(attempt))) return false;
    // Redis may have been gone for all of us: the living are soon heard again.
    await sleep(HEARD_MS);
    return isEnough(await this.board.deaths(attempt));
  }

  /** Not the run's fault: another worker will make it. */
  private async giveBack(job: Job<QueuedRun>): Promise<never> {
    // Of what is not ours any more, others have taken care.
    await job.moveToWait(job.token).catch(() => undefined);
    throw new this.link.bullmq.WaitingError();
  }

  /** False: it cannot be, and this worker must end. */
  private async deliver({ campaign, runId }: Attempt, parcel: Buffer): Promise<boolean> {
    for (const begun = performance.now(); ; await sleep(AGAIN_MS)) {
      try {
        await this.board.deliver(campaign, runId, parcel);
        return true;
      } catch (error) {
        const waited = performance.now() - begun;
        if (mayPass(error) && !(isOutOfMemory(error) && waited > OUT_OF_MEMORY_MS)) continue;
        this.fail(refused(this.link.address, error) as Error);
        return false;
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
