/** The `sim` command: what it can be told, and how it ends. */
import { hideBin } from 'yargs/helpers';
import yargs, { type Argv, type CommandModule } from 'yargs';
import { complain, complaintOf } from './complaint.js';
import { exit, InputError } from './exit.js';
import { version } from '../campaign/package-root.js';
import { usageText } from './usage.js';
import { keepAllYoung } from '../campaign/heap.js';

/** In the order of the help. Most of the program is behind them, and each needs a part of it. */
const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  run: async () => (await import('./commands/run.js')).run,
  sweep: async () => (await import('./commands/sweep.js')).sweep,
  worker: async () => (await import('./commands/worker.js')).worker,
  merge: async () => (await import('./commands/merge.js')).merge,
  explore: async () => (await import('./commands/explore.js')).explore,
  shrink: async () => (await import('./commands/shrink.js')).shrink,
  verify: async () => (await import('./commands/verify.js')).verify,
  live: async () => (await import('./commands/live.js')).live,
  report: async () => (await import('./commands/report.js')).report,
  paper: async () => (await import('./commands/paper.js')).paper,
  compare: async () => (await import('./commands/compare.js')).compare,
  query: async () => (await import('./commands/query.js')).query,
  check: async () => (await import('./commands/check.js')).check,
  fit: async () => (await import('./commands/fit.js')).fit,
  init: async () => (await import('./commands/init.js')).init,
  schema: async () => (await import('./commands/schema.js')).schema,
  list: async () => (await import('./commands/list.js')).list,
  completion: async () => (await import('./commands/completion.js')).completion,
};

/** As the whole of a process. */
export async function start(): Promise<void> {
  keepAllYoung();
  const words = hideBin(process.argv);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isGone(error)) return;
    complain(complaintOf(error, words), words);
    process.exit(exit.environment);
  });
  process.stderr.on('error', () => undefined);
  await main(words);
}

const exitCodes =
  'Exit codes: 0 all held; 1 an invariant broke, or something was found; 2 wrong input; 3 a ' +
  'defect of the program; 4 the environment failed; 5 a live run is void: its processes stood ' +
  'still for too long; 129, 130, 143 interrupted.';

/** Carries out a command line; sets the exit code and throws nothing. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    await parse(words);
  } catch (error) {
    const complaint = complaintOf(error, words);
    process.exitCode = complaint.exitCode;
    complain(complaint, words);
  }
}

/** A reader that has seen enough (`sim list | head -1`), or a terminal closed, is no error. */
function isGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO';
}

/** The command that is named; all where none is, as for the help. */
function loaded([first = '']: readonly string[]): Promise<unknown[]> {
  const needed = Object.hasOwn(commands, first) ? [first] : Object.keys(commands);
  return Promise.all(needed.map((name) => commands[name]()));
}

async function parse(words: readonly string[]): Promise<void> {
  const parser: Argv = yargs(words)
    .scriptName('sim')
    // Its complaints are read by us, whatever the user's language.
    .locale('en')
    .usage('$0 COMMAND\n\nRuns management systems, and what goes wrong with them.')
    .parserConfiguration({ 'dot-notation': false, 'greedy-arrays': false })
    .command(await loaded(words) as CommandModule[])
    .middleware((given) => {
      refuseEmpty(given, words, parser);
      refuseContradiction(words, parser);
    }, false)
    .demandCommand(1, 'name a command')
    .strict()
    .recommendCommands()
    .version(version())
    .help()
    .alias('help', 'h')
    .epilogue(exitCodes)
    .wrap(Math.min(98, process.stdout.columns ?? 98))
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      // yargs throws some of its complaints, and passes on whatever a command throws.
      if (error && error.name !== 'YError') throw error;
      throw new InputError(usageText(message, words, Object.keys(optionsOf(parser).key)));
    });
  await parser.parseAsync();
}

interface Options {
  readonly key: object;
  readonly boolean: readonly string[];
  readonly array: readonly string[];
}

/** What yargs knows of the command that is being read. */
function optionsOf(parser: Argv): Options {
  return (parser as unknown as { getOptions(): Options }).getOptions();
}

/** Names of nothing (`--out ""`, as from an unset variable), and switches that are half on. */
function refuseEmpty(
  given: Readonly<Record<string, unknown>>,
  words: readonly string[],
  parser: Argv,
): void {
  const { boolean } = optionsOf(parser);
  for (const [name, value] of Object.entries(given)) {
    if (value !== '' && !(Array.isArray(value) && value.includes(''))) continue;
    if (!words.some((word) => word.split('=')[0] === `--${name}`)) {
      throw new InputError(`sim: the ${name} has no name, name a file or directory`);
    }
    throw new InputError(`--${name}: a value is missing, write --${name} VALUE`);
  }
  for (const word of words) {
    const [, name = '', value] = /^--(?:no-)?([^=]+)=(.*)$/.exec(word) ?? [];
    if (!boolean.includes(name) || value === 'true' || value === 'false') continue;
    throw new InputError(`--${name}: ${value} is no value of a switch, write --${name} alone`);
  }
}

/** What is said twice, and not the same: one of them would be passed over in silence. */
function refuseContradiction(words: readonly string[], parser: Argv): void {
  const { key, boolean, array } = optionsOf(parser);
  const said = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const [, no, name = '', own] = /^--(no-)?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!Object.hasOwn(key, name) || (array.includes(name) && name !== 'set')) continue;
    const given = own ?? words[index + 1] ?? '';
    // Of settings each path is an option of its own.
    const [path = '', ...rest] = name === 'set' ? given.split('=') : [];
    const option = name === 'set' ? `set ${path}` : name;
    const value = boolean.includes(name)
      ? switched(no === undefined, own) : name === 'set' ? rest.join('=') : given;
    const before = said.get(option);
    if (before !== undefined && before !== value) {
      throw new InputError(`--${option}: it says ${before}, and then ${value}, give one of them`);
    }
    said.set(option, value);
  }
}

function switched(on: boolean, own: string | undefined): string {
  return on === (own !== 'false') ? 'yes' : 'no';
}
