import { mkdirSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import {
  chosenLaw, durationsOf, fitDurations, renewals, writeFitChart, writeWhole, type Fit,
  type Renewals,
} from '../../analysis/index.js';
import {
  formatOf,
  readTrace,
  traceFormats,
  type TraceFile,
  traceUnits,
  type TraceFormat,
  type TraceUnit,
} from '../../experiment/traces/index.js';
import { refusalOf } from '../../experiment/refusal.js';
import { ScenarioError } from '../../experiment/scenario/index.js';
import { answer } from '../answer.js';
import { InputError } from '../exit.js';
import { fitText, fragmentOf, plainFit } from '../fit-text.js';
import {
  last, outOption, outputOptions, seedOption, wholeOption, type OutputArguments,
} from '../options.js';
import { durationOption } from '../duration-option.js';

interface Arguments extends OutputArguments {
  readonly trace: string;
  readonly format: TraceFormat | undefined;
  readonly unit: TraceUnit | undefined;
  readonly system: string | undefined;
  readonly nodes: number | undefined;
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly bootstrap: number;
  readonly confidence: number;
  readonly seed: number;
  readonly out: string | undefined;
}

/** More rounds tell nothing that anybody would act on. */
const MOST_ROUNDS = 10_000;

export const fit: CommandModule<object, Arguments> = {
  command: 'fit <trace>',
  describe: 'fit laws of lifetimes and repairs to recorded failures',
  builder: (yargs) =>
    outputOptions(
      outOption(
        yargs
          .positional('trace', {
            type: 'string',
            demandOption: true,
            describe: 'recorded failures, in a format of docs/traces.md',
          })
          .option('format', {
            choices: traceFormats,
            describe: "instead of what the file's name says",
          })
          .option('unit', { choices: traceUnits, describe: 'of the times in the file' })
          .option('system', { type: 'string', describe: 'of the release of Los Alamos' })
          .option('nodes', wholeOption('nodes', 'hosts, of a trace of OpenDC', 1, 1_000_000))
          .option('from', durationOption('from', "only from here on, by the trace's clock"))
          .option('until', durationOption('until', 'only what begins before this'))
          .option('bootstrap', {
            ...wholeOption(
              'bootstrap', 'samples per law to test whether it fits; 0: no test', 0, MOST_ROUNDS,
            ),
            default: 200,
          })
          .option('confidence', {
            type: 'number',
            default: 0.95,
            describe: 'of the intervals of parameters',
            coerce: last<number>,
          })
          .option('seed', { ...seedOption('of the test'), default: 1 }),
        'directory of the chart and the numbers instead of results/fit/TRACE',
      ),
    ),
  handler: async (given) => {
    check(given);
    const trace = read(given);
    const durations = durationsOf(trace, { fromUs: given.from, untilUs: given.until });
    const options = {
      confidence: given.confidence, rounds: given.bootstrap, seed: given.seed,
    };
    const lifetimes = fitDurations(durations.lifetimes, durations.lifetimesTotal, {
      ...options, nodes: durations.lifetimeNodes,
    });
    const repairs = fitDurations(durations.repairs, durations.repairsTotal, {
      ...options, nodes: durations.repairNodes,
    });
    const implied = impliedBy(lifetimes, repairs, durations, trace.nodes, given.seed);
    const name = basename(given.trace, extname(given.trace));
    const directory = given.out ?? join('results', 'fit', name);
    const charts = await writeFitChart(directory, basename(given.trace), [
      { name: 'lifetimes', fit: lifetimes },
      { name: 'repairs', fit: repairs },
    ]);
    const { failures } = durations;
    print({ given, trace, lifetimes, repairs, implied, failures, directory, charts });
  },
};

function check({ confidence, from, until }: Arguments): void {
  if (!(confidence > 0 && confidence < 1)) {
    throw new InputError(`--confidence: ${confidence} is not between 0 and 1, write 0.95`);
  }
  if (from !== undefined && until !== undefined && from >= until) {
    throw new InputError('--from: it is not before --until, write an earlier instant');
  }
}

function read({ trace: path, format: given, unit, system, nodes }: Arguments): TraceFile {
  const format = given ?? formatOf(path);
  if (format === undefined) {
    const choices = traceFormats.map((name) => `--format ${name}`).join(' or ');
    throw new InputError(`${path}:1:1: nothing tells the format of this trace, add ${choices}`);
  }
  try {
    return readTrace(path, { format, unit, system, nodes });
  } catch (error) {
    if (error instanceof ScenarioError || !('code' in (error as Error))) throw error;
    const why = refusalOf(error).problem;
    const remedy = 'name a failure log (.csv) or an availability trace (.avt)';
    throw new InputError(`${path}:1:1: cannot read the trace: ${why}, ${remedy}`);
  }
}

interface Fitted {
  readonly given: Arguments;
  readonly trace: TraceFile;
  readonly lifetimes: Fit;
  readonly repairs: Fit;
  /** What the laws imply; null: one is missing. */
  readonly implied: Renewals | null;
  readonly failures: number;
  readonly directory: string;
  readonly charts: readonly string[];
}

function impliedBy(
  lifetimes: Fit, repairs: Fit, { failures, watchedSeconds }: ReturnType<typeof durationsOf>,
  nodes: number, seed: number,
): Renewals | null {
  const [lifetime, repair] = [chosenLaw(lifetimes), chosenLaw(repairs)];
  if (lifetime === null || repair === null) return null;
  return renewals({ lifetime, repair, nodes, seconds: watchedSeconds, expected: failures, seed });
}

function print({
  given, trace, lifetimes, repairs, implied, failures, directory, charts,
}: Fitted): void {
  const { nodes, rows, merged, sha256 } = trace;
  const fragment = fragmentOf(lifetimes, repairs);
  const all = {
    trace: { file: basename(trace.path), sha256, nodes, rows, merged },
    confidence: given.confidence,
    lifetimes: plainFit(lifetimes),
    repairs: plainFit(repairs),
    failures: { recorded: failures, implied },
    scenario: fragment,
  };
  mkdirSync(directory, { recursive: true });
  const numbers = join(directory, 'fit.json');
  writeWhole(numbers, `${JSON.stringify(all, null, 2)}\n`);
  const files = [numbers, ...charts];
  answer(given, () => ({ ...all, files: files.map((file) => resolve(file)) }),
    () => fitText(trace, { lifetimes, repairs, implied, failures, fragment, files }));
}
