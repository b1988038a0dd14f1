import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import {
  compare as compared, conditionOf, judge, readSide, usualComparison, type Condition, type Side,
} from '../../analysis/compare/index.js';
import { measureCalled } from '../../analysis/sweep/index.js';
import { declaredTuning, tune, tuningOf, type Tuned } from '../../campaign/compare/tune.js';
import { loadPlugins } from '../../campaign/plugins.js';
import { SettingError } from '../../experiment/language/error.js';
import { printComparison } from '../compare/print-comparison.js';
import { exit, InputError } from '../exit.js';
import {
  jobsOption, last, outputOptions, pluginOption, type OutputArguments, type PluginArguments,
} from '../options.js';

interface Arguments extends OutputArguments, PluginArguments {
  readonly first: string;
  readonly second: string;
  readonly measure: readonly string[];
  readonly 'at-equal': string | undefined;
  readonly tune: string | undefined;
  readonly 'fail-if': readonly string[];
  readonly jobs: number | undefined;
}

export const compare: CommandModule<object, Arguments> = {
  command: 'compare <first> <second>',
  describe: 'tell how two runs, sweeps or cells of sweeps differ, and how surely',
  builder: (yargs) => {
    const side = { type: 'string', demandOption: true } as const;
    const sides = yargs
      .positional('first', {
        ...side, describe: 'run or sweep directory; DIR@PATH=VALUE: the cells with that value',
      })
      .positional('second', { ...side, describe: 'what is compared with it' });
    return jobsOption(outputOptions(pluginOption(sides)))
      .option('measure', {
        type: 'string', array: true, requiresArg: true, default: [],
        defaultDescription: 'those of the report, or the usual ones',
        describe: 'what is compared; repeatable',
      })
      .option('at-equal', {
        type: 'string', requiresArg: true, coerce: last<string>,
        describe: 'a measure that is made equal first, by --tune or what the detector declares',
      })
      .option('tune', {
        type: 'string', requiresArg: true, coerce: last<string>,
        defaultDescription: 'what its detector declares',
        describe: 'PATH=low..high: the setting of the second that is turned for it',
      })
      .option('fail-if', {
        type: 'string', array: true, requiresArg: true, default: [], defaultDescription: 'nothing',
        describe: "'settle.p95 > 5%': exit with 1 if it changed so much; repeatable",
      });
  },
  handler: async (given) => {
    const conditions = given['fail-if'].map(readCondition);
    const wanted = given.measure.map((name) => called('--measure', name));
    const tuning = readTuning(given);
    const first = readSide(given.first);
    const second = readSide(given.second);
    for (const { name, runs } of [first, second]) {
      if (runs.length === 0) throw new InputError(`${name}: every run crashed, name another`);
    }
    const plugins = await loadPlugins(given.plugin);
    const jobs = given.jobs ?? availableParallelism();
    const tuned = tuning && await tune({
      first, second, jobs, plugins, measure: tuning.measure,
      tuning: tuning.tuning ?? declaredTuning(second, plugins),
    });
    const measures = new Set([
      ...(wanted.length > 0 ? wanted : usualMeasures(first, second)),
      ...conditions.map(({ measure }) => measure),
    ]);
    print({ given, first, second: tuned?.side ?? second, tuned, conditions }, [...measures]);
  },
};

function usualMeasures({ measures: own }: Side, { measures: other }: Side): readonly string[] {
  const named = [...(own ?? []), ...(other ?? [])];
  return named.length > 0 ? named : usualComparison;
}

interface Found {
  readonly given: Arguments;
  readonly first: Side;
  readonly second: Side;
  readonly tuned: Tuned | null;
  readonly conditions: readonly Condition[];
}

function print(
  { given, first, second, tuned, conditions }: Found, measures: readonly string[],
): void {
  const comparison = compared(first, second, measures);
  if (comparison === undefined) {
    const both = `${first.name} and ${second.name}`;
    throw new InputError(`${both}: they have no cell in common, hold what differs: DIR@PATH=VALUE`);
  }
  const judged = conditions.flatMap((condition) => {
    const found = judge(condition, comparison.compared);
    if (found.length > 0) return found;
    throw new InputError(`--fail-if '${condition.text}': no run has ${condition.measure}`);
  });
  printComparison({ comparison, judged, tuned }, given);
  process.exitCode = judged.some(({ held }) => held) ? exit.broken : exit.ok;
}

function readCondition(text: string): Condition {
  const condition = measured(`--fail-if '${text}'`, () => conditionOf(text));
  if (condition !== undefined) return condition;
  throw new InputError(`--fail-if '${text}': write MEASURE > CHANGE, such as 'settle.p95 > 5%'`);
}

function called(option: string, name: string): string {
  return measured(`${option} ${name}`, () => measureCalled(name));
}

function measured<Value>(what: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new InputError(`${what}: ${error.problem}, ${error.remedy}`);
  }
}

function readTuning({ 'at-equal': measure, tune: text }: Arguments) {
  if (measure === undefined && text === undefined) return null;
  if (measure === undefined) {
    throw new InputError('--tune: name the measure too, --at-equal MEASURE');
  }
  const tuning = text === undefined ? null : tuningOf(text);
  return { measure: called('--at-equal', measure), tuning };
}
