/** Arithmetic on the ring of 2^128 node ids. */
import type { NodeId } from '../identity.js';

const size = 1n << 128n;

/** The key whose root is asked to elect: SHA-256 of `howdah/coordinator`, first 128 bits. */
export const coordinatorKey: NodeId = '411a3c474bb78c83b2dd57d9ab04cd50';

/** The shorter way round the ring between `a` and `b`. */
export function ringDistance(a: NodeId, b: NodeId): bigint {
  const way = BigInt(`0x${a}`) - BigInt(`0x${b}`);
  const clockwise = way < 0n ? way + size : way;
  return clockwise * 2n > size ? size - clockwise : clockwise;
}

/** Orders nodes by closeness to `key`, nearest first; of two as near, the lesser id. */
export function compareCloseness(key: NodeId, a: NodeId, b: NodeId): number {
  const toA = ringDistance(key, a);
  const toB = ringDistance(key, b);
  if (toA !== toB) return toA < toB ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
