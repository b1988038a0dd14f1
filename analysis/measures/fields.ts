/** What summary.json holds, said once: types, columns of a sweep, dictionary and axes follow. */
import type { Statistics } from '../statistics/samples.js';
import type { Column } from '../tables/column.js';

/** @typeParam Value - what it holds; nothing of that type is there at run time */
export interface Leaf<Value> extends Omit<Column, 'name'> {
  /** On axes and in legends, where its name would tell too little. */
  readonly title?: string | undefined;
  readonly holds?: Value;
}

/** The same of each of many names. */
export interface Each<Name extends string, Inner> {
  readonly each: (name: string) => Inner;
  /** Null: they depend on the run. */
  readonly names: readonly Name[] | null;
}

/** Left out of some summaries. */
export interface Optional<Inner> {
  readonly optional: Inner;
}

/** No number, as lists are; a row of a sweep has its length at most. */
export interface Beside<Value> {
  readonly beside: Leaf<number> | null;
  readonly holds?: Value;
}

/** A part of the summary: a value, or parts by name. */
export type Tree =
  | Leaf<unknown> | Each<string, Tree> | Optional<Tree> | Beside<unknown>
  | { readonly [name: string]: Tree };

/** What a summary holds, by what is said of it. */
export type ValuesOf<T> =
  T extends Leaf<infer Value> ? Value : T extends Beside<infer Value> ? Value :
    T extends Each<infer Name, infer Inner> ? Readonly<Record<Name, ValuesOf<Inner>>> :
      { readonly [Name in keyof T as T[Name] extends Optional<unknown> ? never : Name]:
        ValuesOf<T[Name]> } &
      { readonly [Name in keyof T as T[Name] extends Optional<unknown> ? Name : never]?:
        T[Name] extends Optional<infer Inner> ? ValuesOf<Inner> : never };

const NOTHING = 'there was nothing to measure';

/** A whole number of something. */
export function count(unit: string, meaning: string, title?: string): Leaf<number> {
  return { type: 'integer', unit, meaning, whenNull: null, title };
}

/** One whose column is empty in runs of a sweep that had no such thing. */
export function rare(unit: string, meaning: string, whenNull: string): Leaf<number> {
  return { ...count(unit, meaning), whenNull };
}

/** @param title - see {@link Leaf.title} */
export function number(unit: string, meaning: string, title?: string): Leaf<number> {
  return { type: 'number', unit, meaning, whenNull: null, title };
}

/** A number that may be missing. */
export function measured(
  unit: string, meaning: string, { title, type = 'number', whenNull = NOTHING }: {
    readonly title?: string; readonly type?: 'number' | 'integer'; readonly whenNull?: string;
  } = {},
): Leaf<number | null> {
  return { type, unit, meaning, whenNull, title };
}

export function text(meaning: string): Leaf<string> {
  return { type: 'text', unit: null, meaning, whenNull: null };
}

/** A text that may be missing. */
export function told(meaning: string, whenNull: string): Leaf<string | null> {
  return { type: 'text', unit: null, meaning, whenNull };
}

export function flag(meaning: string): Leaf<boolean> {
  return { type: 'boolean', unit: null, meaning, whenNull: null };
}

const statisticNames = {
  mean: 'mean', p50: 'median', p95: '95th percentile', p99: '99th percentile', max: 'maximum',
} as const;

/** @param title - of what is measured, for axes and legends */
export function statistics(
  title: string, meaning: string,
): { readonly [Name in keyof Statistics]: Leaf<number | null> } {
  const of = (statistic: keyof typeof statisticNames): Leaf<number | null> => {
    const name = statisticNames[statistic];
    const which = statistic === 'max' ? 'greatest' : name;
    return measured('s', `${which} of: ${meaning}`, { title: `${title}, ${name}` });
  };
  return { mean: of('mean'), p50: of('p50'), p95: of('p95'), p99: of('p99'), max: of('max') };
}

export function each<Inner extends Tree, Name extends string = string>(
  about: (name: string) => Inner, names: readonly Name[] | null = null,
): Each<Name, Inner> {
  return { each: about, names };
}

export function optional<Inner extends Tree>(inner: Inner): Optional<Inner> {
  return { optional: inner };
}

/** @param counted - of its length, where that is a column of a sweep */
export function beside<Value>(counted: Leaf<number> | null = null): Beside<Value> {
  return { beside: counted };
}

/** All that is said in a tree, by dotted name. */
export interface Said {
  readonly leaves: ReadonlyMap<string, Leaf<unknown>>;
  /** What names begin with that depend on the run, and what is said of each. */
  readonly open: readonly (readonly [prefix: string, about: (name: string) => Tree])[];
}

export function saidIn(trees: readonly Tree[]): Said {
  const leaves = new Map<string, Leaf<unknown>>();
  const open: [string, (name: string) => Tree][] = [];
  const add = (name: string, tree: Tree): void => {
    if (isLeaf(tree)) leaves.set(name, tree);
    else if (isBeside(tree)) {
      if (tree.beside !== null) leaves.set(name, tree.beside);
    } else if (isOptional(tree)) add(name, tree.optional);
    else if (isEach(tree)) {
      const { each: about, names } = tree;
      if (names === null) open.push([`${name}.`, about]);
      else for (const one of names) add(`${name}.${one}`, about(one));
    } else {
      const prefix = name === '' ? '' : `${name}.`;
      for (const [key, inner] of Object.entries(tree)) add(`${prefix}${key}`, inner);
    }
  };
  for (const tree of trees) add('', tree);
  return { leaves, open };
}

/** What is said of a dotted name; undefined: nothing. */
export function saidOf({ leaves, open }: Said, name: string): Leaf<unknown> | undefined {
  const known = leaves.get(name);
  if (known !== undefined) return known;
  for (const [prefix, about] of open) {
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    const whole = about(rest);
    if (isLeaf(whole)) return whole;
    // What runs name may have dots of its own: the last part is ours.
    const dot = rest.lastIndexOf('.');
    return saidOf(saidIn([about(rest.slice(0, dot))]), rest.slice(dot + 1));
  }
  return undefined;
}

function isLeaf(tree: Tree): tree is Leaf<unknown> {
  return 'meaning' in tree && typeof tree.meaning === 'string';
}

function isBeside(tree: Tree): tree is Beside<unknown> {
  return 'beside' in tree;
}

function isOptional(tree: Tree): tree is Optional<Tree> {
  return 'optional' in tree;
}

function isEach(tree: Tree): tree is Each<string, Tree> {
  return 'each' in tree && typeof tree.each === 'function';
}
