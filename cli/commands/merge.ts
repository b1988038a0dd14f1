import type { CommandModule } from 'yargs';
import { mergeShards } from '../../campaign/sweep/merge.js';
import { outOption, outputOptions, type OutputArguments } from '../options.js';
import { printSweep } from '../sweep/print-sweep.js';

interface Arguments extends OutputArguments {
  readonly directories: readonly string[];
  readonly out: string | undefined;
}

export const merge: CommandModule<object, Arguments> = {
  command: 'merge <directories..>',
  describe: 'put the shards of a sweep together',
  builder: (yargs) =>
    outputOptions(
      outOption(
        yargs.positional('directories', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'sweep directories, all shards of one sweep',
        }),
        'sweep directory instead of results/SWEEP/ID',
      ),
    ),
  handler: async ({ directories, out, json, quiet }) => {
    printSweep(await mergeShards(directories, out), { json, quiet });
  },
};
