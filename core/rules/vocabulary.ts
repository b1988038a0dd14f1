/** The words that expressions of rules may use. */
import type { Kind, ResourceState } from '../metamodel/entity.js';

/** A constant under `let`: int, double, string or bool of CEL. */
export type Constant = bigint | number | string | boolean;

/** What the expressions of one rule can refer to. */
export interface Vocabulary {
  /** Known fields of `entity`; null: there is no entity. */
  readonly entity: readonly string[] | null;
  /** Whether there is a `group`. */
  readonly group: boolean;
  /** The kinds that the rule is for. */
  readonly kinds: readonly Kind[];
  readonly constants: ReadonlyMap<string, Constant>;
}

/** What is known of an entity's host. */
export const hostStates: readonly ResourceState[] = ['up', 'unknown', 'unreachable'];

/** Fields of an entity that never change: only they can say which group it belongs to. */
export const fixedFields: readonly string[] = ['name', 'kind', 'host', 'zone', 'labels'];
export const globalFields: readonly string[] = [
  ...fixedFields, 'state', 'hostState', 'age', 'incarnation', 'metrics',
];
export const localFields: readonly string[] = [...globalFields, 'hostUp'];

export const groupFields: readonly string[] = [
  'name', 'total', 'up', 'starting', 'stopped', 'down', 'unknown', 'unreachable', 'mean', 'sum',
];
