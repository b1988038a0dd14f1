/** Names of processes, nodes, ballots and tokens, and the orders they stand in. */

/** Dense number of a process in the configured system; where a message goes. */
export type Address = number;

/** What an actuator can be told to do. */
export type Verb = 'restart' | 'start' | 'stop';

/** 128 bits as 32 lower-case hexadecimal digits: string order is numeric order. */
export type NodeId = string;

/** A node of the managers' overlay, and where it is reached. */
export interface Peer {
  readonly address: Address;
  readonly node: NodeId;
}

/**
 * Fences everything a coordinator says. Ordered by (counter, node, incarnation). Immutable:
 * may be kept and compared by reference first.
 */
export interface Ballot {
  readonly counter: number;
  readonly node: NodeId;
  /** Which life of the node took the ballot. */
  readonly incarnation: number;
  /** Where the coordinator of this ballot is reached; not part of the order. */
  readonly address: Address;
}

/** Names one assignment of one resource. Ordered by (ballot, sequence). Immutable. */
export interface Token {
  readonly ballot: Ballot;
  readonly sequence: number;
}

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
