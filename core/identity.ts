/** Names of processes, nodes, ballots and tokens, and the orders they stand in. */
import { id, index, record, uint, type Of } from './wire/record.js';

/** Dense number of a process in the configured system; where a message goes. */
export type Address = number;

/**
 * Why an action is refused. `busy`: another one is under way. `moved-on`: the resource is in a
 * later life than the issuer saw. `no-sense`: the verb does nothing in the state that it is in.
 * `not-obeyed`: it follows somebody else.
 */
export const refusals = ['busy', 'moved-on', 'no-sense', 'not-obeyed'] as const;
export type Refusal = (typeof refusals)[number];

/**
 * How an action ended. `refused`: nothing was done, see {@link Refusal}.
 * `unknown`: the host crashed between intent and result.
 */
export const outcomes = ['succeeded', 'failed', 'refused', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

/** 128 bits as 32 lower-case hexadecimal digits: string order is numeric order. */
export type NodeId = string;

/** A node of the managers' overlay, and where it is reached. */
export const peer = record('peer', { address: index, node: id });
export type Peer = Of<typeof peer>;

/**
 * Fences everything a coordinator says. Ordered by (counter, node, incarnation). Immutable:
 * may be kept and compared by reference first.
 */
export const ballot = record('ballot', {
  counter: uint,
  node: id,
  /** Which life of the node took the ballot. */
  incarnation: uint,
  /** Where the coordinator of this ballot is reached; not part of the order. */
  address: index,
});
export type Ballot = Of<typeof ballot>;

/** Names one assignment of one resource. Ordered by (ballot, sequence). Immutable. */
export const token = record('token', { ballot, sequence: uint });
export type Token = Of<typeof token>;

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`; null is least. */
export function compareBallots(a: Ballot | null, b: Ballot | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (a.counter !== b.counter) return a.counter - b.counter;
  if (a.node !== b.node) return a.node < b.node ? -1 : 1;
  return a.incarnation - b.incarnation;
}

/** As {@link compareBallots}, for tokens. */
export function compareTokens(a: Token | null, b: Token | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return compareBallots(a.ballot, b.ballot) || a.sequence - b.sequence;
}
