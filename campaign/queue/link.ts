/** The connection to a Redis, and the packages that it takes, which not everybody has. */
import { hostname } from 'node:os';
import type { Job, Queue, Worker } from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import { ExecutorError, InputError } from '../errors.js';
import type { QueueAddress } from './address.js';

const CONNECT_MS = 10_000;
/** A connection that says nothing for so long, though asked, is taken for cut, and made anew. */
const SILENT_MS = 20_000;
const RETRY_MS = 200;
const MOST_RETRY_MS = 2000;

type BullMq = typeof import('bullmq');

export interface Link {
  readonly address: QueueAddress;
  readonly redis: Redis;
  readonly bullmq: BullMq;
  /** For commands that wait. */
  another(): Redis;
  close(): void;
}

export interface LinkEvents {
  /** Told why, when the connection is lost, and null when it is there again. */
  gone(reason: string | null): void;
}

/** @throws InputError without the packages, or refused; ExecutorError where nobody answers */
export async function connect(address: QueueAddress, events: LinkEvents): Promise<Link> {
  const { bullmq, Client } = await packages();
  const { host, port, user, password, database, tls, prefix } = address;
  const state = { connected: false, closed: false, gone: false };
  const options: RedisOptions = {
    host, port, db: database, lazyConnect: true, connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null,
    connectionName: `${prefix}@${hostname()}`.replaceAll(/[^\w.:@-]/g, '-'),
    retryStrategy: (times) =>
      state.connected && !state.closed ? Math.min(times * RETRY_MS, MOST_RETRY_MS) : null,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  };
  const clients: Redis[] = [];
  const create = (): Redis => {
    const client = new Client(options);
    clients.push(client);
    return client;
  };
  const redis = create();
  const said: Error[] = [];
  redis.on('error', (error: Error) => {
    if (!state.connected) said.push(error);
    if (!state.connected || state.closed || state.gone) return;
    state.gone = true;
    events.gone(reasonOf(error));
  });
  redis.on('ready', () => {
    if (state.gone) events.gone(null);
    state.gone = false;
  });
  try {
    await redis.connect();
    // Asked for once more: what is said of it on the way is not heard.
    await redis.select(database);
    await checkVersion(redis, address);
  } catch (error) {
    for (const client of clients) client.disconnect();
    // What was said first is why; the rest are its consequences.
    throw refusal(address, [...said, error as Error]);
  }
  state.connected = true;
  const watch = setInterval(() => clients.forEach(ensureAlive), SILENT_MS).unref();
  return {
    address, redis, bullmq,
    another: () => {
      const client = create();
      client.on('error', () => undefined);
      void client.connect().catch(() => undefined);
      return client;
    },
    close: () => {
      state.closed = true;
      clearInterval(watch);
      for (const client of clients) client.disconnect();
    },
  };
}

/** A cable that was cut says nothing; a question that nobody answers tells. */
function ensureAlive(client: Redis): void {
  if (client.status !== 'ready') return;
  const deadline = setTimeout(() => client.disconnect(true), SILENT_MS / 2).unref();
  client.ping().catch(() => undefined).finally(() => clearTimeout(deadline));
}

async function packages(): Promise<{ bullmq: BullMq; Client: typeof Redis }> {
  try {
    return { bullmq: await import('bullmq'), Client: (await import('ioredis')).Redis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const remedy = 'install them: npm install bullmq ioredis';
    throw new InputError(`--queue: it takes the packages bullmq and ioredis, ${remedy}`);
  }
}

/** BullMQ's scripts need 6.2. */
async function checkVersion(redis: Redis, { shown }: QueueAddress): Promise<void> {
  const text = await redis.info('server').catch(() => '');
  const [, major, minor] = (/redis_version:(\d+)\.(\d+)/.exec(text) ?? []).map(Number);
  if (major === undefined || major > 6 || (major === 6 && minor >= 2)) return;
  const problem = `it is a Redis ${major}.${minor}, take 6.2 or later`;
  throw new ExecutorError(`--queue ${shown}: ${problem}`);
}

function refusal({ shown }: QueueAddress, errors: readonly Error[]): Error {
  const own = errors.find((error) => error instanceof ExecutorError);
  if (own !== undefined) return own;
  const refused = errors.find(({ message }) => /WRONGPASS|NOAUTH|NOPERM|DB index/.test(message));
  const text = `--queue ${shown}`;
  if (refused !== undefined) {
    const what = /NOPERM/.test(refused.message) ? 'this user may not do what it takes'
      : /DB index/.test(refused.message) ? 'it has no such database'
      : 'user or password are wrong';
    const remedy = /DB index/.test(refused.message) ? 'write a smaller number'
      : 'write redis://USER:PASSWORD@HOST, or set HOWDAH_QUEUE_PASSWORD';
    return new InputError(`${text}: ${what} (${reasonOf(refused)}), ${remedy}`);
  }
  const remedy = 'start it, or correct the address';
  return new ExecutorError(`${text}: no Redis answers (${reasonOf(errors[0])}), ${remedy}`);
}

export function reasonOf(error: Error): string {
  // Several addresses were tried, and each failed in its own way.
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  return first.message.split('\n')[0];
}

/**
 * What comes of it, or undefined where it takes longer: a Redis that is gone lets whatever is asked
 * of it wait, even after {@link Link.close}.
 */
export async function atMost<T>(ms: number, asked: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function isOutOfMemory(error: unknown): error is Error {
  return error instanceof Error && /\bOOM\b/.test(error.message);
}

/** It will not, or cannot, for now: out of memory or disk, starting, changing its roles, gone. */
export function mayPass(error: unknown): error is Error {
  const passing = /\b(OOM|LOADING|READONLY|MISCONF|MASTERDOWN|NOREPLICAS|BUSY|TRYAGAIN)\b/;
  const gone = /Connection is closed|Socket timeout|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/;
  return error instanceof Error && (passing.test(error.message) || gone.test(error.message));
}

/** What a Redis refuses for good is no defect of ours. */
export function refused({ shown }: QueueAddress, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isRefusal = error.name === 'ReplyError' || mayPass(error);
  if (!isRefusal) return error;
  const remedy = isOutOfMemory(error) ? 'raise its maxmemory' : 'see to it';
  const text = `--queue ${shown}: Redis refuses (${reasonOf(error)})`;
  return new ExecutorError(`${text}, ${remedy}; --resume goes on from here`, { cause: error });
}

export type { Job, Queue, Redis, Worker };
