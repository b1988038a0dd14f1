/** The nodes next to this one on either side of the ring (Rowstron and Druschel 2001, 2.2). */
import type { NodeId } from '../../identity.js';
import type { Address } from '../../process.js';
import { compareClockwise, compareNearness, type Contact, type Place } from './contact.js';

/** Half of l: members on each side. */
export const sideLength = 12;

/**
 * Both sides hold the nearest that are known; in a ring of at most {@link sideLength} others each
 * node is on both. What is in here was heard of directly.
 */
export class LeafSet {
  readonly self: Place;
  /** Counterclockwise, nearest first. */
  readonly left: Contact[] = [];
  /** Clockwise, nearest first. */
  readonly right: Contact[] = [];
  #members: readonly Contact[] | null = null;
  #byAddress: ReadonlyMap<Address, Contact> | null = null;

  constructor(self: Place) {
    this.self = self;
  }

  /** All members, each once. */
  get members(): readonly Contact[] {
    this.#members ??= [...new Set([...this.left, ...this.right])];
    return this.#members;
  }

  /** Whether the sides meet at the far end of the ring: then these are all nodes that there are. */
  get closed(): boolean {
    const { length } = this.members;
    return length === 0 || length < this.left.length + this.right.length;
  }

  /** Whether a member of one side may have a place on the other too. */
  get mayOverlap(): boolean {
    const isFull = this.left.length === sideLength && this.right.length === sideLength;
    if (!isFull || this.closed) return true;
    return compareClockwise(this.self, this.left[sideLength - 1], this.right[sideLength - 1]) <= 0;
  }

  get(address: Address): Contact | undefined {
    this.#byAddress ??= new Map(this.members.map((member) => [member.address, member]));
    return this.#byAddress.get(address);
  }

  /** False for nearly all that {@link wants} is false for: a look at ids as texts. */
  mayWant(node: NodeId): boolean {
    const isFull = this.left.length === sideLength && this.right.length === sideLength;
    if (!isFull || this.closed) return true;
    const first = this.left[sideLength - 1].node;
    const last = this.right[sideLength - 1].node;
    return first <= last ? first <= node && node <= last : first <= node || node <= last;
  }

  /** Whether it is not a member, but would become one. */
  wants(place: Place): boolean {
    if (place.node === this.self.node) return false;
    return this.#rankLeft(place) >= 0 || this.#rankRight(place) >= 0;
  }

  /** Whether it lies next to this node, with no member between. */
  isNext(place: Place): boolean {
    return this.#rankLeft(place) === 0 || this.#rankRight(place) === 0;
  }

  /** True if it was not a member, and is one now. */
  add(contact: Contact): boolean {
    if (contact.node === this.self.node) return false;
    const toLeft = this.#rankLeft(contact);
    const toRight = this.#rankRight(contact);
    if (toLeft < 0 && toRight < 0) return false;
    const fresh = !this.left.includes(contact) && !this.right.includes(contact);
    if (toLeft >= 0) insert(this.left, toLeft, contact);
    if (toRight >= 0) insert(this.right, toRight, contact);
    this.#changed();
    return fresh;
  }

  /** True if it was a member. */
  remove(address: Address): boolean {
    const left = removeFrom(this.left, address);
    const right = removeFrom(this.right, address);
    if (left || right) this.#changed();
    return left || right;
  }

  /** Whether `key` lies between the ends of the two sides. */
  covers(key: Place): boolean {
    if (this.closed) return true;
    const first = this.left.at(-1) ?? this.self;
    const last = this.right.at(-1) ?? this.self;
    return compareClockwise(first, key, last) <= 0;
  }

  /** The member closest to `key` if one is closer than this node; null: this node is. */
  closest(key: Place): Contact | null {
    let best: Contact | null = null;
    let place: Place = this.self;
    for (const member of this.members) {
      if (compareNearness(key, member, place) < 0) {
        best = member;
        place = member;
      }
    }
    return best;
  }

  #changed(): void {
    this.#members = null;
    this.#byAddress = null;
  }

  /** Where it would stand on the left; -1 if nowhere, or if it stands there already. */
  #rankLeft(place: Place): number {
    return rank(this.left, place, (a, b) => compareClockwise(this.self, b, a));
  }

  #rankRight(place: Place): number {
    return rank(this.right, place, (a, b) => compareClockwise(this.self, a, b));
  }
}

type Order = (a: Place, b: Place) => number;

function rank(side: readonly Contact[], place: Place, order: Order): number {
  let at = side.length;
  // Mostly it lies beyond all of them.
  while (at > 0) {
    const compared = order(place, side[at - 1]);
    if (compared === 0) return -1;
    if (compared > 0) break;
    at -= 1;
  }
  return at < sideLength ? at : -1;
}

function insert(side: Contact[], at: number, contact: Contact): void {
  side.splice(at, 0, contact);
  if (side.length > sideLength) side.pop();
}

function removeFrom(side: Contact[], address: Address): boolean {
  const at = side.findIndex((contact) => contact.address === address);
  if (at >= 0) side.splice(at, 1);
  return at >= 0;
}
