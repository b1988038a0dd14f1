import type { CommandModule } from 'yargs';
import { loadScenario } from '../../experiment/scenario/index.js';
import { explore as exploreSeeds } from '../explore/explore.js';
import { printExploration } from '../explore/print.js';
import { keep } from '../explore/keep.js';
import {
  jobsOption,
  outOption,
  outputOptions,
  pluginOption,
  scenarioOptions,
  wholeOption,
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
      ...wholeOption('seeds', 'how many, from --seed (or the seed in the file) on', 1, MOST_SEEDS),
      default: 200,
    }),
  handler: async ({ scenario, seed, set, plugin, seeds, jobs, out, json, quiet }) => {
    const plugins = await loadPlugins(plugin);
    const base = loadScenario(scenario, { set, seed, plugins: plugins.registry });
    const explored = await exploreSeeds({
      base, plugins: plugin, from: base.seed, seeds, jobs, showProgress: !quiet,
    });
    const kept = explored.found && await keep(explored.found.scenario, {
      suffix: `seed-${explored.found.seed}`, plugins: plugins.hash, out,
    });
    printExploration(explored, kept, { json, quiet });
  },
};
