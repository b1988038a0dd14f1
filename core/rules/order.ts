/** What a rule wants done, and how it is spoken of. */
import type { LocalAction } from './rule-set.js';

/** A rule that acts, as far as carrying it out needs to know it. */
export interface ActingRule {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly act: LocalAction;
}

/** `verb` of `rule`, if the resource is still in this incarnation. */
export interface Order {
  readonly rule: ActingRule;
  readonly resource: number;
  readonly incarnation: number;
  /** Of a global rule: the group that it is for; null: a local rule's. */
  readonly group: string | null;
}

/** What a rule's own brakes count by: a group of a global rule, a resource of a local one. */
export type Subject = string | number;

export function subjectOf({ group, resource }: Order): Subject {
  return group ?? resource;
}
