import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import pc from '../colors.js';
import type { CommandModule } from 'yargs';
import { loadScenario } from '../../experiment/scenario/index.js';
import { outputOptions, type OutputArguments } from '../options.js';
import { shippedScenarios } from '../package-root.js';
import { wrapped } from '../text.js';

export const list: CommandModule<object, OutputArguments> = {
  command: 'list',
  describe: 'list the scenarios that come along',
  builder: outputOptions,
  handler: ({ json }) => {
    const scenarios = readdirSync(shippedScenarios)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => {
        const path = join(shippedScenarios, file);
        const { name, description } = loadScenario(path);
        return { name, file: relative('', path), description };
      });
    if (json) return console.log(JSON.stringify(scenarios, null, 2));
    for (const { file, description } of scenarios) {
      console.log(`${pc.bold(file)}\n  ${wrapped(description)}\n`);
    }
  },
};
