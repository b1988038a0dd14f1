import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { explore as exploreSeeds, type Found } from '../../campaign/explore/explore.js';
import { ownPromises } from '../../campaign/explore/failure.js';
import { keep } from '../../campaign/explore/keep.js';
import { loadPlugins } from '../../campaign/plugins.js';
import type { Registry } from '../../experiment/plugins.js';
import { suggestion } from '../../experiment/language/error.js';
import { loadScenario } from '../../checker/scenario.js';
import { commandLine } from '../record-run.js';
import { durationOption } from '../duration-option.js';
import { InputError } from '../exit.js';
import { printExploration, type KeptFind } from '../explore/print-exploration.js';
import { ExploreProgress } from '../explore/progress.js';
import { interruptible } from '../interruption.js';
import {
  jobsOption,
  last,
  outOption,
  outputOptions,
  pluginOption,
  scenarioOptions,
  wholeOption,
  type OutputArguments,
  type PluginArguments,
  type ScenarioArguments,
} from '../options.js';

interface Arguments extends ScenarioArguments, PluginArguments, OutputArguments {
  readonly seeds: number | undefined;
  readonly settings: string;
  readonly kinds: number | undefined;
  readonly time: number | undefined;
  readonly 'keep-going': boolean;
  readonly ignore: readonly string[];
  readonly jobs: number | undefined;
  readonly out: string | undefined;
}

const MOST_SEEDS = 10_000_000;
const USUAL_SEEDS = 200;
const MOST_KINDS = 1_000;

const huntOptions = {
  seeds: {
    ...wholeOption('seeds', 'how many, from --seed (or the seed in the file) on', 1, MOST_SEEDS),
    defaultDescription: `${USUAL_SEEDS}; as many as fit in --time`,
  },
  settings: {
    choices: ['given', 'drawn'],
    requiresArg: true,
    default: 'given',
    describe: 'drawn: by seed too, where the file leaves the default',
    coerce: last<string>,
  },
  kinds: {
    ...wholeOption('kinds', 'how many kinds of faults each seed has: 2 for pairs', 1, MOST_KINDS),
    defaultDescription: 'some, as the seed has it',
  },
  time: durationOption('time', 'begin no seed later than this after the start: 20m'),
  'keep-going': {
    type: 'boolean',
    default: false,
    describe: 'go on past seeds that break something; one of each cause is kept',
  },
  ignore: {
    type: 'string',
    array: true,
    requiresArg: true,
    default: [],
    defaultDescription: 'none',
    describe: 'an invariant that counts for nothing; repeatable',
  },
} as const;

export const explore: CommandModule<object, Arguments> = {
  command: 'explore <scenario>',
  describe: 'look for a schedule of faults that breaks a promise: draw one for each of many seeds',
  builder: (yargs) =>
    jobsOption(outputOptions(outOption(pluginOption(scenarioOptions(yargs)),
      'where to keep what was found, instead of results/SCENARIO/ID'))).options(huntOptions),
  handler: async (given) => {
    const { scenario, seed, set, plugin, settings, kinds, ignore, jobs, out } = given;
    const { json, quiet } = given;
    const plugins = await loadPlugins(plugin);
    checkIgnored(ignore, plugins.registry);
    const base = loadScenario(scenario, { set, seed, plugins: plugins.registry });
    const open = settings === 'drawn'
      ? { text: readFileSync(scenario, 'utf8'), file: scenario, set } : null;
    const keepGoing = given['keep-going'];
    const seeds = given.seeds ?? (given.time === undefined ? USUAL_SEEDS : MOST_SEEDS);
    const progress = new ExploreProgress(seeds, !quiet);
    const explored = await interruptible((signal) => exploreSeeds({
      scenario: base, written: open, ignored: ignore, plugins, seeds, kinds, jobs, keepGoing,
      signal,
      timeMs: given.time === undefined ? undefined : given.time / 1e3,
      progress: (standing) => progress.update(standing),
    })).finally(() => progress.stop());
    const kept: KeptFind[] = [];
    for (const find of explored.finds) {
      const name = `seed-${find.seed}`;
      const where = out !== undefined && keepGoing ? join(out, name) : out;
      kept.push({ find, kept: await keepFind(find, plugins.hash, where) });
    }
    printExploration(explored, kept, { json, quiet });
  },
};

function keepFind({ scenario, seed }: Found, plugins: string, out: string | undefined) {
  return keep(scenario, { suffix: `seed-${seed}`, plugins, out, command: commandLine() });
}

/** @throws InputError */
function checkIgnored(ignored: readonly string[], { invariants }: Registry): void {
  const known = [...invariants.keys(), ...ownPromises];
  const unknown = ignored.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const remedy = suggestion(unknown, known);
  throw new InputError(`--ignore: no invariant is called ${unknown}, ${remedy}`);
}
