import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { checkMeasure } from '../../analysis/sweep/index.js';
import { loadPlugins } from '../../campaign/plugins.js';
import type { Shard } from '../../campaign/sweep/schedule.js';
import { loadSweep } from '../../checker/scenario.js';
import { InputError } from '../exit.js';
import {
  jobsOption,
  last,
  outOption,
  outputOptions,
  overrideOptions,
  pluginOption,
  type OutputArguments,
  type PluginArguments,
} from '../options.js';
import { queueOption } from '../queue.js';
import { attach } from '../sweep/attach.js';
import { runHere } from '../sweep/run-here.js';
import { planOf, printPlan, refuseMany } from '../sweep/plan.js';
import { printSweep } from '../sweep/print-sweep.js';

interface Arguments extends PluginArguments, OutputArguments {
  readonly sweep: string | undefined;
  readonly seed: number | undefined;
  readonly set: readonly string[];
  readonly out: string | undefined;
  readonly jobs: number | undefined;
  readonly shard: string | undefined;
  readonly resume: boolean;
  readonly extend: string | undefined;
  readonly 'dry-run': boolean;
  readonly yes: boolean;
  readonly queue: string | undefined;
  readonly attach: boolean;
}

export const sweep: CommandModule<object, Arguments> = {
  command: 'sweep [sweep]',
  describe: 'make all runs of a sweep file: a scenario times a grid times replications',
  builder: (yargs) =>
    queueOption(jobsOption(outputOptions(
      outOption(
        pluginOption(
          overrideOptions(
            yargs.positional('sweep', {
              type: 'string',
              describe: 'sweep file (YAML); with --attach also the name or id of a campaign',
            }),
          ),
        ),
        'sweep directory instead of results/SWEEP/ID',
      ),
    )), 'redis://HOST:PORT: sim worker processes there make the runs')
      .option('shard', {
        type: 'string',
        requiresArg: true,
        describe: 'i/n: only the i-th of n parts; sim merge puts them together',
        coerce: last<string>,
      })
      .option('resume', {
        type: 'boolean',
        default: false,
        describe: 'keep the runs that an earlier call finished; crashed ones are tried again',
      })
      .option('extend', {
        type: 'string',
        requiresArg: true,
        describe: 'directory of a smaller sweep, of which finished runs are taken over',
        coerce: last<string>,
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'tell how many runs it makes and how long they take, and make none',
      })
      .option('yes', {
        type: 'boolean',
        default: false,
        describe: 'make more than 10,000 runs',
      })
      .option('attach', {
        type: 'boolean',
        default: false,
        describe: 'with --queue: only look on at a campaign, from anywhere',
      }),
  handler: async (given) => {
    const { sweep: file, seed, set, plugin, out, jobs, resume, queue, json, quiet } = given;
    refuseBoth(given);
    const shard = given.shard === undefined ? null : readShard(given.shard);
    if (given.attach) {
      if (queue === undefined) {
        throw new InputError('--attach: name the queue too, --queue redis://HOST:PORT');
      }
      return attach({ queue, which: file, json, quiet });
    }
    if (file === undefined) {
      throw new InputError('sim sweep: name a file or directory to work on, see sim sweep --help');
    }
    const plugins = await loadPlugins(plugin);
    const loaded = loadSweep(file, { set, seed, checkMeasure, plugins: plugins.registry });
    if (given['dry-run']) {
      return printPlan(planOf(loaded, jobs ?? availableParallelism(), shard), json);
    }
    if (!given.yes) refuseMany(file, loaded);
    const recorded = await runHere({
      sweep: loaded,
      plugins: { files: plugins.files, hash: plugins.hash },
      jobs,
      queue,
      shard,
      resume,
      extend: given.extend,
      out,
      showProgress: !quiet,
    });
    printSweep(recorded, { json, quiet });
  },
};

/** A queue deals the runs out, to as many processes as its workers have. */
function refuseBoth({ queue, shard, jobs }: Arguments): void {
  if (queue === undefined) return;
  if (shard !== undefined) {
    throw new InputError('--shard: a queue deals out the whole sweep, give one of the two');
  }
  if (jobs !== undefined) {
    throw new InputError('--jobs: the workers of a queue make its runs, give it to sim worker');
  }
}

function readShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index === undefined || index < 1 || index > count) {
    throw new InputError(`--shard ${text}: write i/n with i from 1 to n, for example 1/4`);
  }
  return { index, count };
}
