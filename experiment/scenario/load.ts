/** Scenario files: YAML text, overrides from the command line, errors with their place. */
import { readFileSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from 'yaml';
import type { Kind } from '../../core/metamodel/entity.js';
import { parseRules, RuleError } from '../../core/rules/index.js';
import { Misfit, ScenarioError, type Complaint, type ScenarioPath } from './error.js';
import { explainIssues, type Explanation } from './explain.js';
import type { Registry } from '../plugins.js';
import { applyOverride, parseOverride, steps, type Override } from './overrides.js';
import { nothingPlugged, takePlugged } from './plugged.js';
import { resolveScenario, type Surroundings } from './resolve.js';
import type { ResolvedScenario } from './resolved.js';
import { hashOf, parseRttMatrix } from './rtt-matrix.js';
import { scenarioSchema, type ScenarioSettings } from './schema.js';

export interface LoadOptions {
  /** Each as `path=value`, the value in YAML. */
  readonly set?: readonly string[] | undefined;
  /** Instead of the scenario's own. */
  readonly seed?: number | undefined;
  /** Implementations of the user's own, which the scenario may name. */
  readonly plugins?: Registry | undefined;
}

/** @throws ScenarioError if the file cannot be read or used, or a rule file of it. */
export function loadScenario(path: string, options: LoadOptions = {}): ResolvedScenario {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const problem = `cannot read the scenario: ${reason(error)}`;
    throw new ScenarioError(
      { file: path, line: 1, column: 1 },
      { problem, remedy: 'name a YAML file that exists (sim list shows those that come along)' },
    );
  }
  return parseScenario(text, path, options);
}

/**
 * @param file - where the text comes from: named in errors, and rule files are looked for beside it
 * @throws ScenarioError
 */
export function parseScenario(
  text: string,
  file: string,
  options: LoadOptions = {},
): ResolvedScenario {
  const source = new Source(text, file);
  const overrides = (options.set ?? []).map(parseOverride);
  if (options.seed !== undefined) {
    overrides.push({ option: '--seed', path: ['seed'], value: options.seed });
  }
  let input = withoutExtensions(source.value);
  for (const override of overrides) input = applyOverride(input, override);
  try {
    const { plugins } = options;
    const taken = plugins === undefined ? null : takePlugged(input, plugins);
    if (taken !== null) ({ input } = taken);
    const settings = validate(input, source, overrides);
    return resolveScenario(settings, {
      plugged: taken?.plugged ?? nothingPlugged,
      name: basename(file, extname(file)).replaceAll(/[^A-Za-z0-9._-]+/g, '-'),
      ruleText: (rule, index) => readRules(rule, file, index),
      readMatrix: (matrix) => readMatrix(matrix, file),
      checkRules: (rules, kinds) => checkRules(rules, kinds, settings, file),
    });
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new ScenarioError(source.place(error.path, false, overrides), error);
  }
}

/** `file:line:column` of a field such as `faults[2]`, or `--set field` where it came from there. */
export function placeOfField(file: string, field: string, options: LoadOptions = {}): string {
  const source = new Source(readFileSync(file, 'utf8'), file);
  const overrides = (options.set ?? []).map(parseOverride);
  const place = source.place(steps(field), false, overrides);
  return place.line === 0 ? place.file : `${file}:${place.line}:${place.column}`;
}

function validate(
  input: unknown,
  source: Source,
  overrides: readonly Override[],
): ScenarioSettings {
  const parsed = scenarioSchema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const found = explainIssues(scenarioSchema, parsed.error.issues, input).map(
    (explanation: Explanation) => ({
      explanation,
      place: source.place(explanation.path, explanation.atKey, overrides),
    }),
  );
  // The first in the text; a misspelt key before what is missing for it.
  found.sort(
    (a, b) =>
      Number(b.explanation.atKey) - Number(a.explanation.atKey) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column,
  );
  throw new ScenarioError(found[0].place, found[0].explanation);
}

function rulePath(rule: string, scenarioFile: string): string {
  return isAbsolute(rule) ? rule : join(dirname(scenarioFile), rule);
}

/** Errors name rule files as the user can find them; texts inside the scenario, as they say. */
function checkRules(
  rules: ResolvedScenario['rules'],
  kinds: readonly Kind[],
  settings: ScenarioSettings,
  scenarioFile: string,
): void {
  const sources = rules.map(({ file, text }, index) => ({
    file: typeof settings.rules[index] === 'string' ? rulePath(file, scenarioFile) : file,
    text,
  }));
  try {
    parseRules(sources, kinds);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const [, ...excerpt] = error.message.split('\n');
    throw new ScenarioError(error, error, excerpt.map((line) => `\n${line}`).join(''));
  }
}

function readRules(rule: string, scenarioFile: string, index: number): string {
  const path = rulePath(rule, scenarioFile);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const problem = `cannot read the rule file ${path}: ${reason(error)}`;
    const remedy = 'rule files are named relative to the scenario file';
    throw new Misfit(['rules', index], problem, remedy);
  }
}

function readMatrix(file: string, scenarioFile: string): ReturnType<Surroundings['readMatrix']> {
  const path = isAbsolute(file) ? file : join(dirname(scenarioFile), file);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new Misfit(
      ['network', 'latency', 'matrix', 'file'],
      `cannot read the matrix ${path}: ${reason(error)}`,
      'it is named relative to the scenario file',
    );
  }
  return { path: resolve(path), sha256: hashOf(bytes), matrix: parseRttMatrix(bytes, path) };
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a directory';
  if (code === 'EACCES') return 'permission denied';
  return code ?? String(error);
}

/** Keys that begin with `x-` are the user's own. */
function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('x-'))
      .map(([key, inner]) => [key, withoutExtensions(inner)]),
  );
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A parsed YAML text that knows where each value stands. */
class Source {
  readonly value: unknown;
  private readonly file: string;
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;

  constructor(text: string, file: string) {
    this.file = file;
    const { lines } = this;
    this.document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
    const [error] = [...this.document.errors, ...this.document.warnings];
    if (error) this.fail(error.pos[0], error.message, 'correct the YAML');
    try {
      this.value = this.document.toJS();
    } catch (cause) {
      this.fail(0, cause instanceof Error ? cause.message : String(cause), 'correct the YAML');
    }
    if (!isMap(this.document.contents)) {
      const remedy = 'write keys and values; sim init writes a starter';
      this.fail(0, 'this is not a scenario', remedy);
    }
  }

  private fail(offset: number, problem: string, remedy: string): never {
    const complaint: Complaint = { problem: problem.replace(/\.$/, ''), remedy };
    throw new ScenarioError(this.placeOf(offset), complaint);
  }

  private placeOf(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  /** Where the value (or the key) at a path stands: in the text, or on the command line. */
  place(path: ScenarioPath, atKey: boolean, overrides: readonly Override[]): Place {
    const { offset, depth } = this.find(path, atKey);
    const said = overrides.find(
      (override) =>
        isPrefix(override.path, path) || (depth < path.length && isPrefix(path, override.path)),
    );
    return said ? { file: said.option, line: 0, column: 0 } : this.placeOf(offset);
  }

  /** The innermost node on the way to `path`, and how far along the way it is. */
  private find(path: ScenarioPath, atKey: boolean): { offset: number; depth: number } {
    let node: Node | null = this.document.contents;
    let found = { offset: start(node), depth: 0 };
    for (const [index, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.document) ?? null;
      if (!isCollection(node)) break;
      const pair = isMap(node)
        ? node.items.find(({ key }) => (isNode(key) ? String(key) : key) === String(step))
        : undefined;
      const next: unknown = isMap(node) ? pair?.value : node.get(step, true);
      if (pair === undefined && !isNode(next)) break;
      const last = index === path.length - 1;
      const from = (last && atKey) || !isNode(next) ? pair?.key : next;
      found = { offset: start(from), depth: index + 1 };
      node = isNode(next) ? next : null;
    }
    return found;
  }
}

function start(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function isPrefix(prefix: ScenarioPath, path: ScenarioPath): boolean {
  return prefix.every((step, index) => String(step) === String(path[index]));
}
