import type { CommandModule } from 'yargs';
import { loadPlugins } from '../../campaign/plugins.js';
import { verify as verifyRun, type Verified } from '../../campaign/verify/verify.js';
import { loadScenario } from '../../checker/scenario.js';
import {
  outputOptions,
  overrideOptions,
  pluginOption,
  type OutputArguments,
  type PluginArguments,
  type ScenarioArguments,
} from '../options.js';
import { printVerified } from '../print-verified.js';
import { Progress } from '../progress.js';

interface Arguments extends Omit<ScenarioArguments, 'scenario'>, PluginArguments, OutputArguments {
  readonly scenario: readonly string[];
}

export const verify: CommandModule<object, Arguments> = {
  command: 'verify <scenario..>',
  describe: 'run each scenario in several ways that must give the same results, event by event',
  builder: (yargs) =>
    outputOptions(pluginOption(overrideOptions(yargs.positional('scenario', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'scenario files (YAML)',
    })))),
  handler: async ({ scenario, seed, set, plugin, json, quiet }) => {
    const plugins = await loadPlugins(plugin);
    const { registry } = plugins;
    // All are read before the first is run: none is run in vain.
    const scenarios = scenario.map((file) => loadScenario(file, { set, seed, plugins: registry }));
    const verified: Verified[] = [];
    for (const resolved of scenarios) {
      const progress = new Progress(resolved.durationUs, !quiet);
      try {
        verified.push(await verifyRun({
          scenario: resolved,
          plugins,
          progress: (timeUs) => void progress.report(timeUs, 0),
        }));
      } finally {
        progress.stop();
      }
    }
    printVerified(verified, { json, quiet });
  },
};
