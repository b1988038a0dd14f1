/**
 * Fields of settings as users write them: one walk over their definitions (core/settings.ts) makes
 * the schema, reads, fills in what is left out, checks and prints. Values are zod's two-way codecs.
 * What a field becomes in the light of others no codec knows: defaults that follow from them, zones
 * by number, files. Those it says itself, by `derive`, or by `read` and `write`.
 */
import { z } from 'zod';
import type { CoreConfig } from '../../core/coordination/config.js';
import type { Field, Fields, Group, Notation, Settings } from '../../core/settings.js';
import { SettingError, type ScenarioPath } from './error.js';
import { count, duration, period } from './fields.js';
import { LONGEST_US } from './units.js';

/** A field that a scenario has beyond what core knows of fields. */
export interface Entry<
  Value = unknown, Timed extends boolean = boolean, Known = never, Given = never,
> extends Field<Value, Timed, Known> {
  readonly type?: z.ZodType | Notation<Value>;
  /** What the type gives is not the value yet. @throws SettingError */
  read?(given: Given, known: Known, path: ScenarioPath): Value;
  /** As a user would write it; undefined: nothing needs to be said. */
  write?(value: Value, whole: Whole): unknown;
  /** Where it stands in a scenario, if that is not in its own place. */
  kept?(whole: Whole): Value | undefined;
}

/** Of a scenario, what helps to print its parts. */
export interface Whole {
  readonly system: { readonly zones: readonly string[] };
  readonly network: { readonly impairments: readonly { readonly kind: string }[] };
  readonly coordination: Pick<CoreConfig, 'actions' | 'fromPlugins'>;
}

type More<Value, Known, Given> =
  Omit<Entry<Value, boolean, Known, Given>, 'type' | 'timed' | 'aside'>;

/** What the type gives is its value. */
export function field<Type extends z.ZodType, Known = unknown>(
  type: Type, more: More<z.output<Type>, Known, z.output<Type>>,
): Entry<z.output<Type>, false, Known, z.output<Type>> {
  return { type, timed: false, ...more };
}

/** What the type gives, `read` makes a value of. */
export function readField<Type extends z.ZodType, Value, Known = unknown>(
  type: Type, more: More<Value, Known, z.output<Type>> & {
    read(given: z.output<Type>, known: Known, path: ScenarioPath): Value;
    write(value: Value, whole: Whole): unknown;
  },
): Entry<Value, false, Known, z.output<Type>> {
  return { type, timed: false, ...more };
}

/** Users do not write it: others know it, and readers do unless it is `aside`. */
export function follows<Value, Known>(
  derive: (known: Known) => Value,
): Field<Value, false, Known> {
  return { timed: false, derive };
}

export function aside<Value, Known>(
  derive: (known: Known) => Value,
): Field<Value, false, Known> & { readonly aside: true } {
  return { timed: false, derive, aside: true };
}

type AnyEntry = Entry<unknown, boolean, object, unknown>;

function isGroup(one: Field | Group): one is Group {
  return 'fields' in one;
}

function* entriesOf(fields: Fields): Iterable<[key: string, name: string, one: AnyEntry | Group]> {
  for (const [key, one] of Object.entries(fields)) {
    const isTimed = !isGroup(one) && one.timed;
    yield [key, isTimed ? `${key}Us` : key, one as AnyEntry | Group];
  }
}

const times = { duration: duration(), period: period() };

function typeOf(type: z.ZodType | Notation<unknown>): z.ZodType {
  if (type instanceof z.ZodType) return type;
  switch (type.notation) {
    case 'duration': return times.duration;
    case 'period': return times.period;
    case 'flag': return z.boolean();
    case 'count': return count(type.least, type.most);
    case 'choice': return z.enum(type.choices as string[]);
    case 'number': {
      const { least, most = Infinity } = type;
      const number = Number.isFinite(least) ? z.number().min(least) : z.number();
      return Number.isFinite(most) ? number.max(most) : number;
    }
  }
}

/** What users write. */
export function schemaOf(fields: Fields): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  for (const [key, , one] of entriesOf(fields)) {
    const schema = isGroup(one) ? groupSchema(one) : fieldSchema(one);
    if (schema === null) continue;
    shape[key] = one.meaning === undefined ? schema : schema.describe(one.meaning);
  }
  return z.strictObject(shape);
}

/** It may be left out where all of its fields may. */
function groupSchema({ fields }: Group): z.ZodType {
  const schema = schemaOf(fields);
  return schema.safeParse({}).success ? schema.prefault({}) : schema;
}

function fieldSchema({ type, usual, derive }: AnyEntry): z.ZodType | null {
  if (type === undefined) return null;
  const schema = typeOf(type);
  if (usual !== undefined) return schema.prefault(usual);
  return derive === undefined ? schema : schema.optional();
}

/** Fields under way: each is settled once somebody, another field for one, asks for it. */
const under = Symbol('fields');

/**
 * @param given - what the schema made of what users wrote
 * @param around - what else the fields can know, by name
 */
export function open<Of extends Fields>(
  fields: Of, given: unknown, around: object, path: ScenarioPath,
): Settings<Of> {
  const own = Object.create(around, { [under]: { value: fields } }) as object;
  for (const [key, name, one] of entriesOf(fields)) {
    const inner = (given as Readonly<Record<string, unknown>>)[key];
    let settle = (): unknown => {
      const value = isGroup(one)
        ? open(one.fields, inner, own, [...path, key])
        : settled(one, inner, own, [...path, key]);
      settle = () => value;
      return value;
    };
    Object.defineProperty(own, name, { get: () => settle(), enumerable: true });
  }
  return own as Settings<Of>;
}

function settled(one: AnyEntry, given: unknown, own: object, path: ScenarioPath): unknown {
  const value = given === undefined && one.derive !== undefined ? derived(one, own)
    : one.read === undefined ? given : one.read(given, own, path);
  const wrong = one.check?.(value, own) ?? null;
  if (wrong !== null) throw new SettingError(path, wrong.problem, wrong.remedy);
  return value;
}

/** What users could not write is not derived either. */
function derived({ timed, derive }: AnyEntry, own: object): unknown {
  const value = derive!(own);
  return timed && typeof value === 'number' ? Math.min(Math.ceil(value), LONGEST_US) : value;
}

/** As plain data, in the order of the fields, once all are settled. */
export function close(opened: unknown): unknown {
  if (typeof opened !== 'object' || opened === null || !(under in opened)) return opened;
  const values = opened as Readonly<Record<string, unknown>>;
  const plain: Record<string, unknown> = {};
  for (const [, name, one] of entriesOf(opened[under] as Fields)) {
    if (!isGroup(one) && (one.aside === true || one.kept !== undefined)) continue;
    const value = close(values[name]);
    if (value !== undefined) plain[name] = value;
  }
  return plain;
}

/** As a user would write it, in the order of the fields. */
export function settingsOf(
  fields: Fields, values: object, whole: Whole,
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const [key, name, one] of entriesOf(fields)) {
    const own = (values as Readonly<Record<string, unknown>>)[name];
    const value = isGroup(one) ? settingsOf(one.fields, own as object, whole)
      : printed(one, one.kept === undefined ? own : one.kept(whole), whole);
    if (value !== undefined) settings[key] = value;
  }
  return settings;
}

function printed(one: AnyEntry, value: unknown, whole: Whole): unknown {
  const { type, quiet, usual } = one;
  if (type === undefined || value === undefined || value === null) return undefined;
  const said = one.write === undefined ? encoded(type, value) : one.write(value, whole);
  return quiet === true && said === usual ? undefined : said;
}

/** Of the notations only times are written otherwise than they are kept. */
function encoded(type: z.ZodType | Notation<unknown>, value: unknown): unknown {
  if (type instanceof z.ZodType) return z.encode(type, value);
  const { notation } = type;
  return notation === 'duration' || notation === 'period'
    ? z.encode<z.ZodType>(times[notation], value) : value;
}
