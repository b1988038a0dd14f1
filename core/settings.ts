/**
 * Fields of settings, each written once beside what reads it: what it holds, its default, what must
 * hold of it and what it means. How users read and write them is the experiment's affair.
 */

/** What a field holds; durations are whole microseconds. */
export type Notation<Value> =
  /** A period is not 0. */
  | { readonly notation: 'duration' | 'period' | 'flag' }
  | { readonly notation: 'count'; readonly least: number; readonly most?: number }
  | { readonly notation: 'number'; readonly least: number; readonly most?: number }
  | { readonly notation: 'choice'; readonly choices: readonly Value[] };

/** What is wrong with a value, and what would be right. */
export interface Objection {
  readonly problem: string;
  readonly remedy: string;
}

/** `Known`: fields beside it, by the names that readers know, and around those. */
export interface Field<Value = unknown, Timed extends boolean = boolean, Known = never> {
  /** Left out: users do not write it. */
  readonly type?: unknown;
  /** It is a duration: readers know it by its name and `Us`. */
  readonly timed: Timed;
  /** Its default, as users would write it. */
  readonly usual?: unknown;
  /** Its default where that depends on others; undefined: it is not there. */
  readonly derive?: (known: Known) => Value;
  /** Null: it may be so. */
  check?(value: Value, known: Known): Objection | null;
  /** Said only where it differs from its default: runs without it keep their names. */
  readonly quiet?: true;
  /** Other fields can know it, and nobody else. */
  readonly aside?: true;
  readonly meaning?: string;
}

/** Values of a setting that an exploration tries. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** As often from 1 to 2 as from 10 to 20; left out: evenly. */
  readonly anySize?: true;
  /** `count`: whole numbers. `periods`: a time, in the longest of the heartbeat periods. */
  readonly unit?: 'count' | 'periods';
}

export interface Group<Of extends Fields = Fields> {
  readonly fields: Of;
  readonly meaning?: string;
}

export type Fields = Readonly<Record<string, Field | Group>>;

type NameOf<Name, Of> =
  Name extends string
    ? Of extends { readonly aside: true } ? never
      : Of extends { readonly timed: true } ? `${Name}Us` : Name
    : never;
type ValueOf<Of> =
  Of extends { readonly fields: infer Inner } ? Settings<Inner>
    : Of extends Field<infer Value> ? Value : never;

/** What readers are given of such fields. */
export type Settings<Of> = {
  readonly [Name in keyof Of as undefined extends ValueOf<Of[Name]> ? never
    : NameOf<Name, Of[Name]>]: ValueOf<Of[Name]>;
} & {
  readonly [Name in keyof Of as undefined extends ValueOf<Of[Name]> ? NameOf<Name, Of[Name]>
    : never]?: Exclude<ValueOf<Of[Name]>, undefined>;
};

type More<Value, Known> = Omit<Field<Value, boolean, Known>, 'type' | 'timed' | 'aside'>;

/** Whole microseconds. */
export function duration<Known = unknown, Value extends number | null = number>(
  more: More<Value, Known>,
): Field<Value, true, Known> {
  return { type: { notation: 'duration' }, timed: true, ...more };
}

/** Whole microseconds, and not none. */
export function period<Known = unknown, Value extends number | null = number>(
  more: More<Value, Known>,
): Field<Value, true, Known> {
  return { type: { notation: 'period' }, timed: true, ...more };
}

export function count<Known = unknown>(
  least: number, most: number, more: More<number, Known>,
): Field<number, false, Known> {
  return { type: { notation: 'count', least, most }, timed: false, ...more };
}

export function number<Known = unknown>(
  least: number, most: number, more: More<number, Known>,
): Field<number, false, Known> {
  return { type: { notation: 'number', least, most }, timed: false, ...more };
}

export function choice<const Value extends string, Known = unknown>(
  choices: readonly Value[], more: More<Value, Known>,
): Field<Value, false, Known> {
  return { type: { notation: 'choice', choices }, timed: false, ...more };
}

/** Off, unless said otherwise. */
export function flag<Known = unknown>(
  more: More<boolean, Known>,
): Field<boolean, false, Known> {
  return { type: { notation: 'flag' }, timed: false, usual: false, ...more };
}

export function group<Of extends Fields>(meaning: string, fields: Of): Group<Of> {
  return { fields, meaning };
}

/** Units of time in microseconds, the longest first. A year is Julian: 365.25 days. */
export const unitsOfTime = {
  y: 31_557_600_000_000, d: 86_400_000_000, h: 3_600_000_000, m: 60_000_000, s: 1_000_000,
  ms: 1_000, us: 1,
} as const;
type Unit = keyof typeof unitsOfTime;

/** In the largest unit that needs no fraction. */
export function inWords(us: number): string {
  const all = Object.keys(unitsOfTime) as Unit[];
  const unit = all.find((name) => us % unitsOfTime[name] === 0 && us >= unitsOfTime[name]) ?? 's';
  return `${us / unitsOfTime[unit]}${unit}`;
}

/** What waits for heartbeats must wait for longer than their period. */
export function outlasts(periodUs: number, timeoutUs: number, name: string): Objection | null {
  if (timeoutUs > periodUs) return null;
  return {
    problem: `${name} ${inWords(timeoutUs)} is not longer than the heartbeat period ` +
      inWords(periodUs),
    remedy: `make it longer, 3 periods (${inWords(3 * periodUs)}) for example`,
  };
}
