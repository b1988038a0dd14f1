/**
 * What a rule minds of metrics, where it only compares each with a number: on which side of it the
 * metric is. As long as that stays, however the metric moves, the rule need not look again.
 */
import type { ASTNode } from '@marcbachmann/cel-js';
import { children } from './inspect.js';
import type { Constant } from './vocabulary.js';

export interface Threshold {
  readonly metric: string;
  readonly value: number;
}

/** Null: it does something else with metrics. */
export function thresholdsOf(
  ast: ASTNode, constants: ReadonlyMap<string, Constant>,
): readonly Threshold[] | null {
  const found: Threshold[] = [];
  return collect(ast, constants, found) ? found : null;
}

function collect(
  node: ASTNode, constants: ReadonlyMap<string, Constant>, found: Threshold[],
): boolean {
  switch (node.op) {
    case '==': case '!=': case '<': case '<=': case '>': case '>=': {
      const [left, right] = node.args;
      const threshold = thresholdIn(left, right, constants) ??
        thresholdIn(right, left, constants);
      if (threshold === null) break;
      found.push(threshold);
      return true;
    }
    // Variables of loops may be called as constants are.
    case 'call': case 'rcall': return !readsMetrics(node);
    default:
  }
  if (isMetrics(node)) return false;
  return children(node).every((child) => collect(child, constants, found));
}

function thresholdIn(
  field: ASTNode, other: ASTNode, constants: ReadonlyMap<string, Constant>,
): Threshold | null {
  if (field.op !== '.' || !isMetrics(field.args[0])) return null;
  const value = other.op === 'id' ? constants.get(other.args) : other.args;
  const isNumber = (other.op === 'id' || other.op === 'value') && typeof value === 'number';
  return isNumber ? { metric: field.args[1], value } : null;
}

/** All of them; by a name in brackets it might be that. */
function isMetrics(node: ASTNode): boolean {
  if (node.op !== '.' && node.op !== '[]') return false;
  const [owner, field] = node.args;
  return owner.op === 'id' && owner.args === 'entity' && (node.op === '[]' || field === 'metrics');
}

function readsMetrics(node: ASTNode): boolean {
  return isMetrics(node) || children(node).some(readsMetrics);
}

/** More than so many are not told apart. */
const mostSides = 1 << 20;

/** Where what resources of one kind measure lies among the thresholds of the rules for it. */
export class Sides {
  /** How many there are; 1: nothing is told apart. */
  readonly count: number;
  /** Whether values on the same side are the same to those rules. */
  readonly isExact: boolean;
  /** By metric that is compared: where it stands among those of the kind, and with what. */
  readonly #places: readonly number[];
  readonly #values: readonly Float64Array[];

  /**
   * @param metrics - of the kind, in order
   * @param isOpen - a rule minds more of metrics, or how old what is known is
   */
  constructor(thresholds: readonly Threshold[], metrics: readonly string[], isOpen = false) {
    const compared = [...new Set(thresholds.map(({ metric }) => metric))];
    const values = compared.map((name) => Float64Array.from(new Set(
      thresholds.filter(({ metric }) => metric === name).map(({ value }) => value),
    )).sort());
    // Below and above each, on each, no number, and nothing.
    const sides = values.map(({ length }) => 2 * length + 3);
    const count = 1 + sides.reduce((product, one) => product * one, 1);
    this.isExact = !isOpen && count <= mostSides;
    this.count = this.isExact && compared.length > 0 ? count : 1;
    this.#places = compared.map((name) => metrics.indexOf(name));
    this.#values = values;
  }

  /** From 0, which is that of one that measures nothing, to less than the count. */
  of(metrics: readonly number[] | null): number {
    if (metrics === null || this.count === 1) return 0;
    let side = 0;
    for (let index = 0; index < this.#places.length; index += 1) {
      const values = this.#values[index];
      side = side * (2 * values.length + 3) + sideOf(metrics[this.#places[index]], values);
    }
    return 1 + side;
  }
}

function sideOf(value: number | undefined, values: Float64Array): number {
  if (value === undefined) return 0;
  if (Number.isNaN(value)) return 2 * values.length + 2;
  let side = 1;
  for (let index = 0; index < values.length && value >= values[index]; index += 1) {
    side = 2 * index + (value === values[index] ? 2 : 3);
  }
  return side;
}
