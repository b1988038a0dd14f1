/** Scenario files: YAML text, overrides from the command line, errors with their place. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Kind } from '../../core/metamodel/entity.js';
import { parseRules, RuleError } from '../../core/rules/index.js';
import type { Registry } from '../plugins.js';
import { SettingError, ScenarioError, type ScenarioPath } from '../language/error.js';
import { Files, withoutData } from '../language/files.js';
import { applyOverride, parseOverride, steps, type Override } from '../language/overrides.js';
import { isSaid, type OpenScenario } from './open.js';
import { takeFromPlugins } from './from-plugins.js';
import { resolveScenario, type Surroundings } from './resolve.js';
import type { ResolvedScenario } from './resolved.js';
import { hashOf, parseRttMatrix } from '../settings/rtt-matrix.js';
import { readTrace, type TraceFile, type TraceReading } from '../traces/index.js';
import { scenarioSchema } from './scenario.js';
import { reason, Source } from '../language/source.js';
import { validate } from '../language/validate.js';
import { nameFrom, readTextFile } from '../language/text-file.js';

export interface LoadOptions {
  /** Each as `path=value`, the value in YAML. */
  readonly set?: readonly string[] | undefined;
  /** Instead of the scenario's own. */
  readonly seed?: number | undefined;
  /** What the scenario may name besides what comes along with the experiment. */
  readonly plugins: Registry;
  /** Further changes, on top of `set`, whose places are known. */
  readonly overrides?: readonly Override[];
  /** Where the files it names are; default: beside it. */
  readonly files?: Files | undefined;
}

/** @throws ScenarioError if the file cannot be read or used, or a rule file of it. */
export function loadScenario(path: string, options: LoadOptions): ResolvedScenario {
  return parseScenario(textOf(path), path, options);
}

/** Looks at the file alone, not at what it refers to. @throws ScenarioError */
export function describeScenario(path: string): { name: string; description: string } {
  const source = Source.scenario(textOf(path), path);
  const settings = validate(scenarioSchema, source.value, source);
  const { name = nameAfter(path), description } = settings as {
    readonly name?: string; readonly description: string;
  };
  return { name, description };
}

/** For a scenario without a name. */
function nameAfter(file: string): string {
  return nameFrom(file, 'scenario');
}

function textOf(path: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    const problem = `cannot read the scenario: ${reason(error)}`;
    throw new ScenarioError(
      { file: path, line: 1, column: 1 },
      { problem, remedy: 'name a YAML file that exists (sim list shows those that come along)' },
    );
  }
}

/**
 * @param file - where the text comes from: named in errors, and rule files are looked for beside it
 * @throws ScenarioError
 */
export function parseScenario(
  text: string,
  file: string,
  options: LoadOptions,
): ResolvedScenario {
  return scenarioFrom(Source.scenario(text, file), options);
}

/** What is left to defaults can still be set. @throws ScenarioError */
export function openScenario(text: string, file: string, options: LoadOptions): OpenScenario {
  const source = Source.scenario(text, file);
  const said = settingsIn(source, options.set ?? []);
  return {
    says: (path) => isSaid(said, path),
    resolve: (changes) => {
      const overrides = changes.map((change) => ({ option: '--settings', ...change }));
      return scenarioFrom(source, { ...options, overrides });
    },
  };
}

/** The settings of a scenario as its author and `set` give them, nothing filled in. */
export function settingsIn(source: Source, set: readonly string[]): unknown {
  return set.map(parseOverride).reduce(applyOverride, source.value);
}

/** @throws ScenarioError */
export function scenarioFrom(source: Source, options: LoadOptions): ResolvedScenario {
  const { file } = source;
  const { plugins } = options;
  const files = options.files ?? Files.beside(file);
  const overrides = (options.set ?? []).map(parseOverride);
  if (options.seed !== undefined) {
    refuseTwoSeeds(overrides, options.seed);
    overrides.push({ option: '--seed', path: ['seed'], value: options.seed });
  }
  overrides.push(...(options.overrides ?? []));
  try {
    const said = overrides.reduce(applyOverride, source.value);
    const { input, fromPlugins } = takeFromPlugins(said, plugins);
    const settings = validate(scenarioSchema, input, source, overrides);
    return resolveScenario(settings, {
      guests: fromPlugins,
      offered: plugins.invariants,
      nameOfFile: nameAfter(file),
      ruleText: (rule, index) => readRules(rule, files, index),
      readMatrix: (matrix) => readMatrix(matrix, files),
      readTrace: (trace, how, path) => readTraceOf(trace, how, path, files),
      checkRules: (rules, kinds) => checkRules(rules, kinds, settings['rules'], files),
    });
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new ScenarioError(source.place(error.path, false, overrides), error);
  }
}

function refuseTwoSeeds(overrides: readonly Override[], seed: number): void {
  const other = overrides.find(({ path, value }) => path[0] === 'seed' && value !== seed);
  if (other === undefined) return;
  const problem = `it says ${String(other.value)}, and --seed says ${seed}`;
  const place = { file: other.option, line: 0, column: 0 };
  throw new ScenarioError(place, { problem, remedy: 'give one of the two' });
}

/** `file:line:column` of a field such as `faults[2]`, or `--set field` where it came from there. */
export function placeOfField(
  file: string, field: string, options: Pick<LoadOptions, 'set'> = {},
): string {
  const source = Source.scenario(textOf(file), file);
  const overrides = (options.set ?? []).map(parseOverride);
  const place = source.place(steps(field), false, overrides);
  return place.line === 0 ? place.file : `${file}:${place.line}:${place.column}`;
}

/** Errors name rule files as the user can find them; texts inside the scenario, as they say. */
function checkRules(
  rules: ResolvedScenario['rules'],
  kinds: readonly Kind[],
  said: unknown,
  files: Files,
): void {
  const sources = rules.map(({ file, text }, index) => ({
    file: typeof (said as readonly unknown[])[index] === 'string' ? files.locate(file) : file,
    text,
  }));
  try {
    parseRules(sources, kinds);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const [, ...excerpt] = error.message.split('\n');
    throw new ScenarioError(error, error, excerpt.map((line) => `\n${line}`).join(''));
  }
}

function readRules(rule: string, files: Files, index: number): string {
  const path = files.locate(rule);
  try {
    return readTextFile(path);
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    const problem = `cannot read the rule file ${path}: ${reason(error)}`;
    const remedy = 'rule files are named relative to the scenario file';
    throw new SettingError(['rules', index], problem, remedy);
  }
}

function readMatrix(name: string, files: Files): ReturnType<Surroundings['readMatrix']> {
  return files.once(files.locateData(name), (path) => {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      const { problem, remedy } = withoutData('matrix', path, error);
      throw new SettingError(['network', 'latency', 'matrix', 'file'], problem, remedy);
    }
    return { path: resolve(path), sha256: hashOf(bytes), matrix: parseRttMatrix(bytes, path) };
  });
}

function readTraceOf(
  file: string,
  how: TraceReading,
  path: ScenarioPath,
  files: Files,
): TraceFile {
  const located = files.locateData(file);
  const found = resolve(located);
  try {
    return files.once(`${found}?${JSON.stringify(how)}`, () => readTrace(found, how));
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    const { problem, remedy } = withoutData('trace', located, error);
    throw new SettingError(path, problem, remedy);
  }
}
