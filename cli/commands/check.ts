import type { CommandModule } from 'yargs';
import { loadScenario } from '../../checker/scenario.js';
import { loadPlugins } from '../../campaign/plugins.js';
import { answer } from '../answer.js';
import { assess, assessmentText } from '../assess.js';
import {
  outputOptions,
  pluginOption,
  scenarioOptions,
  type OutputArguments,
  type PluginArguments,
  type ScenarioArguments,
} from '../options.js';

interface Arguments extends ScenarioArguments, PluginArguments, OutputArguments {}

export const check: CommandModule<object, Arguments> = {
  command: 'check <scenario>',
  describe: 'read a scenario; print what it promises and costs; run nothing',
  builder: (yargs) => outputOptions(pluginOption(scenarioOptions(yargs))),
  handler: async ({ scenario, seed, set, plugin, ...how }) => {
    const { registry } = await loadPlugins(plugin);
    const assessment = assess(loadScenario(scenario, { set, seed, plugins: registry }));
    answer(how, () => assessment, () => assessmentText(assessment));
  },
};
