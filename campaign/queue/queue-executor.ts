/** Puts runs into a queue, from which workers on any machines take them, and collects results. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignName } from '../sweep/run-sweep.js';
import type { SweepTask } from '../sweep/task.js';
import type { Executor, Work } from '../executors/executor.js';
import {
  Board, jobName, queueName, RENEW_MS, type CampaignState, type QueuedRun,
} from './board.js';
import {
  atMost, isOutOfMemory, mayPass, reasonOf, refused, type Link, type Queue, type Redis,
} from './link.js';
import { unpack } from './parcel.js';

/** So many runs at most are out at once, and so many results wait: Redis has bounded memory. */
const MOST_OUT = 1000;
const BATCH = 50;
/** How often we look for what is lacking, or done without our hearing of it. */
const AUDIT_MS = 2000;
const WAIT_S = 1;
/** A Redis without memory, in which nothing ends, is waited for so long. */
const OUT_OF_MEMORY_MS = 60_000;
const AGAIN_MS = 1000;
/** Whoever stops waits so long for a Redis to take back what it has. */
const LEAVE_MS = 2000;
/** Events are for looking on only. */
const EVENTS = 1000;

type Shown = Pick<CampaignState, 'runs' | 'of' | 'crashed' | 'share'>;

export class QueueExecutor implements Executor<SweepTask> {
  private readonly link: Link;
  private readonly campaign: CampaignName;
  private readonly notice: (text: string) => void;
  private readonly board: Board;
  private readonly queue: Queue<QueuedRun>;
  private readonly started = new Date().toISOString();
  private readonly out = new Map<string, SweepTask>();
  private blocking: Redis | null = null;
  private shown: Shown = { runs: 0, of: 0, crashed: 0, share: 0 };
  private lastAudit = 0;
  private renewed = 0;
  /** The campaign is ours: nobody else's runs must be touched. */
  private leads = false;
  /** Whoever asked for the runs has gone on. */
  private over = false;
  /** When Redis began to refuse what may pass; null: it does not. */
  private refusedSince: number | null = null;
  private workers = -1;
  private stopping = false;
  private settle: () => void = () => undefined;
  private readonly stopped = new Promise<'stopped'>((resolve) => {
    this.settle = () => resolve('stopped');
  });

  /** @param notice - told, in a line, what a user may want to do something about */
  constructor(link: Link, campaign: CampaignName, notice: (text: string) => void) {
    this.link = link;
    this.campaign = campaign;
    this.notice = notice;
    this.board = new Board(link);
    this.queue = new link.bullmq.Queue(queueName(campaign.code), {
      connection: link.redis,
      prefix: link.address.prefix,
      skipVersionCheck: true,
      streams: { events: { maxLen: EVENTS } },
      // What fails is no run's fault, see QueueWorker: it is lacking then, and added again.
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    this.queue.on('error', () => undefined);
  }

  /** How far the campaign is, to be seen from anywhere. */
  tell(shown: Shown): void {
    this.shown = shown;
  }

  stop(): void {
    this.stopping = true;
    this.settle();
  }

  async execute(work: Work<SweepTask>): Promise<void> {
    const going = this.recordRun(work).then(() => 'over' as const);
    // A Redis that is gone lets commands wait: whoever stops must not.
    const how = await Promise.race([going, this.stopped]);
    if (how === 'over') return;
    this.blocking?.disconnect();
    const leaving = going.catch(() => undefined).then(() => this.end('interrupted'));
    await atMost(LEAVE_MS, leaving).catch(() => undefined);
    this.over = true;
    this.link.close();
  }

  private async recordRun(work: Work<SweepTask>): Promise<void> {
    const { id } = this.campaign;
    try {
      await this.board.lease(id);
      [this.leads, this.renewed] = [true, performance.now()];
      const before = new Set(await this.board.waiting(id));
      this.blocking = this.link.another();
      await this.fill(work, before);
      while (this.out.size > 0 && !this.stopping) await this.step(work, before);
      if (!this.stopping) await this.end('finished');
    } catch (error) {
      if (!this.stopping) await atMost(LEAVE_MS, this.end('interrupted')).catch(() => undefined);
      throw refused(this.link.address, error);
    }
  }

  /** @throws ExecutorError where another runner has the campaign by now */
  private async keepLease(): Promise<void> {
    if (performance.now() - this.renewed < RENEW_MS) return;
    this.leads = false;
    await this.board.renew(this.campaign.id);
    [this.leads, this.renewed] = [true, performance.now()];
  }

  private async step(work: Work<SweepTask>, before: Set<string>): Promise<void> {
    try {
      await this.keepLease();
      const found = await this.blocking!.blpop(this.board.ready(this.campaign.id), WAIT_S);
      if (found !== null) await this.collect(found[1], work);
      if (performance.now() - this.lastAudit > AUDIT_MS) await this.audit(work);
      await this.fill(work, before);
      this.refusedSince = null;
    } catch (error) {
      if (this.stopping || !mayPass(error) || await this.isHopeless(error)) throw error;
      if (this.refusedSince === null) this.notice(`${reasonOf(error)}: waiting`);
      this.refusedSince ??= performance.now();
      await sleep(AGAIN_MS);
    }
  }

  /** What is out makes room as it ends; with nothing out, or that ends, there is no hope. */
  private async isHopeless(error: unknown): Promise<boolean> {
    if (!isOutOfMemory(error)) return false;
    const since = this.refusedSince ?? performance.now();
    if (performance.now() - since > OUT_OF_MEMORY_MS) return true;
    return !(await this.exist([...this.out.values()])).includes(true);
  }

  /** @param before - runs of which results wait since before we began */
  private async fill(work: Work<SweepTask>, before: Set<string>): Promise<void> {
    // Asking for runs one by one at the brim would make many small batches.
    if (this.out.size > MOST_OUT - BATCH && work.left() > BATCH) return;
    while (this.out.size < MOST_OUT && !this.stopping) {
      const batch: SweepTask[] = [];
      while (batch.length < Math.min(BATCH, MOST_OUT - this.out.size)) {
        const task = work.next();
        if (task === null) break;
        batch.push(task);
      }
      if (batch.length === 0) return;
      for (const task of batch) this.out.set(task.runId, task);
      await this.add(batch.filter(({ runId }) => !before.has(runId)));
      for (const { runId } of batch) if (before.delete(runId)) await this.collect(runId, work);
    }
  }

  private async add(tasks: readonly SweepTask[]): Promise<void> {
    const { id, code } = this.campaign;
    // A crash of an earlier time is tried again.
    await this.board.forget(id, tasks.map(({ runId }) => runId));
    await this.queue.addBulk(tasks.map(({ runId, scenario, command }) => ({
      name: this.campaign.name,
      data: { campaign: id, runId, scenario, command, code },
      opts: { jobId: jobName(id, runId) },
    })));
  }

  private async collect(runId: string, work: Work<SweepTask>): Promise<void> {
    const { id } = this.campaign;
    // Hundreds may wait, and each takes its time.
    await this.keepLease();
    const task = this.out.get(runId);
    const parcel = task === undefined ? null : await this.board.take(id, runId);
    if (this.over) return;
    if (task !== undefined && parcel !== null) {
      const crashed = unpack(parcel, task.directory);
      this.out.delete(runId);
      work.ended(task, crashed);
      this.refusedSince = null;
    }
    // Only now: what is not on our disk must not get lost. Done twice, it counts once.
    await this.board.collected(id, runId);
  }

  /** Redis may have lost anything, and so may we. */
  private async audit(work: Work<SweepTask>): Promise<void> {
    const { id, code } = this.campaign;
    this.lastAudit = performance.now();
    await this.look(code);
    // Only to be looked at: a Redis without memory may refuse it.
    await this.board.publish(this.state('running')).catch(() => undefined);
    const tasks = [...this.out.values()];
    const there = await this.exist(tasks);
    const results = new Set(await this.board.waiting(id));
    for (const runId of results) await this.collect(runId, work);
    const lacking = tasks.filter(({ runId }, index) =>
      this.out.has(runId) && !there[index] && !results.has(runId));
    for (let first = 0; first < lacking.length; first += BATCH) {
      await this.add(lacking.slice(first, first + BATCH));
    }
  }

  private async exist(tasks: readonly SweepTask[]): Promise<boolean[]> {
    const pipeline = this.link.redis.pipeline();
    for (const { runId } of tasks) {
      pipeline.exists(this.queue.toKey(jobName(this.campaign.id, runId)));
    }
    const found = await pipeline.exec() ?? [];
    // What we could not ask for is taken to be there.
    return tasks.map((_, index) => found[index]?.[1] !== 0);
  }

  private async look(code: string): Promise<void> {
    const workers = await this.board.workers(code);
    if (workers === 0 && this.workers !== 0) {
      const { shown } = this.link.address;
      this.notice(`no worker of this build and these plugins is at work at ${shown}: ` +
        'start sim worker --queue there');
    }
    this.workers = workers;
  }

  private state(state: CampaignState['state']): CampaignState {
    const { started, shown, workers } = this;
    return {
      ...this.campaign, host: hostname(), state, started, ...shown, workers: Math.max(0, workers),
    };
  }

  /** What nobody will collect is taken back; what is being run may wait for --resume. */
  private async end(state: 'finished' | 'interrupted'): Promise<void> {
    if (!this.leads) return;
    const ours = (await this.queue.getJobs(['wait']))
      // Undefined: gone while we looked.
      .filter((job) => job?.data.campaign === this.campaign.id);
    await Promise.all(ours.map((job) => job.remove().catch(() => undefined)));
    await this.board.leave(this.state(state));
  }
}
