import type { Ballot } from '../../identity.js';
import type { RuleMemory } from '../../rules/index.js';
import type { Assignment, ResourceAssign, ResourceEntrust } from '../messages.js';

/** With nothing to keep in mind it is an order like any other. */
export function entrusted(
  ballot: Ballot, entries: readonly Assignment[], memories: readonly RuleMemory[],
): ResourceAssign | ResourceEntrust {
  return memories.length === 0
    ? { type: 'resource-assign', ballot, entries }
    : { type: 'resource-entrust', ballot, entries, memories };
}
