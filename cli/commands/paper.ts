import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { writePaper } from '../../analysis/paper/index.js';
import { answer } from '../answer.js';
import { exit } from '../exit.js';
import { outOption, outputOptions, type OutputArguments } from '../options.js';

interface Arguments extends OutputArguments {
  readonly directory: string;
  readonly out: string | undefined;
}

export const paper: CommandModule<object, Arguments> = {
  command: 'paper <directory>',
  describe: 'make figures of one column, tables and a page in LaTeX of a sweep',
  builder: (yargs) =>
    outputOptions(
      outOption(
        yargs.positional('directory', {
          type: 'string', demandOption: true, describe: 'for example results/loss/latest',
        }),
        'directory instead of DIRECTORY/paper',
      ),
    ),
  handler: async ({ directory, out, ...how }) => {
    const { files, missing } = await writePaper(directory, out ?? join(directory, 'paper'));
    answer(how, () => ({ files, missing }), () => files.join('\n'));
    if (missing.length === 0) return;
    const remedy = `npm install ${missing.join(' ')}`;
    console.error(`${directory}: all but the PDFs was written, for those ${remedy}`);
    process.exitCode = exit.environment;
  },
};
