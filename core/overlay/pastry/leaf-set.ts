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
  /** Members that there is room for on a side. */
  readonly length: number;
  /** Counterclockwise, nearest first. */
  readonly left: Contact[] = [];
  /** Clockwise, nearest first. */
  readonly right: Contact[] = [];
  readonly #byAddress = new Map<Address, Contact>();
  #members: readonly Contact[] | null = null;

  constructor(self: Place, length = sideLength) {
    this.self = self;
    this.length = length;
  }

  /** Another with the same members, and room for at least as many on a side. */
  widened(length: number): LeafSet {
    const copy = new LeafSet(this.self, length);
    copy.left.push(...this.left);
    copy.right.push(...this.right);
    for (const [address, member] of this.#byAddress) copy.#byAddress.set(address, member);
    return copy;
  }

  /** All members, each once. */
  get members(): readonly Contact[] {
    if (this.#members === null) {
      const both = [...this.left, ...this.right];
      this.#members = this.closed ? [...new Set(both)] : both;
    }
    return this.#members;
  }

  /** Whether the sides meet at the far end of the ring: then these are all nodes that there are. */
  get closed(): boolean {
    const { size } = this.#byAddress;
    return size === 0 || size < this.left.length + this.right.length;
  }

  /** Whether a member of one side may have a place on the other too. */
  get mayOverlap(): boolean {
    const { self, left, right, length } = this;
    const isFull = left.length === length && right.length === length;
    if (!isFull || this.closed) return true;
    return compareClockwise(self, left[length - 1], right[length - 1]) <= 0;
  }

  get(address: Address): Contact | undefined {
    return this.#byAddress.get(address);
  }

  /** False for nearly all that {@link wants} is false for: a look at ids as texts. */
  mayWant(node: NodeId): boolean {
    const { left, right, length } = this;
    const isFull = left.length === length && right.length === length;
    if (!isFull || this.closed) return true;
    const first = left[length - 1].node;
    const last = right[length - 1].node;
    return first <= last ? first <= node && node <= last : first <= node || node <= last;
  }

  /** Whether it is not a member, but would become one. */
  wants(place: Place): boolean {
    if (place.node === this.self.node) return false;
    return this.#rank(this.left, place, -1) >= 0 || this.#rank(this.right, place, 1) >= 0;
  }

  /** Whether it lies next to this node, with no member between. */
  isNext(place: Place): boolean {
    return this.#rank(this.left, place, -1) === 0 || this.#rank(this.right, place, 1) === 0;
  }

  /** True if it was not a member, and is one now. */
  add(contact: Contact): boolean {
    if (contact.node === this.self.node) return false;
    const toLeft = this.#rank(this.left, contact, -1);
    const toRight = this.#rank(this.right, contact, 1);
    if (toLeft < 0 && toRight < 0) return false;
    const fresh = !this.#byAddress.has(contact.address);
    this.#byAddress.set(contact.address, contact);
    if (toLeft >= 0) this.#insert(this.left, toLeft, contact, this.right);
    if (toRight >= 0) this.#insert(this.right, toRight, contact, this.left);
    this.#members = null;
    return fresh;
  }

  /** True if it was a member. */
  remove(address: Address): boolean {
    if (!this.#byAddress.delete(address)) return false;
    removeFrom(this.left, address);
    removeFrom(this.right, address);
    this.#members = null;
    return true;
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

  /**
   * Where it would stand on that side, which goes clockwise (1) or counterclockwise (-1); -1 if
   * nowhere, or if it stands there already.
   */
  #rank(side: readonly Contact[], place: Place, direction: 1 | -1): number {
    let at = side.length;
    // Mostly it lies beyond all of them.
    while (at > 0) {
      const compared = direction * compareClockwise(this.self, place, side[at - 1]);
      if (compared === 0) return -1;
      if (compared > 0) break;
      at -= 1;
    }
    return at < this.length ? at : -1;
  }

  /** The one that has no room any more falls out. */
  #insert(side: Contact[], at: number, contact: Contact, other: readonly Contact[]): void {
    side.splice(at, 0, contact);
    if (side.length <= this.length) return;
    const out = side.pop()!;
    if (!other.includes(out)) this.#byAddress.delete(out.address);
  }
}

function removeFrom(side: Contact[], address: Address): void {
  const at = side.findIndex((contact) => contact.address === address);
  if (at >= 0) side.splice(at, 1);
}
