import { writeFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { exit, InputError } from '../exit.js';
import { outputOptions, type OutputArguments } from '../options.js';
import { starter } from '../starter.js';

interface Arguments extends OutputArguments {
  readonly file: string;
}

export const init: CommandModule<object, Arguments> = {
  command: 'init [file]',
  describe: 'write a commented starter scenario',
  builder: (yargs) =>
    outputOptions(
      yargs.positional('file', {
        type: 'string',
        default: 'scenario.yaml',
        describe: 'where to; must not exist yet',
      }),
    ),
  handler: ({ file, json, quiet }) => {
    try {
      writeFileSync(file, starter, { flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') {
        throw new InputError(`${file}:1:1: exists already, name a file that does not`);
      }
      if (code === 'ENOENT') {
        throw new InputError(`${file}:1:1: there is no such directory, create it before`);
      }
      process.exitCode = exit.environment;
      return console.error(`${file}: cannot be written (${code ?? String(error)})`);
    }
    if (json) console.log(JSON.stringify({ file }, null, 2));
    else if (!quiet) console.log(`${file} written. Next: sim check ${file}; sim run ${file}`);
  },
};
