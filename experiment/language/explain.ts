/** From what zod found wrong to a problem and a remedy that a person can use. */
import { z } from 'zod';
import { suggestion, type Complaint, type ScenarioPath } from './error.js';
import type { IssueParams } from './fields.js';
import { describe } from './units.js';

type Issue = z.core.$ZodIssue;

export interface Explanation extends Complaint {
  readonly path: ScenarioPath;
  /** The key at the end of `path` is what is wrong, not its value. */
  readonly atKey: boolean;
}

/** One explanation per thing wrong, in the order of the schema. */
export function explainIssues(
  schema: z.ZodType,
  issues: readonly Issue[],
  input: unknown,
): Explanation[] {
  return issues.flatMap(speaking).flatMap((issue) => explain(schema, issue, input));
}

/** Of a union's alternatives, the one that the input was meant for; paths made absolute. */
function speaking(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const alternatives = issue.errors.filter((errors) => errors.length > 0);
  const fitting = alternatives.filter((errors) => !errors.some(isMismatch));
  const meant =
    fitting.find((errors) => !errors.some(hasUnknownKey)) ?? fitting[0] ?? alternatives[0];
  if (!meant) return [issue];
  return meant
    .flatMap(speaking)
    .map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** The input is not even of the type that this alternative takes. */
function isMismatch(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'custom') return (issue.params as IssueParams | undefined)?.mismatch ?? false;
  if (issue.code === 'invalid_union') {
    return issue.errors.every((errors) => errors.some(isMismatch));
  }
  if (issue.code === 'invalid_value') return typeof issue.input === 'object';
  return issue.code === 'invalid_type';
}

function hasUnknownKey(issue: Issue): boolean {
  return issue.code === 'unrecognized_keys' && issue.path.length === 0;
}

function explain(schema: z.ZodType, issue: Issue, input: unknown): Explanation[] {
  const path = issue.path as ScenarioPath;
  const name = String(path.at(-1) ?? 'the scenario');
  const value = valueAt(input, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      atKey: true,
      problem: `unknown key ${key === '' ? '""' : key}`,
      remedy: suggestion(key, known),
    }));
  }
  if (value === undefined && missingCodes.includes(issue.code)) {
    const at = path.slice(0, -1);
    return [{ path: at, atKey: false, problem: `${name} is missing`, remedy: `add ${name}: ...` }];
  }
  if (issue.code === 'invalid_key') {
    const remedy = issue.issues[0]?.message ?? 'rename it';
    return [{ path, atKey: true, problem: `${name} cannot be used as a name`, remedy }];
  }
  return [{ path, atKey: false, ...complain(issue, name, value) }];
}

const missingCodes: readonly string[] = ['invalid_type', 'custom', 'invalid_union'];

function complain(issue: Issue, name: string, value: unknown): Complaint {
  const named = `${name}: ${describe(value)}`;
  switch (issue.code) {
    case 'custom':
      return {
        problem: `${name}: ${issue.message}`,
        remedy: (issue.params as IssueParams | undefined)?.remedy ?? 'see sim schema',
      };
    case 'too_small':
      if (typeof value === 'number') {
        return { problem: `${named} is too small`, remedy: `the least is ${issue.minimum}` };
      }
      return { problem: `${named} is too short`, remedy: `it needs at least ${issue.minimum}` };
    case 'too_big':
      if (typeof value === 'number') {
        return { problem: `${named} is too large`, remedy: `the most is ${issue.maximum}` };
      }
      return { problem: `${named} is too long`, remedy: `it takes at most ${issue.maximum}` };
    case 'invalid_value': {
      const choices = issue.values.map(String);
      const remedy = suggestion(String(value), choices);
      return { problem: `${named} is not a choice here`, remedy };
    }
    case 'invalid_union': {
      // Alternatives told apart by a key, here the name of an implementation.
      // One of them may do without.
      const { options = [] } = issue as { options?: readonly unknown[] };
      const choices = options.filter((one) => one !== undefined).map(String);
      const remedy = suggestion(String(value), choices);
      return { problem: `${named} is not a choice here`, remedy };
    }
    case 'invalid_format':
      return { problem: `${named} cannot be used as a name`, remedy: issue.message };
    case 'invalid_type': {
      const type = typeNames[issue.expected] ?? issue.expected;
      return { problem: `${named} is not ${type}`, remedy: `write ${type}` };
    }
    default:
      return { problem: named, remedy: issue.message };
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list of two',
  object: 'a mapping of keys to values',
  record: 'a mapping of names to values',
};

function valueAt(input: unknown, path: ScenarioPath): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** Names that zod's records leave out without a word, as no label does. */
export function namesPassedOver(input: unknown, path: ScenarioPath = []): Explanation[] {
  if (typeof input !== 'object' || input === null) return [];
  const inner = Object.entries(input).flatMap(([key, value]) =>
    namesPassedOver(value, [...path, Array.isArray(input) ? Number(key) : key]));
  const name = '__proto__';
  if (!Object.hasOwn(input, name) || path.at(-1) === 'labels') return inner;
  const problem = `${name} cannot be used as a name`;
  const remedy = 'start with a letter; go on with letters, digits, - and _';
  return [{ path: [...path, name], atKey: true, problem, remedy }, ...inner];
}

/** The keys that the schema knows at a path, of all alternatives there. */
export function keysAt(schema: z.ZodType, path: ScenarioPath): string[] {
  let here = alternatives(schema);
  for (const key of path) here = here.flatMap((one) => inside(one, key)).flatMap(alternatives);
  const keys = here.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
  return [...new Set(keys)];
}

/** Looks through defaults, transforms and unions. */
function alternatives(schema: unknown): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  if (schema instanceof z.ZodPipe) return alternatives(schema.in);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return alternatives(schema.unwrap());
  }
  return [schema as z.core.$ZodType];
}

function inside(schema: unknown, key: string | number): unknown[] {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, unknown>>;
    return Object.hasOwn(shape, key) ? [shape[key]] : [];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (schema instanceof z.ZodArray) return [schema.element];
  return [];
}
