/** Sweep files: YAML text in, the grid of scenarios out, errors with their place. */
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Registry } from '../plugins.js';
import { SettingError, ScenarioError, type Place, type ScenarioPath } from '../language/error.js';
import { Files } from '../language/files.js';
import { scenarioFrom, settingsIn } from '../scenario/load.js';
import { parseOverride, type Override } from '../language/overrides.js';
import type { ResolvedScenario } from '../scenario/resolved.js';
import { reason, Source } from '../language/source.js';
import { refuseMistaken } from '../language/mistaken.js';
import { validate } from '../language/validate.js';
import { nameFrom, readTextFile } from '../language/text-file.js';
import { dimensionsOf, type Dimension } from './axes.js';
import { derivedOf, withDerived, type Derived } from './derived.js';
import { designed, type Designed } from './design.js';
import { sweepSchema, type SweepSettings } from './settings.js';
import type { Axis, Cell, Replications, Sweep, SweepOutline } from './sweep.js';

export interface SweepOptions {
  /** Changes to the base, each as `path=value`. */
  readonly set?: readonly string[] | undefined;
  /** Instead of the sweep's own. */
  readonly seed?: number | undefined;
  /** What the scenarios may name besides what comes along with the experiment. */
  readonly plugins: Registry;
  /** Where given, throws a {@link SettingError} at `path` if a measure's name is none. */
  readonly checkMeasure?: (name: string, path: ScenarioPath) => void;
}

/** @throws ScenarioError if the file, its base or any cell of its grid cannot be used */
export function loadSweep(path: string, options: SweepOptions): Sweep {
  return withPlaces(path, (source, settings) => assemble(path, source, settings, options));
}

/** Looks at the file alone, not at its base. @throws ScenarioError */
export function readOutline(path: string): SweepOutline {
  return withPlaces(path, (source, settings) =>
    outline(path, settings, designOf(source, settings, settings.seed).axes, settings.seed),
  );
}

function withPlaces<Result>(
  path: string,
  make: (source: Source, settings: SweepSettings) => Result,
): Result {
  const text = read(path, { file: path, line: 1, column: 1 }, 'the sweep');
  const source = Source.parse(text, path, 'a sweep', 'see scenarios/sweeps for examples');
  refuseMistaken(source, 'sweep');
  const settings = validate(sweepSchema, source.value, source);
  try {
    return make(source, settings);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw new ScenarioError(source.place(error.path, false), error);
  }
}

function assemble(
  file: string,
  source: Source,
  settings: SweepSettings,
  { set = [], seed = settings.seed, plugins, checkMeasure }: SweepOptions,
): Sweep {
  if (checkMeasure) checkMeasures(settings, checkMeasure);
  const base = baseOf(file, source, settings);
  const { filesFrom } = settings;
  const files = filesFrom === undefined
    ? Files.beside(base.file)
    : new Files(Files.beside(file).locate(filesFrom));
  const dimensions = dimensionsOf(source, settings);
  const derived = derivedOf(source, settings);
  refuseClashes(dimensions, derived, set);
  const { axes, cells: chosen } = designed(dimensions, settings, seed);
  // First without the axes: what is wrong in the base itself is said about the base.
  const plain = scenarioFrom(base, { set, plugins, files });
  const settled = settingsIn(base, set);
  const changed = chosen.map((choices) => {
    const overrides = choices.flatMap((one) => one.overrides);
    return withDerived(overrides, derived, settled);
  });
  const cells = chosen.map((choices, index): Cell => ({
    values: choices.flatMap(({ texts }) => texts),
    scenario: scenarioFrom(base, { set, overrides: changed[index], plugins, files }),
  }));
  const about = outline(file, settings, axes, seed);
  const { filesFrom: _, ...written } = source.value as Readonly<Record<string, unknown>>;
  const content = {
    ...written,
    name: about.name,
    seed,
    base: inlined(base, set, plain),
    // The sweep is kept elsewhere, and what it names is still to be found.
    ...(namesFiles(files, plain, changed.flat()) ? { filesFrom: resolve(files.directory) } : {}),
  };
  return {
    ...about,
    cells,
    yaml: stringify(content, { lineWidth: 0, aliasDuplicateObjects: false }),
  };
}

function checkMeasures(
  { report: { measures, tradeoff, trends }, replications: wanted }: SweepSettings,
  check: NonNullable<SweepOptions['checkMeasure']>,
): void {
  measures?.forEach((name, index) => check(name, ['report', 'measures', index]));
  trends.forEach((name, index) => check(name, ['report', 'trends', index]));
  if (tradeoff) {
    check(tradeoff.x, ['report', 'tradeoff', 'x']);
    check(tradeoff.y, ['report', 'tradeoff', 'y']);
  }
  if (typeof wanted === 'number') return;
  if ('measure' in wanted) check(wanted.measure, ['replications', 'measure']);
  else for (const name of Object.keys(wanted.measures)) check(name, sequentialAt(name));
}

/** With the axes as they stand in the table of runs. */
function designOf(source: Source, settings: SweepSettings, seed: number): Designed {
  return designed(dimensionsOf(source, settings), settings, seed);
}

function outline(
  file: string,
  settings: SweepSettings,
  axes: readonly Axis[],
  seed: number,
): SweepOutline {
  const { measures, tradeoff, trends, axes: titles } = settings.report;
  return {
    name: settings.name ?? nameFrom(file, 'sweep'),
    description: settings.description.trim(),
    seed,
    axes,
    design: settings.design,
    replications: replications(settings),
    report: { measures, tradeoff, trends, axes: titles },
  };
}

function baseOf(file: string, source: Source, { base }: SweepSettings): Source {
  if (typeof base !== 'string') return source.within(['base']);
  const path = Files.beside(file).locate(base);
  const text = read(path, source.place(['base'], false), `the base scenario ${path}`);
  return Source.scenario(text, path);
}

function read(path: string, place: Place, what: string): string {
  try {
    return readTextFile(path);
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    const problem = `cannot read ${what}: ${reason(error)}`;
    throw new ScenarioError(place, { problem, remedy: 'name a YAML file that exists' });
  }
}

/** No two axes, and no axis and `--set`, may decide over the same field. */
function refuseClashes(
  dimensions: readonly Dimension[], derived: readonly Derived[], set: readonly string[],
): void {
  const seed = set.map(parseOverride).find(({ path }) => path[0] === 'seed');
  if (seed !== undefined) {
    const place = { file: seed.option, line: 0, column: 0 };
    const problem = 'each replication of a sweep has a seed of its own';
    throw new ScenarioError(place, { problem, remedy: 'write --seed N for all of them' });
  }
  const all = dimensions.map((dimension) => ({ dimension, choices: dimension.choices() }));
  for (const [index, { dimension: { at, columns: [path] }, choices }] of all.entries()) {
    const texts = choices.map((choice) => choice.texts.join(', '));
    const twice = texts.findIndex((text, place) => texts.indexOf(text) < place);
    if (twice >= 0) {
      const problem = `${path} takes the value ${texts[twice]} twice`;
      throw new SettingError([...at, twice], problem, 'name each value once');
    }
    const mine = choices.flatMap(({ overrides }) => overrides);
    const others = all.slice(0, index).flatMap((other) =>
      other.choices.flatMap(({ overrides }) => overrides),
    );
    const clash = mine.find((one) => others.some((other) => touch(one, other)));
    if (clash) {
      const remedy = 'let one axis set it, with others in `with`';
      throw new SettingError(at, `another axis sets ${clash.option} too`, remedy);
    }
    const given = derived.find(({ to }) => mine.some((one) => touch(one, to)));
    if (given) {
      const problem = `an axis sets ${given.to.option} too`;
      throw new SettingError(given.at, problem, 'remove one');
    }
    for (const option of set.map(parseOverride)) {
      if (!mine.some((one) => touch(one, option))) continue;
      const place = { file: option.option, line: 0, column: 0 };
      const remedy = 'leave it to the sweep, or edit its file';
      throw new ScenarioError(place, { problem: `the sweep varies ${path}`, remedy });
    }
  }
}

/** Whether one path is the other, or leads to it. */
function touch(a: Override, b: Override): boolean {
  const length = Math.min(a.path.length, b.path.length);
  return a.path.slice(0, length).every((step, index) => String(step) === String(b.path[index]));
}

function sequentialAt(measure: string): ScenarioPath {
  return ['replications', 'measures', measure];
}

function replications({ replications: given }: SweepSettings): Replications {
  if (typeof given === 'number') return given;
  const { confidence, max } = given;
  const at = (field: string): ScenarioPath => ['replications', field];
  if (confidence <= 0 || confidence >= 1) {
    const problem = 'confidence is not between 0% and 100%';
    throw new SettingError(at('confidence'), problem, 'write 95%, for example');
  }
  const [leastName, least] =
    'measure' in given ? ['min', given.min] as const : ['batch', given.batch] as const;
  if (max < least) {
    const problem = `max ${max} is less than ${leastName} ${least}`;
    throw new SettingError(at('max'), problem, `write at least ${least}`);
  }
  const wide = (
    measure: string, { value, relative }: { value: number; relative: boolean }, to: ScenarioPath,
  ) => {
    if (value > 0) return { measure, halfWidth: value, relative };
    throw new SettingError(to, 'halfWidth is not above 0', 'write 5%, for example');
  };
  if ('measure' in given) {
    const { measure, halfWidth, min } = given;
    return { ...wide(measure, halfWidth, at('halfWidth')), confidence, min, max };
  }
  const measures = Object.entries(given.measures).map(([name, halfWidth]) =>
    wide(name, halfWidth, sequentialAt(name)));
  if (measures.length === 0) {
    throw new SettingError(at('measures'), 'there is no measure', 'name one, or write a number');
  }
  return { measures, confidence, batch: given.batch, max };
}

/** Whether there are any but the base's rules, whose text is in it. */
function namesFiles(
  { names }: Files,
  { rules }: ResolvedScenario,
  overrides: readonly Override[],
): boolean {
  const changesRules = overrides.some(({ path }) => path[0] === 'rules');
  const inlined = new Set(changesRules ? [] : rules.map(({ file }) => file));
  return [...names].some((name) => !inlined.has(name));
}

/** The base as its author wrote it, since defaults follow from what is varied; with its rules. */
function inlined(base: Source, set: readonly string[], plain: ResolvedScenario): unknown {
  const settings = settingsIn(base, set) as Record<string, unknown>;
  const { name, rules } = plain;
  return { ...settings, name, ...('rules' in settings ? { rules } : {}) };
}
