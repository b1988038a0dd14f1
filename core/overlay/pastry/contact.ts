/** A node as another one knows it, and arithmetic on the ring that is fast where ids are random. */
import type { NodeId } from '../../identity.js';
import type { Address } from '../../process.js';
import type { Peer } from '../overlay.js';
import { compareCloseness } from '../ring.js';

/** A place on the ring: where a node or a key lies. */
export interface Place {
  readonly node: NodeId;
  /** The first 52 bits of the id, which a number holds exactly. */
  readonly high: number;
}

/** A node that this one knows; one object per node known, as it carries what was measured. */
export interface Contact extends Peer, Place {
  readonly address: Address;
  /** The shortest round trip measured so far; Infinity: none. */
  rttUs: number;
  /** When it was last heard of its own accord or in answer; -Infinity: never. */
  heardUs: number;
  /** When it last told its leaf set; -Infinity: never. */
  shownUs: number;
  /** Doubles whenever it is doubted wrongly; 1 after a while without. */
  patience: number;
}

/** The size of the ring in units of `high`. */
const size = 4503599627370496; // 2^52
const digitsOfHigh = 13;

export function placeOf(node: NodeId): Place {
  return { node, high: parseInt(node.slice(0, digitsOfHigh), 16) };
}

export function contactOf({ address, node }: Peer): Contact {
  const high = parseInt(node.slice(0, digitsOfHigh), 16);
  return {
    address, node, high, rttUs: Infinity, heardUs: -Infinity, shownUs: -Infinity, patience: 1,
  };
}

/** The way clockwise (towards greater ids) from `from` to `to`, in units of `high`. */
function clockwise(from: Place, to: Place): number {
  const way = to.high - from.high;
  return way < 0 ? way + size : way;
}

/** Orders places by the way to them clockwise from `from`, nearest first. */
export function compareClockwise(from: Place, a: Place, b: Place): number {
  const toA = clockwise(from, a);
  const toB = clockwise(from, b);
  // What lies as near as the rounding may lie behind: only the whole id tells.
  if (toA !== toB && toA !== 0 && toB !== 0) return toA - toB;
  if (a.node === b.node) return 0;
  // Clockwise from `from`, first come the ids above it, then those below; each in their order.
  const aAfter = a.node > from.node;
  const bAfter = b.node > from.node;
  if (a.node === from.node || b.node === from.node) return a.node === from.node ? -1 : 1;
  if (aAfter !== bAfter) return aAfter ? -1 : 1;
  return a.node < b.node ? -1 : 1;
}

/** Orders places by closeness to `key`, as {@link compareCloseness} does. */
export function compareNearness(key: Place, a: Place, b: Place): number {
  if (a.node === b.node) return 0;
  const wayA = clockwise(key, a);
  const wayB = clockwise(key, b);
  const toA = wayA > size / 2 ? size - wayA : wayA;
  const toB = wayB > size / 2 ? size - wayB : wayB;
  const order = toA - toB;
  // Each of the two is rounded by less than one unit.
  if (order >= 2 || order <= -2) return order;
  return compareCloseness(key.node, a.node, b.node);
}

/** How many of their first hexadecimal digits two ids share. */
export function sharedDigits(a: NodeId, b: NodeId): number {
  let shared = 0;
  while (shared < a.length && a.charCodeAt(shared) === b.charCodeAt(shared)) shared += 1;
  return shared;
}

/** The digit of `id` at `position`, 0 to 15. */
export function digitAt(id: NodeId, position: number): number {
  const unit = id.charCodeAt(position);
  return unit < 0x3a ? unit - 0x30 : unit - 0x61 + 10;
}
