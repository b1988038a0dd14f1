import type { CommandModule } from 'yargs';
import { writeReport } from '../../analysis/index.js';
import { outputOptions, type OutputArguments } from '../options.js';

interface Arguments extends OutputArguments {
  readonly directory: string;
}

export const report: CommandModule<object, Arguments> = {
  command: 'report <directory>',
  describe: 'draw the report of a run or sweep directory into it',
  builder: (yargs) =>
    outputOptions(
      yargs.positional('directory', {
        type: 'string',
        demandOption: true,
        describe: 'for example results/smoke/latest',
      }),
    ),
  handler: async ({ directory, json, quiet }) => {
    const { html, charts } = await writeReport(directory);
    if (json) console.log(JSON.stringify({ html, charts }, null, 2));
    else if (!quiet) console.log([html, ...charts].join('\n'));
  },
};
