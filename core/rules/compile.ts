/**
 * Expressions as nested functions, made once: what rules on metrics cost is mostly their
 * evaluation, and the library walks over its tree each time. Only what means the same is taken
 * over: for the rest the library answers. A part without a value is undefined, where it throws.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { EntityView, GroupView } from './views.js';
import { groupFields, type Vocabulary } from './vocabulary.js';

/** The variables of an expression; it reads only those that its vocabulary has. */
interface Variables {
  readonly entity: EntityView;
  readonly group: GroupView;
}

/** A part of an expression. Whole numbers are numbers inside. */
type Part =
  | { readonly type: 'bool'; readonly read: Read<boolean> }
  | { readonly type: 'string'; readonly read: Read<string> }
  | {
      readonly type: 'int' | 'double';
      readonly read: Read<number>;
      /** It is that number, or that metric of the entity, and nothing else. */
      readonly constant?: number;
      readonly metric?: string;
    };
type Read<Value> = (variables: Variables) => Value | undefined;

/** Sums and differences of whole numbers up to this are exact, in any expression there may be. */
const mostExact = 1e12;

/** Null: the expression has a part that is not taken over. */
export function compile(ast: ASTNode, vocabulary: Vocabulary): Read<unknown> | null {
  const part = new Parts(vocabulary).of(ast);
  if (part === null) return null;
  if (part.type !== 'int') return part.read;
  const { read } = part;
  return (variables) => {
    const value = read(variables);
    return value === undefined ? undefined : BigInt(value);
  };
}

class Parts {
  readonly #vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  of(node: ASTNode): Part | null {
    switch (node.op) {
      case 'value': return constant(node.args);
      case 'id': return constant(this.#vocabulary.constants.get(node.args));
      case '.': return this.#field(node);
      case '&&':
      case '||': return this.#logic(node.op === '&&', node.args);
      case '!_': return negation(this.of(node.args));
      case '==': case '!=': case '<': case '<=': case '>': case '>=':
        return comparison(node.op, this.of(node.args[0]), this.of(node.args[1]));
      case '+': case '-': case '*':
        return arithmetic(node.op, this.of(node.args[0]), this.of(node.args[1]));
      case 'in': return this.#membership(node.args);
      default: return null;
    }
  }

  #field({ args: [owner, name] }: ASTNode & { readonly op: '.' }): Part | null {
    const { entity, group } = this.#vocabulary;
    if (owner.op === 'id' && owner.args === 'entity' && entity?.includes(name)) {
      return entityField(name);
    }
    if (owner.op === 'id' && owner.args === 'group' && group) return groupField(name);
    if (owner.op !== '.' || owner.args[0].op !== 'id') return null;
    const [{ args: root }, column] = owner.args;
    if (root === 'entity' && entity !== null) return columnOfEntity(column, name);
    if (root !== 'group' || !group) return null;
    if (column === 'mean') return { type: 'double', read: ({ group: of }) => of.mean.get(name) };
    return column === 'sum' ? { type: 'double', read: ({ group: of }) => of.sum.get(name) } : null;
  }

  /** A side without a value does not matter where the other one decides. */
  #logic(isAnd: boolean, [left, right]: readonly [ASTNode, ASTNode]): Part | null {
    const [a, b] = [this.of(left), this.of(right)];
    if (a?.type !== 'bool' || b?.type !== 'bool') return null;
    const [one, other] = [a.read, b.read];
    return {
      type: 'bool',
      read: (variables) => {
        const first = one(variables);
        if (first === !isAnd) return first;
        const second = other(variables);
        if (second === !isAnd) return second;
        return first === undefined ? undefined : second;
      },
    };
  }

  /** Of a text in a list of constants. */
  #membership([item, list]: readonly [ASTNode, ASTNode]): Part | null {
    const part = this.of(item);
    if (part?.type !== 'string' || list.op !== 'list') return null;
    const values = new Set<string>();
    for (const one of list.args) {
      if (one.op !== 'value' || typeof one.args !== 'string') return null;
      values.add(one.args);
    }
    const { read } = part;
    return {
      type: 'bool',
      read: (variables) => {
        const value = read(variables);
        return value === undefined ? undefined : values.has(value);
      },
    };
  }
}

function constant(value: unknown): Part | null {
  switch (typeof value) {
    case 'boolean': return { type: 'bool', read: () => value };
    case 'string': return { type: 'string', read: () => value };
    case 'number': return { type: 'double', read: () => value, constant: value };
    case 'bigint': {
      const number = Number(value);
      return Math.abs(number) > mostExact ? null : { type: 'int', read: () => number };
    }
    default: return null;
  }
}

function entityField(name: string): Part | null {
  switch (name) {
    case 'name': return { type: 'string', read: ({ entity }) => entity.name };
    case 'kind': return { type: 'string', read: ({ entity }) => entity.kind };
    case 'host': return { type: 'string', read: ({ entity }) => entity.host };
    case 'zone': return { type: 'string', read: ({ entity }) => entity.zone };
    case 'state': return { type: 'string', read: ({ entity }) => entity.state };
    case 'hostState': return { type: 'string', read: ({ entity }) => entity.hostState };
    case 'age': return { type: 'double', read: ({ entity }) => entity.age };
    case 'hostUp': return { type: 'bool', read: ({ entity }) => entity.hostUp };
    case 'incarnation': return { type: 'int', read: ({ entity }) => Number(entity.incarnation) };
    default: return null;
  }
}

function columnOfEntity(column: string, name: string): Part | null {
  if (column === 'metrics') {
    return { type: 'double', read: ({ entity }) => entity.metrics.get(name), metric: name };
  }
  if (column !== 'labels') return null;
  return { type: 'string', read: ({ entity }) => entity.labels?.get(name) };
}

function groupField(name: string): Part | null {
  if (name === 'name') return { type: 'string', read: ({ group }) => group.name };
  if (!groupFields.includes(name) || name === 'mean' || name === 'sum') return null;
  return { type: 'int', read: ({ group }) => group.count(name) };
}

function negation(part: Part | null): Part | null {
  if (part?.type !== 'bool') return null;
  const { read } = part;
  return {
    type: 'bool',
    read: (variables) => {
      const value = read(variables);
      return value === undefined ? undefined : !value;
    },
  };
}

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

function comparison(op: Comparison, left: Part | null, right: Part | null): Part | null {
  if (left === null || right === null || left.type !== right.type) return null;
  const isNumeric = left.type === 'int' || left.type === 'double';
  if (!isNumeric && op !== '==' && op !== '!=') return null;
  if (left.type === 'double' && right.type === 'double' && left.metric !== undefined &&
      right.constant !== undefined && op !== '==' && op !== '!=') {
    return { type: 'bool', read: limited(op, left.metric, right.constant) };
  }
  const read = left.read as Read<boolean | string | number>;
  return { type: 'bool', read: compared(op, read, right.read) };
}

/**
 * A metric beside its limit, what rules on metrics ask most: in one step, and with no function in
 * common, which the engine could not take apart.
 */
function limited(op: '<' | '<=' | '>' | '>=', metric: string, limit: number): Read<boolean> {
  switch (op) {
    case '<': return ({ entity }) => {
      const value = entity.metrics.get(metric);
      return value === undefined ? undefined : value < limit;
    };
    case '<=': return ({ entity }) => {
      const value = entity.metrics.get(metric);
      return value === undefined ? undefined : value <= limit;
    };
    case '>': return ({ entity }) => {
      const value = entity.metrics.get(metric);
      return value === undefined ? undefined : value > limit;
    };
    case '>=': return ({ entity }) => {
      const value = entity.metrics.get(metric);
      return value === undefined ? undefined : value >= limit;
    };
  }
}

/** A function of its own for each operator: they are most of what there is to do. */
function compared<Value extends boolean | string | number>(
  op: Comparison, left: Read<Value>, right: Read<Value>,
): Read<boolean> {
  const made = (holds: (a: Value, b: Value) => boolean): Read<boolean> => (variables) => {
    const a = left(variables);
    if (a === undefined) return undefined;
    const b = right(variables);
    return b === undefined ? undefined : holds(a, b);
  };
  switch (op) {
    case '==': return made((a, b) => a === b);
    case '!=': return made((a, b) => a !== b);
    case '<': return made((a, b) => a < b);
    case '<=': return made((a, b) => a <= b);
    case '>': return made((a, b) => a > b);
    case '>=': return made((a, b) => a >= b);
  }
}

function arithmetic(op: '+' | '-' | '*', left: Part | null, right: Part | null): Part | null {
  if (left === null || right === null || left.type !== right.type) return null;
  const { type } = left;
  // Products of whole numbers may be too great to be exact.
  if (type !== 'double' && (type !== 'int' || op === '*')) return null;
  const [one, other] = [left.read, (right as typeof left).read];
  const sign = op === '-' ? -1 : 1;
  return {
    type,
    read: (variables) => {
      const a = one(variables);
      const b = other(variables);
      if (a === undefined || b === undefined) return undefined;
      return op === '*' ? a * b : a + sign * b;
    },
  };
}
