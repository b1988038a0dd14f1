/** All that a node knows of others: leaf set, routing table, and whom it knew and lost. */
import type { NodeId } from '../../identity.js';
import type { Address } from '../../process.js';
import type { Peer } from '../overlay.js';
import {
  compareNearness, contactOf, sharedDigits, type Contact, type Place,
} from './contact.js';
import { LeafSet } from './leaf-set.js';
import { RoutingTable } from './routing-table.js';

/** Whom a node lost it probes now and then, so that rings grow together; the nearest so many. */
const lostLimit = 24;
/** How many on each side of a key a node names to who asks. */
const namedPerSide = 4;

interface Lost {
  readonly contact: Contact;
  readonly sinceUs: number;
}

export class Neighbourhood {
  readonly self: Contact;
  readonly leaves: LeafSet;
  readonly table: RoutingTable;
  readonly lost = new Map<Address, Lost>();
  #live: readonly Contact[] | null = null;
  #addresses: readonly Address[] | null = null;
  /** All of them and this node in the order of their ids, and the ids' first bits: few lines. */
  #ordered: readonly Contact[] | null = null;
  #highs = new Float64Array(0);

  constructor(self: Peer) {
    this.self = contactOf(self);
    this.leaves = new LeafSet(this.self);
    this.table = new RoutingTable(self.node);
  }

  /** Everyone in leaf set or table, each once. */
  get live(): readonly Contact[] {
    this.#live ??= [...new Set([...this.leaves.members, ...this.table.entries])];
    return this.#live;
  }

  get addresses(): readonly Address[] {
    this.#addresses ??= this.live.map(({ address }) => address);
    return this.#addresses;
  }

  /** The known node of that name; undefined if none is in leaf set or table. */
  find(peer: Peer): Contact | undefined {
    const leaf = this.leaves.get(peer.address);
    if (leaf?.node === peer.node) return leaf;
    const entry = this.table.get(peer.address);
    return entry?.node === peer.node ? entry : undefined;
  }

  /** Of the node that was last known at that address, this one too. */
  idAt(address: Address): NodeId | undefined {
    if (address === this.self.address) return this.self.node;
    const known = this.leaves.get(address) ?? this.table.get(address);
    return (known ?? this.lost.get(address)?.contact)?.node;
  }

  /** As {@link find}, or a new object for one that is not known. */
  contact(peer: Peer): Contact {
    const known = this.find(peer);
    if (known !== undefined) return known;
    const lost = this.lost.get(peer.address)?.contact;
    return lost?.node === peer.node ? lost : contactOf(peer);
  }

  /** Another node that is taken to live at the same address: its host has lost its store. */
  formerOf(peer: Peer): Contact | undefined {
    const known = this.leaves.get(peer.address) ?? this.table.get(peer.address);
    return known?.node === peer.node ? undefined : known;
  }

  /** Somebody was heard of, directly or not: there may be a free cell for it. */
  offer(contact: Contact): void {
    if (this.table.offer(contact)) this.#changed();
  }

  /** It was heard: a member from now on if it is near enough. True if it was not before. */
  admit(contact: Contact): boolean {
    this.lost.delete(contact.address);
    const fresh = this.leaves.get(contact.address) === undefined && this.leaves.add(contact);
    if (fresh) this.#changed();
    this.offer(contact);
    return fresh;
  }

  /** Forgets it; true if it was in the leaf set. */
  remove(contact: Contact): boolean {
    const wasLeaf = this.leaves.remove(contact.address);
    this.table.remove(contact);
    this.#changed();
    return wasLeaf;
  }

  /** As {@link remove}, but remembers it as one that may come back. */
  bury(contact: Contact, nowUs: number): boolean {
    this.lost.set(contact.address, { contact, sinceUs: nowUs });
    if (this.lost.size > lostLimit) {
      const farthest = [...this.lost.values()].reduce((far, next) =>
        compareNearness(this.self, next.contact, far.contact) > 0 ? next : far);
      this.lost.delete(farthest.contact.address);
    }
    return this.remove(contact);
  }

  /** Whether it was lost so lately that hearsay of it is taken for old. */
  isLately(address: Address, nowUs: number, withinUs: number): boolean {
    const lost = this.lost.get(address);
    return lost !== undefined && nowUs - lost.sinceUs < withinUs;
  }

  /** The known node closest to `place`, other than that very one; this node counts too. */
  nearestTo(place: Place): Contact | null {
    const [after, before] = [this.#next(place, 1), this.#next(place, -1)];
    if (after === null || before === null) return null;
    return compareNearness(place, after, before) <= 0 ? after : before;
  }

  /** Those known next to `place` on either side, without the one at it; in order, clockwise. */
  around(place: Place): Contact[] {
    const ring = this.#ring();
    const { length } = ring;
    const from = this.#rank(place);
    const skipped = ring[from % length].node === place.node ? 1 : 0;
    const others = length - skipped;
    const at = (step: number): Contact => ring[(from + skipped + step) % length];
    const steps = Array.from({ length: others }, (_, step) => step);
    if (others <= 2 * namedPerSide) return steps.map(at);
    return [...steps.slice(0, namedPerSide), ...steps.slice(-namedPerSide)].map(at);
  }

  /** What a node with that id can use of this one's table. */
  rowFor(node: NodeId): readonly Contact[] {
    return this.table.row(sharedDigits(this.self.node, node));
  }

  /** The neighbour of `place` in that direction, without one at it; null if there is none. */
  #next(place: Place, direction: 1 | -1): Contact | null {
    const ring = this.#ring();
    const { length } = ring;
    const from = this.#rank(place);
    const isThere = ring[from % length].node === place.node;
    if (isThere && length === 1) return null;
    const at = direction === 1 && !isThere ? from : from + direction;
    return ring[(at + length) % length];
  }

  /** How many ids of the ring are less than that of `place`. */
  #rank(place: Place): number {
    const ring = this.#ring();
    const highs = this.#highs;
    let low = 0;
    for (let end = ring.length; low < end;) {
      const middle = (low + end) >> 1;
      if (highs[middle] < place.high) low = middle + 1;
      else end = middle;
    }
    while (low < ring.length && highs[low] === place.high && ring[low].node < place.node) low += 1;
    return low;
  }

  /** This node and all it knows, in the order of their ids. */
  #ring(): readonly Contact[] {
    if (this.#ordered === null) {
      this.#ordered = [...this.live, this.self].sort((a, b) => a.node < b.node ? -1 : 1);
      this.#highs = Float64Array.from(this.#ordered, ({ high }) => high);
    }
    return this.#ordered;
  }

  #changed(): void {
    this.#live = null;
    this.#addresses = null;
    this.#ordered = null;
  }
}
