/** What a sweep varies: axes, those linked to each other, and variants. */
import { SettingError, type ScenarioPath } from '../language/error.js';
import { steps, type Override } from '../language/overrides.js';
import type { Source } from '../language/source.js';
import { validate } from '../language/validate.js';
import { rangeOf, type Range } from './range.js';
import { linkedValue, type AxisSettings, type SweepSettings } from './settings.js';

/** What a cell takes of a dimension: texts for its columns, and what they change in the base. */
export interface Choice {
  readonly texts: readonly string[];
  /** How far along the dimension it stands, from 0 to 1. */
  readonly share: number;
  readonly overrides: readonly Override[];
}

/** What is varied independently of all else. */
export interface Dimension {
  /** Of the axes: scenario paths, or `variant`. */
  readonly columns: readonly string[];
  /** Where it stands. */
  readonly at: ScenarioPath;
  /** One by one, as a grid takes them. */
  choices(): Choice[];
  /** At shares in [0, 1] of the way through. */
  at01(shares: readonly number[]): Choice[];
}

/** The column that names variants. */
const VARIANT = 'variant';

/** Those of `vary`, then `linked`, then the variants; the first varies slowest. */
export function dimensionsOf(source: Source, settings: SweepSettings): Dimension[] {
  const { vary, linked, variants } = settings;
  return [
    ...Object.entries(vary).map(([path, axis]) =>
      joined([new Axis(source, path, axis, ['vary', path])], ['vary', path])),
    ...linked.map((group, index) => {
      const at = ['linked', index];
      const axes = Object.entries(group).map(([path, axis]) =>
        new Axis(source, path, axis, [...at, path]));
      return joined(axes, at);
    }),
    ...(variants === undefined ? [] : [ofVariants(source, variants)]),
  ];
}

/** Of axes that go together, value by value. */
function joined(axes: readonly Axis[], at: ScenarioPath): Dimension {
  const [first, ...others] = axes;
  for (const other of others) {
    if (other.count === first.count) continue;
    const problem = `${other.path} has ${other.count} values, and ${first.path} ${first.count}`;
    throw new SettingError([...at, other.path], problem, 'give linked axes the same number');
  }
  const together = (parts: readonly (readonly Choice[])[]): Choice[] =>
    parts[0].map(({ share }, index) => ({
      share,
      texts: parts.flatMap((choices) => choices[index].texts),
      overrides: parts.flatMap((choices) => choices[index].overrides),
    }));
  return {
    columns: axes.map(({ path }) => path),
    at,
    choices: () => together(axes.map((axis) => axis.choices())),
    at01: (shares) => together(axes.map((axis) => axis.at01(shares))),
  };
}

function ofVariants(source: Source, variants: NonNullable<SweepSettings['variants']>): Dimension {
  const choices = Object.entries(variants).map(([name, changes], index, all): Choice => ({
    texts: [name],
    share: shareOf(index, all),
    overrides: Object.entries(changes).map(([path, value]) => {
      const at = ['variants', name, path];
      return override(source, { path, value, at, key: at });
    }),
  }));
  return {
    columns: [VARIANT], at: ['variants'],
    choices: () => choices, at01: (shares) => shares.map((share) => choices[place(share, choices)]),
  };
}

function place(share: number, { length }: { readonly length: number }): number {
  return Math.min(length - 1, Math.floor(share * length));
}

/** Of one in a list. */
function shareOf(index: number, { length }: { readonly length: number }): number {
  return length < 2 ? 0 : index / (length - 1);
}

/** A scenario path, and values in a list or a range. */
class Axis {
  readonly path: string;
  readonly count: number;
  private readonly source: Source;
  private readonly at: ScenarioPath;
  private readonly range: Range | null;
  private readonly items: readonly unknown[];

  constructor(source: Source, path: string, settings: AxisSettings, at: ScenarioPath) {
    this.source = source;
    this.path = path;
    this.at = at;
    this.range = Array.isArray(settings) ? null : rangeOf(settings, at);
    this.items = Array.isArray(settings) ? settings : [];
    this.count = this.range?.steps ?? this.items.length;
  }

  choices(): Choice[] {
    const { range, count } = this;
    if (range === null) return this.items.map((item, index) => this.ofItem(item, index));
    return this.at01(Array.from({ length: count }, (_, index) => index / (count - 1)));
  }

  at01(shares: readonly number[]): Choice[] {
    const { range, items, source, path, at } = this;
    if (range === null) {
      return shares.map((share) => {
        const index = place(share, items);
        return this.ofItem(items[index], index);
      });
    }
    return range.at(shares).map((value, index) => ({
      texts: [textOf(value)],
      share: shares[index],
      overrides: [override(source, { path, value, at, key: at })],
    }));
  }

  /** A plain value, or `{ value, with: { path: value } }`. */
  private ofItem(item: unknown, index: number): Choice {
    const { source, path } = this;
    const at = [...this.at, index];
    const takesAlong = isMapping(item) && 'with' in item;
    const { value, with: others } = takesAlong
      ? validate(linkedValue, item, source.within(at))
      : { value: item, with: {} };
    const own = { path, value, at: takesAlong ? [...at, 'value'] : at, key: this.at };
    return {
      texts: [textOf(value)],
      share: shareOf(index, this.items),
      overrides: [
        override(source, own),
        ...Object.entries(others).map(([key, set]) => {
          const to = [...at, 'with', key];
          return override(source, { path: key, value: set, at: to, key: to });
        }),
      ],
    };
  }
}

interface Change {
  readonly path: string;
  readonly value: unknown;
  /** Where the value stands, and where the path does. */
  readonly at: ScenarioPath;
  readonly key: ScenarioPath;
}

/** @throws SettingError */
export function override(source: Source, { path, value, at, key }: Change): Override {
  const taken = steps(path.trim());
  if (taken.includes('')) {
    throw new SettingError(at, `${path} has an empty step`, 'join keys by single dots');
  }
  if (taken[0] === 'seed') {
    const remedy = 'give the number of replications instead';
    throw new SettingError(at, 'each replication has a seed of its own', remedy);
  }
  const [place, pathPlace] = [source.place(at, false), source.place(key, true)];
  return { option: path, path: taken, value, place, pathPlace };
}

/** As it stands in runs.csv. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return isMapping(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
