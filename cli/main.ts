#!/usr/bin/env node
import { hideBin } from 'yargs/helpers';
import yargs from 'yargs';
import { RunDirectoryError } from '../analysis/index.js';
import { PluginError } from '../experiment/plugins.js';
import { ScenarioError } from '../experiment/scenario/index.js';
import { LiveProcessError } from '../live/index.js';
import { check } from './commands/check.js';
import { explore } from './commands/explore.js';
import { fit } from './commands/fit.js';
import { init } from './commands/init.js';
import { list } from './commands/list.js';
import { live } from './commands/live.js';
import { merge } from './commands/merge.js';
import { report } from './commands/report.js';
import { run } from './commands/run.js';
import { schema } from './commands/schema.js';
import { shrink } from './commands/shrink.js';
import { sweep } from './commands/sweep.js';
import { verify } from './commands/verify.js';
import { exit, InputError, type ExitCode } from './exit.js';
import { version } from './package-root.js';
import { PoolError } from './pool.js';
import { beginYoung } from './young.js';

beginYoung();

// A reader that has seen enough (`sim list | head -1`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

async function main(): Promise<void> {
  const parser = yargs(hideBin(process.argv))
    .scriptName('sim')
    .usage('$0 COMMAND\n\nRuns management systems, and what goes wrong with them.')
    .parserConfiguration({ 'dot-notation': false, 'greedy-arrays': false })
    .command([
      run, sweep, explore, shrink, verify, live, report, merge, check, fit, init, schema, list,
    ] as never)
    .demandCommand(1, 'name a command')
    .strict()
    .recommendCommands()
    .version(version())
    .help()
    .alias('help', 'h')
    .wrap(Math.min(98, process.stdout.columns ?? 98))
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      // yargs throws some of its complaints, and passes on whatever a command throws.
      if (error && error.name !== 'YError') throw error;
      throw new InputError(`sim: ${inPlainWords(message)} (see sim --help)`);
    });
  await parser.parseAsync();
}

function inPlainWords(message: string | null): string {
  if (message === null) return 'wrong usage';
  const noArgument = message.startsWith('Not enough non-option arguments');
  return noArgument ? 'name a file or directory to work on' : message;
}

/** Says what went wrong, in a line where the user can help it. */
function explain(error: unknown): ExitCode {
  const wrongInput = [InputError, ScenarioError, PluginError].some((kind) => error instanceof kind);
  if (wrongInput && error instanceof Error) {
    console.error(error.message);
    return exit.wrongInput;
  }
  if (error instanceof RunDirectoryError) {
    console.error(error.message);
    return error.code === 'NOT_A_RUN' ? exit.wrongInput : exit.environment;
  }
  if (failedOutside(error)) {
    console.error(`sim: ${error.message}`);
    return exit.environment;
  }
  const plugged = process.argv.some((word) => word.startsWith('--plugin'));
  const whose = plugged ? 'of the program or of a plugin' : 'of the program, please report it';
  console.error(`sim: this is a defect ${whose}:`);
  console.error(error);
  return exit.defect;
}

/** The operating system refused something, or ended a process of ours. */
function failedOutside(error: unknown): error is Error {
  if (error instanceof LiveProcessError || error instanceof PoolError) return true;
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

try {
  await main();
} catch (error) {
  process.exitCode = explain(error);
}
