import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { QueueWorker } from '../../campaign/queue/queue-worker.js';
import { loadPlugins } from '../../campaign/plugins.js';
import { hashCode } from '../../campaign/run-id.js';
import { some } from '../../analysis/words.js';
import { durationOption } from '../duration-option.js';
import { exit, InputError } from '../exit.js';
import { Interruption, interruptedCode } from '../interruption.js';
import { jobsOption, pluginOption, type PluginArguments } from '../options.js';
import { linkTo, queueOption } from '../queue.js';

/** To be written, what was said last has so long. */
const LINGER_MS = 500;

interface Arguments extends PluginArguments {
  readonly queue: string | undefined;
  readonly jobs: number | undefined;
  readonly idle: number | undefined;
  readonly quiet: boolean;
}

export const worker: CommandModule<object, Arguments> = {
  command: 'worker',
  describe: 'take runs of sweeps from a queue until told to stop',
  builder: (yargs) =>
    queueOption(jobsOption(pluginOption(yargs)), 'redis://HOST:PORT, where sweeps put their runs')
      .option('idle',
        durationOption('idle', 'end after so long without a run, such as 5m; default: never'))
      .option('quiet', { type: 'boolean', default: false, describe: 'say nothing' }),
  handler: async ({ queue, plugin, jobs, idle, quiet }) => {
    if (queue === undefined) {
      throw new InputError('--queue: a value is missing, write --queue redis://HOST:PORT');
    }
    const say = (text: string): void => {
      if (!quiet) console.error(`sim worker: ${text}`);
    };
    const { files, hash } = await loadPlugins(plugin);
    const link = await linkTo(queue, say);
    const here = new QueueWorker(link, {
      jobs: jobs ?? availableParallelism(), code: hashCode(), plugins: { files, hash }, say,
      idleMs: idle === undefined ? undefined : idle / 1000,
    });
    const interruption = new Interruption(() => {
      say('ends what it has begun; once more ends it at once');
      here.drain();
    });
    const abandon = (): void => here.abandon();
    process.once('exit', abandon);
    say(`at work for ${link.address.shown}`);
    try {
      await here.run();
      const isOfNoUse = here.done === 0 && here.refused.size > 0 && !interruption.requested;
      if (isOfNoUse) {
        throw new InputError('sim worker: all that was to be done is for other builds');
      }
      const code = interruption.requested ? interruptedCode() : exit.ok;
      // A worker that is sent away politely has done its duty.
      process.exitCode = code === exit.terminated ? exit.ok : code;
      say(`made ${some(here.done, 'run')}`);
    } finally {
      process.off('exit', abandon);
      interruption.end();
      link.close();
      if (here.isCutOff) setTimeout(() => process.exit(), LINGER_MS).unref();
    }
  },
};
