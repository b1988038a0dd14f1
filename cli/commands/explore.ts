import type { CommandModule } from 'yargs';
import { loadScenario } from '../../experiment/scenario/index.js';
import { InputError } from '../exit.js';
import { explore as exploreSeeds } from '../explore/explore.js';
import { printExploration } from '../explore/print.js';
import { keep } from '../explore/keep.js';
import {
  jobsOption,
  last,
  outOption,
  outputOptions,
  pluginOption,
  readJobs,
  scenarioOptions,
  type OutputArguments,
  type PluginArguments,
  type ScenarioArguments,
} from '../options.js';
import { loadPlugins } from '../plugins.js';

interface Arguments extends ScenarioArguments, PluginArguments, OutputArguments {
  readonly seeds: number;
  readonly jobs: number | undefined;
  readonly out: string | undefined;
}

const MOST_SEEDS = 10_000_000;

export const explore: CommandModule<object, Arguments> = {
  command: 'explore <scenario>',
  describe: 'look for a schedule of faults that breaks a promise: draw one for each of many seeds',
  builder: (yargs) =>
    jobsOption(outputOptions(outOption(pluginOption(scenarioOptions(yargs)),
      'where to keep what was found, instead of results/SCENARIO/ID'))).option('seeds', {
      type: 'number',
      requiresArg: true,
      default: 200,
      describe: 'how many, from --seed (or the seed in the file) on',
      coerce: last<number>,
    }),
  handler: async ({ scenario, seed, set, plugin, seeds, jobs, out, json, quiet }) => {
    if (!(Number.isInteger(seeds) && seeds >= 1 && seeds <= MOST_SEEDS)) {
      throw new InputError(`--seeds: ${seeds} is not a whole number from 1 to ${MOST_SEEDS}`);
    }
    const plugins = await loadPlugins(plugin);
    const base = loadScenario(scenario, { set, seed, plugins: plugins.registry });
    const explored = await exploreSeeds({
      base, plugins: plugin, from: base.seed, seeds, jobs: readJobs(jobs), showProgress: !quiet,
    });
    const kept = explored.found && await keep(explored.found.scenario, {
      suffix: `seed-${explored.found.seed}`, plugins: plugins.hash, out,
    });
    printExploration(explored, kept, { json, quiet });
  },
};
