/** What a program asks of a run, checked: callers need not be TypeScript. */
import type { Observation, ObservationSink } from '../core/observations.js';
import { suggestion } from './language/error.js';

/** An option of `run` cannot be used: `message` says which, why, and what would be right. */
export class RunOptionsError extends Error {
  override readonly name = 'RunOptionsError';
  /** `scenario`, `sinks[0]`. */
  readonly option: string;
  readonly problem: string;
  readonly remedy: string;

  constructor(option: string, problem: string, remedy: string) {
    super(`${option}: ${problem}, ${remedy}`);
    this.option = option;
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** A sink threw, perhaps because it changed an observation, which belongs to all. */
export class SinkError extends Error {
  override readonly name = 'SinkError';
  /** Of the sink, in the order given. */
  readonly index: number;
  readonly timeUs: number;

  constructor(index: number, timeUs: number, type: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const changed = /read.?only|not extensible|Cannot delete|Cannot define/.test(reason);
    const remedy = changed ? '; observations are not to be changed, copy what you keep' : '';
    super(`sinks[${index}]: it threw at ${timeUs} us on ${type}: ${reason}${remedy}`, { cause });
    this.index = index;
    this.timeUs = timeUs;
  }
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isFunction: Check = (value) => typeof value === 'function';
const isObject: Check = (value) => typeof value === 'object' && value !== null;

/** Of a list each item is checked, and the first that is wrong is named. */
interface Option {
  readonly check: Check;
  readonly remedy: string;
  readonly item?: { readonly check: Check; readonly problem?: string; readonly remedy: string };
}
const isList: Check = (value) => Array.isArray(value);

const options: Readonly<Record<string, Option>> = {
  scenario: {
    check: (value) => isText(value) || isText((value as { text?: unknown } | null)?.text),
    remedy: 'give the name of a file, or { text } with the YAML itself',
  },
  set: {
    check: isList, remedy: "give a list of texts, such as ['system.managers=20']",
    item: { check: isText, remedy: "give a text, such as 'system.managers=20'" },
  },
  seed: {
    check: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    remedy: 'give a whole number, 0 or more',
  },
  plugins: {
    check: isList, remedy: 'give a list of plugins, as definePlugin makes them',
    item: { check: isObject, remedy: 'give a plugin, as definePlugin makes it' },
  },
  sinks: {
    check: isList, remedy: 'give a list of objects with a function observe',
    item: {
      check: (sink) => isFunction((sink as { observe?: unknown } | null)?.observe),
      problem: 'it has no function observe',
      remedy: 'give an object with observe(timeUs, process, observation)',
    },
  },
  progress: { check: isFunction, remedy: 'give a function of (timeUs, events)' },
  signal: {
    check: (value) => isObject(value) && 'aborted' in (value as object),
    remedy: 'give the signal of an AbortController',
  },
};

/** @throws RunOptionsError */
export function checkRunOptions(given: unknown): void {
  if (!isObject(given)) throw new RunOptionsError('options', told(given), 'give { scenario }');
  for (const [name, value] of Object.entries(given as object)) {
    if (!Object.hasOwn(options, name)) {
      throw new RunOptionsError(name, 'is no option', suggestion(name, Object.keys(options)));
    }
    if (value !== undefined) checkOption(name, value, options[name]);
  }
  if ((given as { scenario?: unknown }).scenario === undefined) {
    throw new RunOptionsError('scenario', 'is missing', options['scenario'].remedy);
  }
}

function checkOption(name: string, value: unknown, { check, remedy, item }: Option): void {
  if (!check(value)) throw new RunOptionsError(name, told(value), remedy);
  if (item === undefined) return;
  const wrong = (value as readonly unknown[]).findIndex((one) => !item.check(one));
  if (wrong === -1) return;
  const one = (value as readonly unknown[])[wrong];
  const problem = isObject(one) ? item.problem ?? told(one) : told(one);
  throw new RunOptionsError(`${name}[${wrong}]`, problem, item.remedy);
}

function told(value: unknown): string {
  if (value === undefined || value === null) return `is ${value}`;
  if (Array.isArray(value)) return 'is such a list';
  if (typeof value === 'object') return 'is such an object';
  if (typeof value === 'function') return 'is a function';
  return `is ${JSON.stringify(typeof value === 'bigint' ? String(value) : value)}`;
}

/** Hands a sink of the user's own copies that cannot be changed. */
export function guarded(sink: ObservationSink, index: number): ObservationSink {
  const { hears } = sink;
  return {
    ...(hears === undefined ? {} : { hears }),
    observe: (timeUs, process, observation) => {
      try {
        sink.observe(timeUs, process, frozenCopy(observation) as Observation);
      } catch (error) {
        throw new SinkError(index, timeUs, observation.type, error);
      }
    },
  };
}

function frozenCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  const copy = Array.isArray(value)
    ? value.map(frozenCopy)
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, frozenCopy(inner)]));
  return Object.freeze(copy);
}
