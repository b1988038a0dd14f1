/**
 * What lies in a Redis beside BullMQ's own queues: who takes part, how far each campaign is, and
 * results until they are collected. BullMQ would carry results too, but keeps copies of them in a
 * stream of events that it bounds by number and not by size.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { isRunning } from '../../experiment/litter.js';
import { ExecutorError } from '../errors.js';
import type { Link, Redis } from './link.js';

/** Without a sign of life a runner has lost its campaign, and a worker is not counted. */
const LEASE_MS = 10_000;
/** Often enough that the lease does not run out while something takes its time. */
export const RENEW_MS = 2000;
const WORKER_MS = 15_000;
/** Less than a lock lasts: who takes a run over knows that the one before is dead. */
const DEAD_MS = 5000;
/** What nobody collects or asks for is forgotten. */
const FORGOTTEN_S = 7 * 24 * 3600;
const OVER_S = 24 * 3600;
const LOOK_MS = 250;

export interface CampaignState {
  readonly id: string;
  readonly name: string;
  /** Of the built code and of plugins. */
  readonly code: string;
  readonly host: string;
  readonly state: 'running' | 'finished' | 'interrupted' | 'lost';
  readonly runs: number;
  readonly of: number;
  readonly crashed: number;
  readonly share: number;
  readonly started: string;
  /** Workers of the same build and plugins. */
  readonly workers: number;
}

/** One worker's try at a run. */
export interface Attempt {
  readonly campaign: string;
  readonly runId: string;
  /** The worker's id, and a number of its own. */
  readonly name: string;
}

export interface WorkerState {
  /** Of no two workers the same. */
  readonly id: string;
  readonly host: string;
  readonly process: number;
  readonly code: string;
  readonly jobs: number;
}

export class Board {
  private readonly redis: Redis;
  private readonly prefix: string;
  private readonly me = JSON.stringify({
    host: hostname(), process: process.pid, token: randomBytes(8).toString('hex'),
  });

  constructor({ redis, address }: Link) {
    this.redis = redis;
    this.prefix = address.prefix;
  }

  private key(...parts: string[]): string {
    return [this.prefix, ...parts].join(':');
  }

  /** The list of runs whose results wait. */
  ready(campaign: string): string {
    return this.key('campaign', campaign, 'ready');
  }

  private results(campaign: string): string {
    return this.key('campaign', campaign, 'results');
  }

  async deliver(campaign: string, runId: string, parcel: Buffer): Promise<void> {
    const [results, ready] = [this.results(campaign), this.ready(campaign)];
    const done = await this.redis.multi()
      .hset(results, runId, parcel)
      .expire(results, FORGOTTEN_S)
      .rpush(ready, runId)
      .expire(ready, FORGOTTEN_S)
      .exec();
    const failed = done?.find(([error]) => error !== null);
    if (failed?.[0]) throw failed[0];
  }

  waiting(campaign: string): Promise<string[]> {
    return this.redis.hkeys(this.results(campaign));
  }

  take(campaign: string, runId: string): Promise<Buffer | null> {
    return this.redis.hgetBuffer(this.results(campaign), runId);
  }

  async collected(campaign: string, runId: string): Promise<void> {
    await Promise.all([
      this.redis.hdel(this.results(campaign), runId),
      this.forget(campaign, [runId]),
    ]);
  }

  /** By attempt, what became of it: nothing yet, or its death. */
  private attempts(campaign: string, runId: string): string {
    return this.key('campaign', campaign, 'attempts', runId);
  }

  async begin({ campaign, runId, name }: Attempt): Promise<void> {
    const key = this.attempts(campaign, runId);
    await Promise.all([this.redis.hset(key, name, ''), this.redis.expire(key, FORGOTTEN_S)]);
  }

  /** It killed the process that made it. */
  async died({ campaign, runId, name }: Attempt): Promise<void> {
    await this.redis.hset(this.attempts(campaign, runId), name, 'died');
  }

  /** It did not. */
  async ended({ campaign, runId, name }: Attempt): Promise<void> {
    await this.redis.hdel(this.attempts(campaign, runId), name);
  }

  /** Of a run's attempts, those that died: it was seen, or nothing is heard of their worker. */
  async deaths({ campaign, runId }: Attempt): Promise<{ seen: number; unheard: number }> {
    const attempts = Object.entries(await this.redis.hgetall(this.attempts(campaign, runId)));
    const living = new Set((await this.living(DEAD_MS)).map(({ id }) => id));
    const open = attempts.filter(([, what]) => what === '');
    return {
      seen: attempts.length - open.length,
      unheard: open.filter(([name]) => !living.has(name.split(' ')[0])).length,
    };
  }

  /** Deaths of an earlier time do not count. */
  async forget(campaign: string, runIds: readonly string[]): Promise<void> {
    if (runIds.length === 0) return;
    await this.redis.del(runIds.map((runId) => this.attempts(campaign, runId)));
  }

  /** @throws ExecutorError where another runner lives that conducts the campaign */
  async lease(campaign: string): Promise<void> {
    const key = this.key('campaign', campaign, 'runner');
    let left = Infinity;
    for (;;) {
      if (await this.redis.set(key, this.me, 'PX', LEASE_MS, 'NX') !== null) return;
      const [holder, ttl] = [await this.redis.get(key), await this.redis.pttl(key)];
      if (holder === null) continue;
      const { host, process: id } = JSON.parse(holder) as { host: string; process: number };
      // Of the dead on this machine we need not wait until their lease is over.
      if (host === hostname() && !isRunning(id)) await this.redis.del(key);
      else if (ttl > left) {
        const remedy = 'wait for it, or look on with --attach';
        throw new ExecutorError(`${host} (process ${id}) conducts campaign ${campaign}, ${remedy}`);
      } else await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      left = ttl;
    }
  }

  /** Another time. @throws ExecutorError where another runner has it by now */
  async renew(campaign: string): Promise<void> {
    const key = this.key('campaign', campaign, 'runner');
    const holder = await this.redis.get(key);
    if (holder === this.me) await this.redis.pexpire(key, LEASE_MS);
    else if (holder === null) await this.redis.set(key, this.me, 'PX', LEASE_MS, 'NX');
    else throw new ExecutorError(`another runner took campaign ${campaign} over: ${holder}`);
  }

  async publish(state: CampaignState): Promise<void> {
    const over = state.state !== 'running';
    const key = this.key('campaign', state.id);
    await this.redis.set(key, JSON.stringify(state), 'EX', over ? OVER_S : FORGOTTEN_S);
    await this.redis.zadd(this.key('campaigns'), await this.now(), state.id);
  }

  /** The runner leaves; what waits of a campaign that is over is of no use. */
  async leave(state: CampaignState): Promise<void> {
    const key = this.key('campaign', state.id, 'runner');
    // Another may have it by now.
    if (await this.redis.get(key) !== this.me) return;
    await this.publish(state);
    if (state.state === 'finished') {
      await this.redis.del(this.results(state.id), this.ready(state.id));
    }
    await this.redis.del(key);
  }

  /** The newest first. */
  async campaigns(): Promise<CampaignState[]> {
    const list = this.key('campaigns');
    await this.redis.zremrangebyscore(list, 0, await this.now() - FORGOTTEN_S * 1000);
    const found: CampaignState[] = [];
    for (const id of await this.redis.zrevrange(list, 0, -1)) {
      const text = await this.redis.get(this.key('campaign', id));
      if (text === null) continue;
      const state = JSON.parse(text) as CampaignState;
      const led = await this.redis.exists(this.key('campaign', id, 'runner')) > 0;
      found.push(state.state === 'running' && !led ? { ...state, state: 'lost' } : state);
    }
    return found;
  }

  /** A worker's sign of life. */
  async announce(worker: WorkerState): Promise<void> {
    await this.redis.zadd(this.key('workers'), await this.now(), JSON.stringify(worker));
  }

  async withdraw(worker: WorkerState): Promise<void> {
    await this.redis.zrem(this.key('workers'), JSON.stringify(worker));
  }

  async workers(code: string): Promise<number> {
    return (await this.living(WORKER_MS)).filter((worker) => worker.code === code).length;
  }

  /** Workers that gave a sign of life in so many milliseconds. */
  private async living(withinMs: number): Promise<WorkerState[]> {
    const list = this.key('workers');
    const now = await this.now();
    await this.redis.zremrangebyscore(list, 0, now - WORKER_MS);
    const all = await this.redis.zrangebyscore(list, now - withinMs, Infinity);
    return all.map((text) => JSON.parse(text) as WorkerState);
  }

  /** By the one clock that all share. */
  private async now(): Promise<number> {
    const [seconds, microseconds] = (await this.redis.time()).map(Number);
    return seconds * 1000 + Math.floor(microseconds / 1000);
  }
}

/** One for each build and set of plugins: workers of another one do not get to see its runs. */
export function queueName(code: string): string {
  return `runs-${code.slice(0, 16)}`;
}

/** What is done twice has the same name, and so do no two campaigns' runs. */
export function jobName(campaign: string, runId: string): string {
  return `${campaign}-${runId}`;
}

/** A run on its way to a worker. */
export interface QueuedRun {
  readonly campaign: string;
  readonly runId: string;
  readonly scenario: string;
  readonly command: string;
  readonly code: string;
}
