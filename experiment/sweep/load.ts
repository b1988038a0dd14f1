/** Sweep files: YAML text in, the grid of scenarios out, errors with their place. */
import { basename, extname, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Registry } from '../plugins.js';
import { Misfit, ScenarioError, type Place, type ScenarioPath } from '../scenario/error.js';
import { Files } from '../scenario/files.js';
import { scenarioFrom, settingsIn } from '../scenario/load.js';
import { parseOverride, steps, type Override } from '../scenario/overrides.js';
import type { ResolvedScenario } from '../scenario/resolved.js';
import { reason, Source } from '../scenario/source.js';
import { refuseMistaken } from '../scenario/mistaken.js';
import { validate } from '../scenario/validate.js';
import { readTextFile } from '../text-file.js';
import { linkedValue, sweepSchema, type SweepSettings } from './schema.js';
import type { Cell, Precision, Sweep, SweepOutline } from './sweep.js';

export interface SweepOptions {
  /** Changes to the base, each as `path=value`. */
  readonly set?: readonly string[] | undefined;
  /** Instead of the sweep's own. */
  readonly seed?: number | undefined;
  /** Implementations of the user's own, which the scenarios may name. */
  readonly plugins?: Registry | undefined;
  /** Where given, throws a {@link Misfit} at `path` if a measure's name is none. */
  readonly checkMeasure?: (name: string, path: ScenarioPath) => void;
}

/** More cells than that are a mistake rather than a plan. */
const MOST_CELLS = 100_000;

/** One value of an axis: what a cell with it changes in the base. */
interface Choice {
  readonly text: string;
  readonly overrides: readonly Override[];
}

/** @throws ScenarioError if the file, its base or any cell of its grid cannot be used */
export function loadSweep(path: string, options: SweepOptions = {}): Sweep {
  return withPlaces(path, (source, settings) => assemble(path, source, settings, options));
}

/** Looks at the file alone, not at its base. @throws ScenarioError */
export function readOutline(path: string): SweepOutline {
  return withPlaces(path, (source, settings) =>
    outline(path, settings, axesOf(source, settings), settings.seed),
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
    if (!(error instanceof Misfit)) throw error;
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
  const axes = axesOf(source, settings);
  refuseClashes(axes, set);
  const size = axes.reduce((product, { choices }) => product * choices.length, 1);
  if (size > MOST_CELLS) {
    throw new Misfit(['vary'], `the grid has ${size} cells`, `at most ${MOST_CELLS} are allowed`);
  }
  // First without the axes: what is wrong in the base itself is said about the base.
  const plain = scenarioFrom(base, { set, plugins, files });
  const cells = combinations(axes.map(({ choices }) => choices)).map((chosen): Cell => {
    const overrides = chosen.flatMap((one) => one.overrides);
    return {
      values: chosen.map(({ text }) => text),
      scenario: scenarioFrom(base, { set, overrides, plugins, files }),
    };
  });
  const about = outline(file, settings, axes, seed);
  const { filesFrom: _, ...written } = source.value as Readonly<Record<string, unknown>>;
  const content = {
    ...written,
    name: about.name,
    seed,
    base: inlined(base, set, plain),
    // The sweep is kept elsewhere, and what it names is still to be found.
    ...(namesFiles(files, plain, axes) ? { filesFrom: resolve(files.directory) } : {}),
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
  if (typeof wanted !== 'number') check(wanted.measure, ['replications', 'measure']);
}

function axesOf(source: Source, settings: SweepSettings): LoadedAxis[] {
  return Object.entries(settings.vary).map(([path, values]) => ({
    path,
    choices: values.map((value, index) => choice(source, path, value, index)),
  }));
}

function outline(
  file: string,
  settings: SweepSettings,
  axes: readonly LoadedAxis[],
  seed: number,
): SweepOutline {
  const { measures, tradeoff, trends, axes: titles } = settings.report;
  return {
    name: settings.name ?? basename(file, extname(file)).replaceAll(/[^A-Za-z0-9._-]+/g, '-'),
    description: settings.description.trim(),
    seed,
    axes: axes.map(({ path, choices }) => ({ path, values: choices.map(({ text }) => text) })),
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

/** Reads an item of an axis: a plain value, or `{ value, with: { path: value } }`. */
function choice(source: Source, path: string, item: unknown, index: number): Choice {
  const at = ['vary', path, index];
  const linked = isMapping(item) && 'with' in item;
  const { value, with: others } = linked
    ? validate(linkedValue, item, source.within(at))
    : { value: item, with: {} };
  const override = (
    where: string, set: unknown, to: ScenarioPath, key: ScenarioPath,
  ): Override => {
    const taken = steps(where.trim());
    if (taken.includes('')) {
      throw new Misfit(to, `${where} has an empty step`, 'join keys by single dots');
    }
    if (taken[0] === 'seed') {
      const remedy = 'give the number of replications instead';
      throw new Misfit(to, 'each replication has a seed of its own', remedy);
    }
    const [place, pathPlace] = [source.place(to, false), source.place(key, true)];
    return { option: where, path: taken, value: set, place, pathPlace };
  };
  return {
    text: textOf(value),
    overrides: [
      override(path, value, linked ? [...at, 'value'] : at, ['vary', path]),
      ...Object.entries(others).map(([key, set]) => {
        const to = [...at, 'with', key];
        return override(key, set, to, to);
      }),
    ],
  };
}

/** As it stands in runs.csv. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return isMapping(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface LoadedAxis {
  readonly path: string;
  readonly choices: readonly Choice[];
}

/** No two axes, and no axis and `--set`, may decide over the same field. */
function refuseClashes(axes: readonly LoadedAxis[], set: readonly string[]): void {
  const seed = set.map(parseOverride).find(({ path }) => path[0] === 'seed');
  if (seed !== undefined) {
    const place = { file: seed.option, line: 0, column: 0 };
    const problem = 'each replication of a sweep has a seed of its own';
    throw new ScenarioError(place, { problem, remedy: 'write --seed N for all of them' });
  }
  for (const [index, { path, choices }] of axes.entries()) {
    const texts = choices.map(({ text }) => text);
    const twice = texts.findIndex((text, place) => texts.indexOf(text) < place);
    if (twice >= 0) {
      const problem = `${path} takes the value ${texts[twice]} twice`;
      throw new Misfit(['vary', path, twice], problem, 'name each value once');
    }
    const mine = choices.flatMap(({ overrides }) => overrides);
    const others = axes.slice(0, index).flatMap((axis) =>
      axis.choices.flatMap(({ overrides }) => overrides),
    );
    const clash = mine.find((one) => others.some((other) => touch(one, other)));
    if (clash) {
      const remedy = 'let one axis set it, with others in `with`';
      throw new Misfit(['vary', path], `another axis sets ${clash.option} too`, remedy);
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

/** The cartesian product; the first varies slowest. */
function combinations(axes: readonly (readonly Choice[])[]): Choice[][] {
  return axes.reduce<Choice[][]>(
    (before, choices) => before.flatMap((chosen) => choices.map((one) => [...chosen, one])),
    [[]],
  );
}

function replications({ replications: given }: SweepSettings): number | Precision {
  if (typeof given === 'number') return given;
  const { measure, halfWidth, confidence, min, max } = given;
  const at = (field: string): ScenarioPath => ['replications', field];
  if (halfWidth.value <= 0) {
    throw new Misfit(at('halfWidth'), 'halfWidth is not above 0', 'write 5%, for example');
  }
  if (confidence <= 0 || confidence >= 1) {
    const problem = 'confidence is not between 0% and 100%';
    throw new Misfit(at('confidence'), problem, 'write 95%, for example');
  }
  if (max < min) {
    throw new Misfit(at('max'), `max ${max} is less than min ${min}`, `write at least ${min}`);
  }
  const { value, relative } = halfWidth;
  return { measure, halfWidth: value, relative, confidence, min, max };
}

/** Whether there are any but the base's rules, whose text is in it. */
function namesFiles(
  { names }: Files,
  { rules }: ResolvedScenario,
  axes: readonly LoadedAxis[],
): boolean {
  const changesRules = axes.some(({ choices }) =>
    choices.some(({ overrides }) => overrides.some(({ path }) => path[0] === 'rules')),
  );
  const inlined = new Set(changesRules ? [] : rules.map(({ file }) => file));
  return [...names].some((name) => !inlined.has(name));
}

/** The base as its author wrote it, since defaults follow from what is varied; with its rules. */
function inlined(base: Source, set: readonly string[], plain: ResolvedScenario): unknown {
  const settings = settingsIn(base, set) as Record<string, unknown>;
  const { name, rules } = plain;
  return { ...settings, name, ...('rules' in settings ? { rules } : {}) };
}
