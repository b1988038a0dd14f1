/** Where a queue is: `redis://user:password@host:6379/0?prefix=howdah`, `rediss://` with TLS. */
import { suggestion } from '../../experiment/language/error.js';
import { InputError } from '../errors.js';

const DEFAULT_PORT = 6379;
const DEFAULT_PREFIX = 'howdah';

export interface QueueAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly tls: boolean;
  /** Of all keys. */
  readonly prefix: string;
  /** To be shown: without the password. */
  readonly shown: string;
}

/**
 * @param otherPassword - where the address holds none: words of a command can be seen by others
 * @throws InputError
 */
export function queueAddress(text: string, otherPassword?: string): QueueAddress {
  const refuse = (problem: string, remedy: string): never => {
    throw new InputError(`--queue ${withoutPassword(text)}: ${problem}, ${remedy}`);
  };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    const remedy = 'write redis://HOST:PORT, or rediss://HOST:PORT with TLS';
    return refuse('is no address of a Redis', remedy);
  }
  const [, database] = /^\/?(\d{0,5})$/.exec(url.pathname) ?? [];
  if (database === undefined) refuse(`${url.pathname} is no database`, 'write a number, as in /0');
  for (const name of url.searchParams.keys()) {
    if (name !== 'prefix') refuse(`unknown setting ${name}`, suggestion(name, ['prefix']));
  }
  const prefix = url.searchParams.get('prefix') ?? DEFAULT_PREFIX;
  if (!/^[\w.:-]+$/.test(prefix)) {
    refuse(`the prefix ${prefix} holds other signs`, 'use letters, digits, and . _ : -');
  }
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    user: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || otherPassword || undefined,
    database: Number(database),
    tls: url.protocol === 'rediss:',
    prefix,
    shown: withoutPassword(text),
  };
}

/** Of a word of the command line, or of all of it. */
export function withoutPassword(text: string): string {
  return text.replaceAll(/([a-z]+:\/\/[^:@/\s]*):[^@\s]*@/g, '$1:***@');
}
