/** Which combinations of values a sweep runs: its cells. */
import { EntityRandom, streamKey } from '../random/streams.js';
import { SettingError, suggestion } from '../language/error.js';
import { quantityOf } from '../language/units.js';
import { textOf, type Choice, type Dimension } from './axes.js';
import type { SweepSettings } from './settings.js';
import type { Axis, Design } from './sweep.js';

/** More cells than that are a mistake rather than a plan. */
const MOST_CELLS = 100_000;

export interface Designed {
  readonly axes: readonly Axis[];
  /** A choice per dimension. */
  readonly cells: readonly (readonly Choice[])[];
}

/** @throws SettingError */
export function designed(
  dimensions: readonly Dimension[], settings: SweepSettings, seed: number,
): Designed {
  const { design } = settings;
  refuseUnfit(dimensions, design);
  const all = cellsOf(dimensions, design, seed);
  const isGrid = design.kind === 'grid' || design.kind === 'oneAtATime';
  const natural = dimensions.map((dimension) => dimension.choices());
  const axes = dimensions.flatMap(({ columns }, index) => columns.map((path, column): Axis => {
    const written = natural[index].map((choice) => choice.texts[column]);
    if (isGrid) return { path, values: [...new Set(written)] };
    const values = inOrder(all.map((cell) => cell[index].texts[column]), written);
    if (design.kind !== 'morris') return { path, values };
    const shares = new Map(all.map(({ [index]: { texts, share } }) => [texts[column], share]));
    return { path, values, shares: values.map((value) => shares.get(value)!) };
  }));
  return { axes, cells: withoutExcluded(all, axes, settings) };
}

/** What was drawn, each once: quantities by size, else as they are written. */
function inOrder(drawn: readonly string[], written: readonly string[]): string[] {
  const place = (text: string): number => quantityOf(text)?.value ?? written.indexOf(text);
  return [...new Set(drawn)].sort((a, b) => place(a) - place(b));
}

function cellsOf(dimensions: readonly Dimension[], design: Design, seed: number): Choice[][] {
  switch (design.kind) {
    case 'grid':
      return grid(dimensions.map((dimension) => dimension.choices()));
    case 'oneAtATime':
      return oneAtATime(dimensions.map((dimension) => dimension.choices()));
    case 'latinHypercube':
      return latinHypercube(dimensions, design.cells, seed);
    case 'morris':
      return morris(dimensions, design, seed);
  }
}

function refuseUnfit(dimensions: readonly Dimension[], { kind }: Design): void {
  if (kind === 'grid' || dimensions.length > 0) return;
  throw new SettingError(['design'], 'nothing is varied', 'add axes to vary');
}

/** The cartesian product; the first varies slowest. */
function grid(choices: readonly (readonly Choice[])[]): Choice[][] {
  const size = choices.reduce((product, { length }) => product * length, 1);
  if (size > MOST_CELLS) {
    throw new SettingError(
      ['vary'], `the grid has ${size} cells`, `at most ${MOST_CELLS} are allowed`,
    );
  }
  return choices.reduce<Choice[][]>(
    (before, some) => before.flatMap((chosen) => some.map((one) => [...chosen, one])),
    [[]],
  );
}

/** First the first value of each axis, then in turn each other value of each axis alone. */
function oneAtATime(choices: readonly (readonly Choice[])[]): Choice[][] {
  const middle = choices.map(([first]) => first);
  const others = choices.flatMap(([, ...rest], index) =>
    rest.map((choice) => middle.map((one, place) => place === index ? choice : one)));
  return [middle, ...others];
}

/**
 * McKay, Beckman and Conover (1979): of as many strata of each axis as there are cells, each is
 * met once.
 */
function latinHypercube(dimensions: readonly Dimension[], cells: number, seed: number): Choice[][] {
  const key = streamKey(seed, 'design/latin-hypercube');
  const columns = dimensions.map((dimension, index) => {
    const random = new EntityRandom(key, index);
    const strata = shuffled(cells, random);
    return dimension.at01(strata.map((stratum) => (stratum + random.next()) / cells));
  });
  return Array.from({ length: cells }, (_, cell) => columns.map((choices) => choices[cell]));
}

/**
 * Morris (1991): trajectories through a grid of levels, from each cell to the next of which one
 * axis moves by delta = levels / (2 (levels - 1)).
 */
function morris(
  dimensions: readonly Dimension[],
  { trajectories, levels }: Design & { kind: 'morris' },
  seed: number,
): Choice[][] {
  const key = streamKey(seed, 'design/morris');
  const delta = levels / 2 / (levels - 1);
  const shares = Array.from({ length: trajectories }, (_, trajectory) => {
    const random = new EntityRandom(key, trajectory);
    const start = dimensions.map(() => random.integer(levels / 2) / (levels - 1));
    const up = dimensions.map(() => random.next() < 0.5);
    const at = start.map((share, index) => up[index] ? share : share + delta);
    const points = [[...at]];
    for (const index of shuffled(dimensions.length, random)) {
      at[index] += up[index] ? delta : -delta;
      points.push([...at]);
    }
    return points;
  }).flat();
  // What delta leads to is a level again.
  const level = (share: number): number => Math.round(share * (levels - 1)) / (levels - 1);
  const columns = dimensions.map((dimension, index) =>
    dimension.at01(shares.map((point) => level(point[index]))));
  return shares.map((_, cell) => columns.map((choices) => choices[cell]));
}

/** 0 to n - 1 in an order that is drawn. */
function shuffled(n: number, random: EntityRandom): number[] {
  const order = Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last -= 1) {
    const other = random.integer(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** Cells that `exclude` names are not run. */
function withoutExcluded(
  cells: readonly (readonly Choice[])[],
  axes: readonly Axis[],
  { exclude, design }: SweepSettings,
): readonly (readonly Choice[])[] {
  if (exclude.length > 0 && design.kind === 'morris') {
    throw new SettingError(['exclude'], 'a trajectory can leave no cell out', 'remove it');
  }
  const rules = exclude.map((rule, index) => Object.entries(rule).map(([path, wanted]) => {
    const at = ['exclude', index, path];
    const axis = axes.findIndex((one) => one.path === path);
    if (axis < 0) {
      const known = axes.map((one) => one.path);
      throw new SettingError(at, `${path} is not varied`, suggestion(path, known));
    }
    const values = (Array.isArray(wanted) ? wanted : [wanted]).map(textOf);
    const lacking = values.find((value) => !axes[axis].values.some((text) => same(text, value)));
    if (lacking !== undefined && design.kind === 'grid') {
      throw new SettingError(
        at, `${path} never is ${lacking}`, suggestion(lacking, axes[axis].values),
      );
    }
    return { axis, values };
  }));
  const left = cells.filter((cell) => {
    const texts = cell.flatMap((choice) => choice.texts);
    return !rules.some((rule) => rule.every(({ axis, values }) =>
      values.some((value) => same(texts[axis], value))));
  });
  if (left.length === 0) {
    throw new SettingError(['exclude'], 'no cell is left', 'exclude fewer combinations');
  }
  return left;
}

/** As texts, or as quantities: 5% is 0.05. */
function same(a: string, b: string): boolean {
  if (a === b) return true;
  const [one, other] = [quantityOf(a), quantityOf(b)];
  return one !== undefined && one.value === other?.value && one.unit === other.unit;
}
