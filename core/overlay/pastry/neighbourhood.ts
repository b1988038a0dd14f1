/** All that a node knows of others: leaf set, routing table, and whom it knew and lost. */
import type { NodeId } from '../../identity.js';
import type { Address } from '../../process.js';
import type { Peer } from '../overlay.js';
import {
  compareClockwise, compareNearness, contactOf, sharedDigits, type Contact, type Place,
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
    return leaf?.node === peer.node ? leaf : this.table.get(peer);
  }

  /** As {@link find}, or a new object for one that is not known. */
  contact(peer: Peer): Contact {
    return this.find(peer) ?? this.lost.get(peer.address)?.contact ?? contactOf(peer);
  }

  /** Somebody was heard of, directly or not: there may be a free cell for it. */
  offer(contact: Contact): void {
    this.table.offer(contact);
    this.#changed();
  }

  /** It was heard: a member from now on if it is near enough. True if it was not before. */
  admit(contact: Contact): boolean {
    this.lost.delete(contact.address);
    const fresh = this.leaves.get(contact.address) === undefined && this.leaves.add(contact);
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
    let best: Contact | null = this.self.node === place.node ? null : this.self;
    for (const contact of this.live) {
      if (contact.node === place.node) continue;
      if (best === null || compareNearness(place, contact, best) < 0) best = contact;
    }
    return best;
  }

  /** Those known next to `place` on either side, without the one at it. */
  around(place: Place): Contact[] {
    const all = [...this.live, this.self].filter(({ node }) => node !== place.node);
    all.sort((a, b) => compareClockwise(place, a, b));
    if (all.length <= 2 * namedPerSide) return all;
    return [...all.slice(0, namedPerSide), ...all.slice(-namedPerSide)];
  }

  /** What a node with that id can use of this one's table. */
  rowFor(node: NodeId): readonly Contact[] {
    return this.table.row(sharedDigits(this.self.node, node));
  }

  #changed(): void {
    this.#live = null;
    this.#addresses = null;
  }
}
