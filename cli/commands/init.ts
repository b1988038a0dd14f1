import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CommandModule } from 'yargs';
import { writeWhole } from '../../analysis/index.js';
import { answer } from '../answer.js';
import { InputError } from '../exit.js';
import { kindOption, outputOptions, type FileKind, type OutputArguments } from '../options.js';
import { starters } from '../starter.js';

interface Arguments extends OutputArguments {
  readonly file: string | undefined;
  readonly kind: FileKind;
}

const next: Readonly<Record<FileKind, (file: string) => string>> = {
  scenario: (file) => `sim check ${file}; sim run ${file}`,
  sweep: (file) => `sim sweep ${file}`,
  rules: (file) => `name it in a scenario, rules: [${file}]`,
};

export const init: CommandModule<object, Arguments> = {
  command: 'init [file]',
  describe: 'write a commented starter: a scenario, a sweep or rules',
  builder: (yargs) =>
    outputOptions(
      kindOption(yargs.positional('file', {
        type: 'string',
        describe: 'where to; must not exist yet; default: scenario.yaml, or as its kind is called',
      })),
    ),
  handler: ({ file: given, kind, ...how }) => {
    const file = given ?? `${kind}.yaml`;
    if (existsSync(file)) {
      throw new InputError(`${file}:1:1: exists already, name a file that does not`);
    }
    if (!(statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory() ?? false)) {
      throw new InputError(`${file}:1:1: there is no such directory, create it before`);
    }
    writeWhole(file, starters[kind]);
    answer(how, () => ({ file }), () => `${file} written. Next: ${next[kind](file)}`);
  },
};
