/** Conditions and texts in CEL, the Common Expression Language, checked before they ever run. */
import {
  Environment, type ASTNode, type ParseError, type ParseResult, type TypeError as CelTypeError,
} from '@marcbachmann/cel-js';
import type { Node } from 'yaml';
import { compile } from './compile.js';
import { conditionOf, type Condition } from './condition.js';
import type { FailAt } from './error.js';
import { children, inspect, type Reads } from './inspect.js';
import { faultOf, Patterns } from './patterns.js';
import type { RuleFile } from './rule-file.js';
import { suggestion } from '../suggestion.js';
import { thresholdsOf, type Threshold } from './thresholds.js';
import { EntityView, GroupMetricsView, GroupView, MetricsView } from './views.js';
import { groupFields, type Constant, type Vocabulary } from './vocabulary.js';

/** What an expression is evaluated on: the variables of its vocabulary. */
export type Context = { readonly entity: EntityView } | { readonly group: GroupView };

export interface Expression extends Reads {
  readonly condition: Condition;
  readonly text: string;
  /** With what it compares metrics of the entity; null: it does something else with them. */
  readonly thresholds: readonly Threshold[] | null;
  /** Undefined where there is no value: a label or metric is missing, a division by zero. */
  evaluate(context: Context): unknown;
}

/** CEL types and how to say them. */
const typeNames = {
  bool: 'true or false',
  string: 'a text',
  int: 'a whole number',
  double: 'a number',
} as const;
export type ExpressionType = keyof typeof typeNames;

/**
 * An expression is evaluated for each entity at each change: whoever writes more than this, or
 * nests it deeper, has generated it, and what walks over it would run out of stack.
 */
const limits = { maxAstNodes: 2000, maxDepth: 100 };
const LONGEST = 20_000;
const shorter = 'make it shorter, or several rules of it';

/** The name under which `matches` is ours: the library's backtracks, and cannot be replaced. */
const LINEAR = 'matches_in_linear_time';

/** Compiles expressions over one vocabulary. */
export class Compiler {
  readonly #vocabulary: Vocabulary;
  readonly #environment: Environment;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#environment = createEnvironment(vocabulary);
  }

  /** @throws RuleError unless the expression is sound and its type is one of `types`. */
  compile(
    file: RuleFile, node: Node, what: string, types: readonly ExpressionType[],
  ): Expression {
    const { scalar, text } = file.expression(node, what);
    const failAt: FailAt = (index, problem, remedy) =>
      file.failInside(scalar, index, problem, remedy);
    const parsed = this.#parse(text, failAt);
    takeOver(parsed.ast, this.#vocabulary, failAt);
    const reads = inspect(parsed.ast, this.#vocabulary, failAt);
    const { type, error } = parsed.check();
    if (error !== undefined) this.#explain(error, failAt);
    if (!types.some((wanted) => wanted === type)) {
      const wanted = typeNames[types[0]];
      failAt(parsed.ast.start, `${what} is of type ${type}`, `write one that gives ${wanted}`);
    }
    const compiled = compile(parsed.ast, this.#vocabulary);
    const condition = conditionOf(parsed.ast, this.#vocabulary);
    const thresholds = thresholdsOf(parsed.ast, this.#vocabulary.constants);
    return { ...reads, condition, text, thresholds, evaluate: compiled ?? byLibrary(parsed) };
  }

  #parse(text: string, failAt: FailAt): ParseResult {
    if (text.length > LONGEST) {
      failAt(0, `the expression is longer than ${LONGEST} characters`, shorter);
    }
    try {
      return this.#environment.parse(text);
    } catch (error) {
      if (error instanceof RangeError) failAt(0, 'the expression nests too deeply', shorter);
      const { code, summary, range } = error as ParseError;
      const at = range?.start ?? 0;
      if (code === 'limit_exceeded') {
        const deep = summary.includes('maxDepth');
        const what = deep ? `nests deeper than ${limits.maxDepth}` : 'has too many parts';
        failAt(at, `the expression ${what}`, shorter);
      }
      const rest = text.slice(at);
      const [word] = /^(and|or|not)\b/.exec(rest) ?? [];
      if (word !== undefined) failAt(at, `${word} is no operator`, 'write &&, || or !');
      const problem = /EOF/.test(summary) ? 'the expression ends too early' : lower(summary);
      const example = 'write for example entity.state == "down"';
      return failAt(at, problem, rest.startsWith('=') ? 'compare with ==' : example);
    }
  }

  #explain(error: ParseError | CelTypeError, failAt: FailAt): never {
    const at = error.range?.start ?? 0;
    const { code, summary } = error;
    if (code === 'unknown_variable') {
      const name = summary.replace(/^.*: /, '');
      const { entity, group, constants } = this.#vocabulary;
      const roots = [...(entity === null ? [] : ['entity']), ...(group ? ['group'] : [])];
      return failAt(at, `unknown name ${name}`, suggestion(name, [...roots, ...constants.keys()]));
    }
    const [, left, operator, right] = /^no such overload: (\S+) (\S+) (\S+)$/.exec(summary) ?? [];
    if (left !== undefined && right !== undefined) {
      const problem = `${operator} does not take ${left} and ${right}`;
      return failAt(at, problem, overloadRemedy(left, right));
    }
    const message = lower(summary.replaceAll(LINEAR, 'matches'));
    return failAt(at, message, 'docs/writing-rules.md says what an expression may contain');
  }
}

/** As the library evaluates it. */
export function byLibrary(parsed: ParseResult): Expression['evaluate'] {
  return (context) => {
    try {
      return parsed(context);
    } catch {
      return undefined; // Checked before: only a missing value can be the cause.
    }
  };
}

/** What evaluates its last arguments many times, or makes its own from others. */
const loops: readonly string[] = ['all', 'exists', 'exists_one', 'filter', 'map', 'bind'];
/** Each more multiplies the time by the length of a list. */
const DEEPEST_LOOP = 2;

/**
 * Gives each `matches` our own meaning, and looks at its pattern where that is known.
 *
 * @param depth - of loops around it
 */
function takeOver(ast: ASTNode, vocabulary: Vocabulary, failAt: FailAt, depth = 0): void {
  if (depth > DEEPEST_LOOP) {
    failAt(ast.start, `loops nest deeper than ${DEEPEST_LOOP}`, 'make it several rules');
  }
  if (ast.op === 'rcall' && ast.args[0] === 'matches') {
    ast.args[0] = LINEAR;
    const [pattern] = ast.args[2];
    const value = pattern?.op === 'id' ? vocabulary.constants.get(pattern.args) : pattern?.args;
    const known = pattern?.op === 'id' || pattern?.op === 'value';
    const fault = known && typeof value === 'string' ? faultOf(value) : null;
    if (fault !== null) {
      const remedy = 'write one of RE2, which knows neither look-around nor back-references';
      failAt(pattern.start, `this is no regular expression: ${fault}`, remedy);
    }
  }
  if (isHostState(ast)) Object.assign(ast, { args: [ast.args[0].args[0], 'hostState'] });
  const looping = ast.op === 'rcall' && loops.includes(ast.args[0]);
  for (const child of children(ast)) {
    const inside = looping && child !== (ast.args as readonly unknown[])[1];
    takeOver(child, vocabulary, failAt, depth + Number(inside));
  }
}

/** `entity.host.state`, though `entity.host` is its name. */
function isHostState(ast: ASTNode): ast is ASTNode & {
  readonly op: '.'; readonly args: readonly [ASTNode & { readonly op: '.' }, string];
} {
  if (ast.op !== '.' || ast.args[1] !== 'state' || ast.args[0].op !== '.') return false;
  const [owner, field] = ast.args[0].args;
  return field === 'host' && owner.op === 'id' && owner.args === 'entity';
}

function createEnvironment({ kinds, constants, entity, group }: Vocabulary): Environment {
  const metrics = Object.fromEntries(
    kinds.flatMap((kind) => kind.metrics).map((metric) => [metric, 'double']),
  );
  const environment = new Environment({ limits });
  const patterns = new Patterns();
  environment.registerFunction(
    `string.${LINEAR}(string): bool`,
    (text: string, pattern: string) => patterns.occursIn(text, pattern),
  );
  if (entity !== null) {
    environment.registerType('Metrics', { ctor: MetricsView, fields: metrics });
    const fields = Object.fromEntries(entity.map((name) => [name, celTypeOf(name)]));
    environment.registerType('Entity', { ctor: EntityView, fields });
    environment.registerVariable('entity', 'Entity');
  }
  if (group) {
    environment.registerType('GroupMetrics', { ctor: GroupMetricsView, fields: metrics });
    const fields = Object.fromEntries(groupFields.map((name) => [name, groupTypeOf(name)]));
    environment.registerType('Group', { ctor: GroupView, fields });
    environment.registerVariable('group', 'Group');
  }
  for (const [name, value] of constants) {
    environment.registerConstant(name, celTypeOfConstant(value), value);
  }
  return environment;
}

function celTypeOf(field: string): string {
  const types: Record<string, string> = {
    labels: 'map<string, string>', incarnation: 'int', age: 'double', hostUp: 'bool',
    metrics: 'Metrics',
  };
  return types[field] ?? 'string';
}

function groupTypeOf(field: string): string {
  if (field === 'name') return 'string';
  return field === 'mean' || field === 'sum' ? 'GroupMetrics' : 'int';
}

function celTypeOfConstant(value: Constant): ExpressionType {
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  return typeof value === 'string' ? 'string' : 'bool';
}

function overloadRemedy(left: string, right: string): string {
  const types = [left, right];
  if (types.includes('int') && types.includes('double')) {
    return 'write the whole number with a decimal point, as in 3.0, or convert it by double()';
  }
  if (types.includes('string')) return 'a text compares only with a text in double quotes';
  return 'both sides must be of the same type';
}

function lower(summary: string): string {
  return summary.slice(0, 1).toLowerCase() + summary.slice(1);
}

