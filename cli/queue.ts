/** `--queue redis://...` on the command line. */
import type { Argv } from 'yargs';
import { queueAddress } from '../campaign/queue/address.js';
import { connect, type Link } from '../campaign/queue/link.js';
import { last } from './options.js';

export function queueOption<T>(yargs: Argv<T>, describe: string) {
  return yargs.option('queue', {
    type: 'string', requiresArg: true, describe, coerce: last<string>,
  });
}

/** @throws InputError, ExecutorError */
export function linkTo(text: string, say: (text: string) => void): Promise<Link> {
  const address = queueAddress(text, process.env['HOWDAH_QUEUE_PASSWORD']);
  return connect(address, {
    gone: (reason) => say(reason === null
      ? `Redis at ${address.shown} is there again`
      : `Redis at ${address.shown} is gone (${reason}), waiting for it`),
  });
}
