import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { loadScenario } from '../../experiment/scenario/index.js';
import { InputError } from '../exit.js';
import { printShrunk } from '../explore/print-shrunk.js';
import { shrinkRun } from '../explore/shrink-run.js';
import {
  outOption,
  outputOptions,
  pluginOption,
  type OutputArguments,
  type PluginArguments,
} from '../options.js';
import { loadPlugins } from '../../campaign/plugins.js';

interface Arguments extends PluginArguments, OutputArguments {
  readonly run: string;
  readonly out: string | undefined;
}

export const shrink: CommandModule<object, Arguments> = {
  command: 'shrink <run>',
  describe: 'make a run that breaks a promise as small as it gets, and tell how it comes about',
  builder: (yargs) =>
    outputOptions(
      outOption(
        pluginOption(
          yargs.positional('run', {
            type: 'string',
            demandOption: true,
            describe: 'run directory, or scenario file (YAML)',
          }),
        ),
        'where to keep the small run, instead of results/SCENARIO-shrunk/ID',
      ),
    ),
  handler: async ({ run, plugin, out, json, quiet }) => {
    const plugins = await loadPlugins(plugin);
    const scenario = loadScenario(scenarioFile(run), { plugins: plugins.registry });
    const shrunk = await shrinkRun({
      scenario, plugins: plugins.hash, registry: plugins.registry, out, showProgress: !quiet,
    });
    printShrunk(shrunk, { json, quiet });
  },
};

/** @throws InputError */
function scenarioFile(run: string): string {
  if (statSync(run, { throwIfNoEntry: false })?.isDirectory() !== true) return run;
  const file = join(run, 'scenario.yaml');
  if (existsSync(file)) return file;
  throw new InputError(`${run}: there is no scenario.yaml in it (give a run directory or a file)`);
}
