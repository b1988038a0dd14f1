import type { Argv } from 'yargs';
import { InputError } from './exit.js';
import { starters, type StarterKind } from './starter.js';

/** What every command that takes a scenario can be told. */
export interface ScenarioArguments {
  readonly scenario: string;
  readonly seed: number | undefined;
  readonly set: readonly string[];
}

/** Modules with implementations of the user's own. */
export interface PluginArguments {
  readonly plugin: readonly string[];
}

export interface OutputArguments {
  /** One JSON document on stdout, nothing else there. */
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The scenario and what changes it. */
export function scenarioOptions<T>(yargs: Argv<T>) {
  return overrideOptions(
    yargs.positional('scenario', {
      type: 'string',
      demandOption: true,
      describe: 'scenario file (YAML)',
    }),
  );
}

/** What changes a scenario, or the base of a sweep. */
export function overrideOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('seed', seedOption('seed instead of the one in the file'))
    .option('set', {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [],
      defaultDescription: 'none',
      describe: 'path=value, any field of the scenario; repeatable',
    });
}

export function pluginOption<T>(yargs: Argv<T>) {
  return yargs.option('plugin', {
    type: 'string',
    array: true,
    requiresArg: true,
    default: [],
    defaultDescription: 'none',
    describe: 'module with implementations of your own: a path or a package; repeatable',
  });
}

/** Where a run lands. */
export function outOption<T>(
  yargs: Argv<T>,
  describe = 'run directory instead of results/SCENARIO/RUN',
) {
  return yargs.option('out', {
    type: 'string',
    requiresArg: true,
    describe,
    coerce: last<string>,
  });
}

export function traceOption<T>(yargs: Argv<T>) {
  return yargs.option('trace', {
    type: 'boolean',
    describe: 'also write every observation to trace.jsonl',
  });
}

export function outputOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout' })
    .option('quiet', { type: 'boolean', default: false, describe: 'neither progress nor summary' });
}

/** Files that users write. */
export type FileKind = StarterKind;

const byDefault: FileKind = 'scenario';

export function kindOption<T>(yargs: Argv<T>) {
  return yargs.option('kind', {
    choices: Object.keys(starters) as FileKind[],
    requiresArg: true,
    default: byDefault,
    describe: 'of file',
    coerce: last<FileKind>,
  });
}

/** Given more than once, an option counts as it was said last. */
export function last<Value>(value: Value | Value[]): Value {
  return Array.isArray(value) ? value[value.length - 1] : value;
}

/** A whole number; anything else is refused with what would be right. */
export function wholeOption(name: string, describe: string, least: number, most: number) {
  return {
    type: 'string' as const,
    requiresArg: true,
    describe,
    coerce: (given: string | string[]): number => {
      const word = String(last(given)).trim();
      const value = /^[+-]?\d+$/.test(word) ? Number(word) : NaN;
      if (value >= least && value <= most) return value;
      const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
      const said = word === '' ? 'nothing' : word;
      throw new InputError(`--${name}: ${said} is not a whole number that fits, write ${range}`);
    },
  };
}

export function seedOption(describe: string) {
  return wholeOption('seed', describe, 0, Number.MAX_SAFE_INTEGER);
}

const MOST_JOBS = 1000;

export function jobsOption<T>(yargs: Argv<T>) {
  const describe = 'worker processes; default: one per core';
  return yargs.option('jobs', wholeOption('jobs', describe, 1, MOST_JOBS));
}
