/** `--set path=value`: any field of a scenario, from the command line. */
import { parseDocument } from 'yaml';
import { ScenarioError, type Place, type ScenarioPath } from './error.js';

export interface Override {
  /** As the user gave it, for errors: `--set system.managers`. */
  readonly option: string;
  readonly path: ScenarioPath;
  readonly value: unknown;
  /** Where the value stands, if that is in a file, and where the path does. */
  readonly place?: Place;
  readonly pathPlace?: Place;
}

/** Reads `system.managers=100` or `faults[0].at=5m`. @throws ScenarioError */
export function parseOverride(text: string): Override {
  const equals = text.indexOf('=');
  if (equals < 1) {
    const remedy = 'write path=value, for example system.managers=100';
    fail(`--set ${text}`, 'there is no path and value', remedy);
  }
  const path = text.slice(0, equals).trim();
  const option = `--set ${path}`;
  const taken = steps(path);
  if (taken.includes('')) fail(option, 'the path has an empty step', 'join keys by single dots');
  const document = parseDocument(text.slice(equals + 1), { prettyErrors: false });
  const [error] = document.errors;
  if (error) fail(option, `the value is not YAML: ${error.message}`, 'put it in quotes');
  const value: unknown = document.toJS();
  return { option, value, path: taken };
}

/** `faults[0].at` or `faults.0.at` as keys and indices. */
export function steps(path: string): ScenarioPath {
  return path
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** A copy of `input` with the override in it. @throws ScenarioError */
export function applyOverride(input: unknown, override: Override): unknown {
  const { option, path, value, pathPlace } = override;
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const inner = { ...override, path: rest };
  if (Array.isArray(input)) {
    if (typeof step !== 'number' || step >= input.length) {
      const known = input.length === 0 ? 'it is empty' : `it goes from 0 to ${input.length - 1}`;
      fail(option, `there is no ${step} in that list`, known, pathPlace);
    }
    return input.map((item: unknown, index) =>
      index === step ? applyOverride(item, inner) : item,
    );
  }
  const mapping = asMapping(input);
  const before = Object.hasOwn(mapping, step) ? mapping[step] : undefined;
  return { ...mapping, [step]: applyOverride(before, inner) };
}

/** A plain name such as `overlay: full-mesh` is short for a mapping with that `name`. */
function asMapping(input: unknown): Record<string, unknown> {
  if (typeof input === 'string') return { name: input };
  if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  return {};
}

function fail(option: string, problem: string, remedy: string, place?: Place): never {
  throw new ScenarioError(place ?? { file: option, line: 0, column: 0 }, { problem, remedy });
}
