import type { CommandModule } from 'yargs';
import { checkMeasure } from '../../analysis/sweep/index.js';
import { loadSweep } from '../../experiment/sweep/index.js';
import { InputError } from '../exit.js';
import {
  last,
  outOption,
  outputOptions,
  overrideOptions,
  pluginOption,
  type OutputArguments,
  type PluginArguments,
} from '../options.js';
import { loadPlugins } from '../plugins.js';
import { conductSweep } from '../sweep/conduct-sweep.js';
import { printSweep } from '../sweep/print.js';
import type { Shard } from '../sweep/schedule.js';

interface Arguments extends PluginArguments, OutputArguments {
  readonly sweep: string;
  readonly seed: number | undefined;
  readonly set: readonly string[];
  readonly out: string | undefined;
  readonly jobs: number | undefined;
  readonly shard: string | undefined;
  readonly resume: boolean;
}

const MOST_JOBS = 1000;

export const sweep: CommandModule<object, Arguments> = {
  command: 'sweep <sweep>',
  describe: 'make all runs of a sweep file: a scenario times a grid times replications',
  builder: (yargs) =>
    outputOptions(
      outOption(
        pluginOption(
          overrideOptions(
            yargs.positional('sweep', {
              type: 'string',
              demandOption: true,
              describe: 'sweep file (YAML)',
            }),
          ),
        ),
        'sweep directory instead of results/SWEEP/ID',
      ),
    )
      .option('jobs', {
        type: 'number',
        requiresArg: true,
        describe: 'worker processes; default: one per core',
        coerce: last<number>,
      })
      .option('shard', {
        type: 'string',
        requiresArg: true,
        describe: 'i/n: only the i-th of n parts; sim merge puts them together',
        coerce: last<string>,
      })
      .option('resume', {
        type: 'boolean',
        default: false,
        describe: 'keep the runs that an earlier call finished',
      }),
  handler: async (given) => {
    const { sweep: file, seed, set, plugin, out, jobs, shard, resume, json, quiet } = given;
    if (jobs !== undefined && !(Number.isInteger(jobs) && jobs >= 1 && jobs <= MOST_JOBS)) {
      throw new InputError(`--jobs: ${jobs} is not a whole number from 1 to ${MOST_JOBS}`);
    }
    const plugins = await loadPlugins(plugin);
    const conducted = await conductSweep({
      sweep: loadSweep(file, { set, seed, checkMeasure, plugins: plugins.registry }),
      plugins: { files: plugins.files, hash: plugins.hash },
      jobs,
      shard: shard === undefined ? null : readShard(shard),
      resume,
      out,
      showProgress: !quiet,
    });
    printSweep(conducted, { json, quiet });
  },
};

function readShard(text: string): Shard {
  const [, index, count] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number);
  if (index === undefined || index < 1 || index > count) {
    throw new InputError(`--shard ${text}: write i/n with i from 1 to n, for example 1/4`);
  }
  return { index, count };
}
