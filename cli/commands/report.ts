import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import {
  exportTrace, traceFormats, writeReport, type TraceFormatName,
} from '../../analysis/index.js';
import { isSweepDirectory } from '../../analysis/sweep/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../checker/scenario.js';
import {
  outputOptions, pluginOption, type OutputArguments, type PluginArguments,
} from '../options.js';
import { answer } from '../answer.js';
import { InputError } from '../exit.js';
import { loadPlugins } from '../../campaign/plugins.js';

interface Arguments extends OutputArguments, PluginArguments {
  readonly directory: string;
  readonly format: readonly string[];
}

export const report: CommandModule<object, Arguments> = {
  command: 'report <directory>',
  describe: 'draw the report of a run or sweep directory into it',
  builder: (yargs) =>
    outputOptions(
      pluginOption(yargs.positional('directory', {
        type: 'string',
        demandOption: true,
        describe: 'for example results/smoke/latest',
      })).option('format', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [],
        defaultDescription: 'the report',
        choices: traceFormats,
        describe: 'instead, the trace of a run for ShiViz or Perfetto, or as a picture; repeatable',
      }),
    ),
  handler: async ({ directory, format, plugin, ...how }) => {
    if (format.length > 0) {
      if (isSweepDirectory(directory)) {
        const remedy = `name one of its runs: ${join(directory, 'runs')}`;
        throw new InputError(`${directory}: a sweep keeps no traces, ${remedy}`);
      }
      const { registry } = await loadPlugins(plugin);
      const scenario = loadScenario(join(directory, 'scenario.yaml'), { plugins: registry });
      const names = format as readonly TraceFormatName[];
      const files = exportTrace(directory, names, buildInventory(scenario), scenario.name);
      return answer(how, () => ({ files }), () => files.join('\n'));
    }
    const { html, charts } = await writeReport(directory);
    answer(how, () => ({ html, charts }), () => [html, ...charts].join('\n'));
  },
};
