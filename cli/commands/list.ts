import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import pc from '../colors.js';
import type { CommandModule } from 'yargs';
import { describeScenario } from '../../experiment/scenario/index.js';
import { readOutline } from '../../experiment/sweep/index.js';
import { outputOptions, type OutputArguments } from '../options.js';
import { shippedScenarios } from '../../campaign/package-root.js';
import { wrapped } from '../text.js';

export const list: CommandModule<object, OutputArguments> = {
  command: 'list',
  describe: 'list the scenarios and sweeps that come along',
  builder: outputOptions,
  handler: ({ json }) => {
    const shipped = [
      ...described('scenario', shippedScenarios, describeScenario),
      ...described('sweep', join(shippedScenarios, 'sweeps'), readOutline),
    ];
    if (json) return console.log(JSON.stringify(shipped, null, 2));
    for (const { kind, file, description } of shipped) {
      const title = kind === 'sweep' ? `${pc.bold(file)} (for sim sweep)` : pc.bold(file);
      console.log(`${title}\n  ${wrapped(description)}\n`);
    }
  },
};

interface Described {
  readonly name: string;
  readonly description: string;
}

function described(kind: string, folder: string, read: (path: string) => Described) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const path = join(folder, file);
      const { name, description } = read(path);
      return { kind, name, file: relative('', path), description };
    });
}
