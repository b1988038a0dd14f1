/** What can be said of a condition without running it: of states, and of sums of counts. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { states, type ResourceState } from '../metamodel/entity.js';
import type { CountedState } from './views.js';
import type { Constant, Vocabulary } from './vocabulary.js';

/** The members of a group by state. */
export type Counts = Readonly<Record<CountedState, number>>;
export const countedStates: readonly CountedState[] = [
  'up', 'starting', 'stopped', 'down', 'unknown', 'unreachable',
];

/** So many of each count, and a constant. */
interface Sum {
  readonly constant: number;
  readonly of: Counts;
}

type Relation = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly op: 'and' | 'or'; readonly parts: readonly [Condition, Condition] }
  | { readonly op: 'not'; readonly part: Condition }
  | { readonly op: 'constant'; readonly value: boolean }
  /** The sum compared with 0. */
  | { readonly op: 'compare'; readonly relation: Relation; readonly sum: Sum }
  | { readonly op: 'state'; readonly states: readonly ResourceState[] }
  /** It may hold or not, whatever states and counts are. */
  | { readonly op: 'open' };

/** What is known of an entity or of a group. */
export type Facts = { readonly state: ResourceState } | { readonly counts: Counts };

const open: Condition = { op: 'open' };
const none: Counts = countsOf(0);

function countsOf(each: number): Counts {
  return Object.fromEntries(countedStates.map((state) => [state, each])) as unknown as Counts;
}

export function conditionOf(ast: ASTNode, { constants }: Vocabulary): Condition {
  switch (ast.op) {
    case 'value':
    case 'id': {
      const value = valueOf(ast, constants);
      return typeof value === 'boolean' ? { op: 'constant', value } : open;
    }
    case '&&':
    case '||': {
      const [left, right] = ast.args.map((part) => conditionOf(part, { constants } as Vocabulary));
      return { op: ast.op === '&&' ? 'and' : 'or', parts: [left, right] };
    }
    case '!_': return { op: 'not', part: conditionOf(ast.args, { constants } as Vocabulary) };
    case 'in': return isState(ast.args[0]) ? stateIn(ast.args[1], constants) : open;
    case '==': case '!=': case '<': case '<=': case '>': case '>=':
      return comparison(ast.op, ast.args, constants);
    default: return open;
  }
}

/** Null: the facts do not say. */
export function holds(condition: Condition, facts: Facts): boolean | null {
  switch (condition.op) {
    case 'constant': return condition.value;
    case 'open': return null;
    case 'state': return 'state' in facts ? condition.states.includes(facts.state) : null;
    case 'compare': {
      if (!('counts' in facts)) return null;
      const { constant, of } = condition.sum;
      let total = constant;
      for (const state of countedStates) total += of[state] * facts.counts[state];
      return related(total, condition.relation);
    }
    case 'not': {
      const part = holds(condition.part, facts);
      return part === null ? null : !part;
    }
    default: {
      const decides = condition.op === 'or';
      const [left, right] = condition.parts.map((part) => holds(part, facts));
      if (left === decides || right === decides) return decides;
      return left === null || right === null ? null : !decides;
    }
  }
}

/** The greatest constant that counts are compared with; null: something in it is open. */
export function reachOf(condition: Condition): number | null {
  switch (condition.op) {
    case 'constant': return 0;
    case 'compare': return Math.abs(condition.sum.constant);
    case 'not': return reachOf(condition.part);
    case 'and':
    case 'or': {
      const [left, right] = condition.parts.map(reachOf);
      return left === null || right === null ? null : Math.max(left, right);
    }
    default: return null;
  }
}

/** How often each count stands in the sums that the condition compares; of each comparison. */
export function comparedIn(condition: Condition): readonly Counts[] {
  switch (condition.op) {
    case 'compare': return [condition.sum.of];
    case 'not': return comparedIn(condition.part);
    case 'and':
    case 'or': return condition.parts.flatMap(comparedIn);
    default: return [];
  }
}

function related(total: number, relation: Relation): boolean {
  switch (relation) {
    case '==': return total === 0;
    case '!=': return total !== 0;
    case '<': return total < 0;
    case '<=': return total <= 0;
    case '>': return total > 0;
    case '>=': return total >= 0;
  }
}

type Constants = ReadonlyMap<string, Constant>;

function comparison(
  relation: Relation, [left, right]: readonly [ASTNode, ASTNode], constants: Constants,
): Condition {
  for (const [field, other] of [[left, right], [right, left]] as const) {
    if (!isState(field)) continue;
    const value = valueOf(other, constants);
    const known = states.filter((state) => state === value);
    if (relation === '==') return { op: 'state', states: known };
    return relation === '!=' ? { op: 'not', part: { op: 'state', states: known } } : open;
  }
  const [a, b] = [sumOf(left, constants), sumOf(right, constants)];
  return a === null || b === null ? open : { op: 'compare', relation, sum: plus(a, b, -1) };
}

function isState(node: ASTNode): boolean {
  return node.op === '.' && node.args[1] === 'state' && node.args[0].op === 'id' &&
    node.args[0].args === 'entity';
}

function stateIn(list: ASTNode, constants: Constants): Condition {
  if (list.op !== 'list') return open;
  const values = list.args.map((one) => valueOf(one, constants));
  return { op: 'state', states: states.filter((state) => values.includes(state)) };
}

function valueOf(node: ASTNode, constants: Constants): unknown {
  if (node.op === 'id') return constants.get(node.args);
  return node.op === 'value' ? node.args : undefined;
}

/** Null: it is no sum of counts. */
function sumOf(node: ASTNode, constants: Constants): Sum | null {
  const value = valueOf(node, constants);
  if (typeof value === 'bigint') return { constant: Number(value), of: none };
  if (node.op === '+' || node.op === '-') {
    const [a, b] = node.args.map((part) => sumOf(part, constants));
    return a === null || b === null ? null : plus(a, b, node.op === '+' ? 1 : -1);
  }
  if (node.op !== '.' || node.args[0].op !== 'id' || node.args[0].args !== 'group') return null;
  const field = node.args[1];
  if (field === 'total') {
    return { constant: 0, of: countsOf(1) };
  }
  const state = countedStates.find((one) => one === field);
  return state === undefined ? null : { constant: 0, of: { ...none, [state]: 1 } };
}

function plus(a: Sum, b: Sum, sign: 1 | -1): Sum {
  const of = Object.fromEntries(
    countedStates.map((state) => [state, a.of[state] + sign * b.of[state]]),
  ) as unknown as Counts;
  return { constant: a.constant + sign * b.constant, of };
}
