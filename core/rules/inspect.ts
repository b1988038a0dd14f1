/** Checks of an expression that need more than types: names of fields, metrics, states, kinds. */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { FailAt } from './error.js';
import { suggestion } from '../suggestion.js';
import { states } from '../metamodel/entity.js';
import {
  fixedFields, groupFields, hostStates, localFields, type Vocabulary,
} from './vocabulary.js';

/** What an expression depends on. */
export interface Reads {
  /** Whether it reads metrics of the entity. */
  readonly metrics: boolean;
  /** Whether it reads the age of the entity, which changes by itself. */
  readonly age: boolean;
  /** The metrics whose mean or sum over a group it reads. */
  readonly groupMetrics: readonly string[];
}

/** `entity.metrics.load`: the root variable and the fields taken from it. */
interface Path {
  readonly root: string;
  readonly at: number;
  readonly steps: readonly { readonly name: string; readonly at: number }[];
}

/** Reports, through `failAt`, names that the vocabulary does not have. */
export function inspect(ast: ASTNode, vocabulary: Vocabulary, failAt: FailAt): Reads {
  const inspector = new Inspector(vocabulary, failAt);
  inspector.visit(ast);
  const { metrics, age, groupMetrics } = inspector;
  return { metrics, age, groupMetrics: [...groupMetrics] };
}

const unusableKeys: readonly unknown[] = ['__proto__', 'constructor', 'prototype'];

class Inspector {
  readonly #vocabulary: Vocabulary;
  readonly #failAt: FailAt;
  readonly groupMetrics = new Set<string>();
  metrics = false;
  age = false;

  constructor(vocabulary: Vocabulary, failAt: FailAt) {
    this.#vocabulary = vocabulary;
    this.#failAt = failAt;
  }

  visit(node: ASTNode): void {
    const path = pathOf(node);
    if (path?.root === 'entity' && this.#vocabulary.entity !== null) return this.#entity(path);
    if (path?.root === 'group' && this.#vocabulary.group) return this.#group(path);
    if (node.op === 'map') this.#keys(node.args.map(([key]) => key));
    if (node.op === 'call') this.#call(node.args[0], node.start);
    if (node.op === '==' || node.op === '!=') {
      this.#literals(node.args[0], [node.args[1]]);
      this.#literals(node.args[1], [node.args[0]]);
    }
    if (node.op === 'in' && node.args[1].op === 'list') {
      this.#literals(node.args[0], node.args[1].args);
    }
    for (const child of children(node)) this.visit(child);
  }

  #entity({ at, steps: [field, metric] }: Path): void {
    const known = this.#vocabulary.entity ?? [];
    if (field === undefined) this.#whole(at, 'entity', known);
    if (!known.includes(field.name)) {
      const elsewhere = known === fixedFields
        ? `a group may depend only on what never changes: ${known.join(', ')}`
        : 'only the conditions of local rules know it';
      const remedy = localFields.includes(field.name) ? elsewhere : suggestion(field.name, known);
      this.#failAt(field.at, `entity has no ${field.name} here`, remedy);
    }
    if (field.name === 'age') this.age = true;
    if (field.name !== 'metrics') return;
    this.metrics = true;
    this.#metric(field.at, 'entity.metrics', metric);
  }

  #group({ at, steps: [field, metric] }: Path): void {
    if (field === undefined) this.#whole(at, 'group', groupFields);
    if (!groupFields.includes(field.name)) {
      const remedy = suggestion(field.name, groupFields);
      this.#failAt(field.at, `group has no ${field.name}`, remedy);
    }
    if (field.name !== 'mean' && field.name !== 'sum') return;
    this.#metric(field.at, `group.${field.name}`, metric);
    if (metric !== undefined) this.groupMetrics.add(metric.name);
  }

  #whole(at: number, name: string, fields: readonly string[]): never {
    const remedy = `read one of ${fields.join(', ')}`;
    return this.#failAt(at, `${name} cannot be used as a whole`, remedy);
  }

  #metric(at: number, owner: string, metric: Path['steps'][number] | undefined): void {
    const { kinds } = this.#vocabulary;
    const known = [...new Set(kinds.flatMap((kind) => kind.metrics))];
    if (metric === undefined) return this.#whole(at, owner, known);
    const without = kinds.find((kind) => !kind.metrics.includes(metric.name));
    if (without === undefined) return;
    const owners = kinds.filter((kind) => kind.metrics.includes(metric.name));
    const remedy = owners.length > 0
      ? `narrow the rule by kind: ${owners.map(({ name }) => name).join(', ')}`
      : suggestion(metric.name, known);
    this.#failAt(metric.at, `kind ${without.name} has no metric ${metric.name}`, remedy);
  }

  /** The library leaves them out of maps without a word. */
  #keys(keys: readonly ASTNode[]): void {
    for (const { op, args, start } of keys) {
      if (op !== 'value' || !unusableKeys.includes(args)) continue;
      const problem = `a map in an expression cannot have the key ${String(args)}`;
      this.#failAt(start, problem, 'compare by == instead');
    }
  }

  /** `dyn` would put checks off until the rule runs; with times, the time zone could matter. */
  #call(name: string, at: number): void {
    if (!['dyn', 'timestamp', 'duration'].includes(name)) return;
    this.#failAt(at, `${name}() is not for rules`, 'compare states, counts, labels and metrics');
  }

  /** What `field` is compared with must be one of its words, if it has some. */
  #literals(field: ASTNode, others: readonly ASTNode[]): void {
    const path = pathOf(field);
    const name = path?.root === 'entity' && path.steps.length === 1 ? path.steps[0].name : '';
    const known = this.#wordsOf(name);
    if (known === null) return;
    for (const other of others) {
      const value = other.op === 'id' ? this.#vocabulary.constants.get(other.args) : other.args;
      if (other.op !== 'id' && other.op !== 'value') continue;
      if (typeof value !== 'string' || known.includes(value)) continue;
      const what = name === 'hostState' ? 'state of a host' : name;
      const problem = `no ${what} ${name === 'kind' ? 'of this rule ' : ''}is called ${value}`;
      this.#failAt(other.start, problem, `the ${what.replace(/^\w+/, '$&s')} are ` +
        known.join(', '));
    }
  }

  /** Null: it may be any. */
  #wordsOf(field: string): readonly string[] | null {
    switch (field) {
      case 'state': return states;
      case 'hostState': return hostStates;
      case 'kind': return this.#vocabulary.kinds.map((kind) => kind.name);
      default: return null;
    }
  }
}

/** Fields by dot or by a literal in brackets, from a variable on; null if it is anything else. */
function pathOf(node: ASTNode): Path | null {
  if (node.op === 'id') return { root: node.args, at: node.start, steps: [] };
  if (node.op !== '.' && node.op !== '[]') return null;
  const inner = pathOf(node.args[0]);
  if (inner === null) return null;
  if (node.op === '.') {
    return { ...inner, steps: [...inner.steps, { name: node.args[1], at: node.pos }] };
  }
  const key = node.args[1];
  if (key.op !== 'value' || typeof key.args !== 'string') return null;
  return { ...inner, steps: [...inner.steps, { name: key.args, at: key.start }] };
}

export function children(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}
