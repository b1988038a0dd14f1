/**
 * Broadcast: a node divides the ring at those it knows, and each tells the arc from itself to the
 * next. As the entries of a routing table divide the ring sixteenfold at each digit, the depth is
 * O(log N); as the leaf set holds the next node on the ring, no node is left out, and as arcs do
 * not overlap, none is told twice. (After El-Ansary et al. 2003, for Chord; here over prefixes.)
 */
import type { NodeId } from '../../identity.js';
import type { OverlaySpread } from './messages.js';
import type { Address } from '../../process.js';
import { compareClockwise, placeOf, type Contact, type Place } from './contact.js';
import type { PastryNode } from './node.js';
import { tries } from '../tries.js';
import type { Message } from '../../wire/record.js';

/** Broadcasts that are remembered: far more than are on their way at a time. */
const memory = 256;
/** Broadcasts are named by so many numbers, drawn: a source that restarts repeats none. */
const names = 4294967296; // 2^32

/** What a node knows of one broadcast. */
interface KnownBroadcast {
  readonly source: Address;
  readonly broadcast: number;
  readonly payload: Message;
  /** All from this node up to here have been told; null: nobody, the node's own place: everyone. */
  reach: Place | null;
  /** Who did not acknowledge it: it has it, late, or is dead; either way it is not told again. */
  readonly silent: Set<Address>;
}

export class Spreading {
  readonly #node: PastryNode;
  readonly #died: (contact: Contact) => void;
  /** Oldest first. */
  readonly #known: KnownBroadcast[] = [];

  constructor(node: PastryNode, died: (contact: Contact) => void) {
    this.#node = node;
    this.#died = died;
  }

  begin(payload: Message): void {
    const { environment, near } = this.#node;
    const broadcast = Math.floor(environment.random.next() * names);
    const entry = this.#keep(environment.address, broadcast, payload);
    entry.reach = near.self;
    this.#tell(entry, near.self, near.self.node);
  }

  onSpread({ source, broadcast, until, payload }: OverlaySpread): void {
    const known = this.#known.find((entry) =>
      entry.broadcast === broadcast && entry.source === source);
    const entry = known ?? this.#keep(source, broadcast, { ...payload });
    const end = placeOf(until);
    // Where messages take longer than the patience with a hop, each comes again and again: were
    // it told on each time, it would never end.
    if (!this.#isBeyond(end, entry.reach)) return;
    entry.reach = end;
    this.#tell(entry, this.#node.near.self, until);
    if (known === undefined) this.#node.user.deliver(source, entry.payload);
  }

  #keep(source: Address, broadcast: number, payload: Message): KnownBroadcast {
    const entry = { source, broadcast, payload, reach: null, silent: new Set<Address>() };
    this.#known.push(entry);
    if (this.#known.length > memory) this.#known.shift();
    return entry;
  }

  /** Whether an arc from this node to that end holds more than the one that has been told. */
  #isBeyond(end: Place, reach: Place | null): boolean {
    const { self } = this.#node.near;
    if (reach === null) return true;
    if (reach.node === self.node) return false;
    return end.node === self.node || compareClockwise(self, end, reach) > 0;
  }

  /** Tells all between `after` and `until`, both exclusive: the whole ring if they are one. */
  #tell(entry: KnownBroadcast, after: Place, until: NodeId): void {
    const known = this.#between(entry, after, until);
    for (const [index, contact] of known.entries()) {
      this.#send(entry, contact, known[index + 1]?.node ?? until);
    }
  }

  /** Those to be told on that arc, in the order of the ring. */
  #between({ silent }: KnownBroadcast, after: Place, until: NodeId): Contact[] {
    const end = placeOf(until);
    const whole = after.node === until;
    return this.#node.near.live
      .filter((contact) => contact.node !== after.node && contact.node !== until &&
        (whole || compareClockwise(after, contact, end) < 0) && !silent.has(contact.address))
      .sort((a, b) => compareClockwise(after, a, b));
  }

  #send(entry: KnownBroadcast, to: Contact, until: NodeId): void {
    const { source, broadcast, payload } = entry;
    this.#node.requests.ask({
      to,
      tries,
      passes: true,
      message: (sequence) => ({
        type: 'overlay-spread', hop: sequence, source, broadcast, until, payload: { ...payload },
      }),
      silent: () => {
        entry.silent.add(to.address);
        this.#died(to);
        this.#goAround(entry, to, until);
      },
    });
  }

  /** Divides the arc of a dead node anew; if nobody on it is known, who lies before it may know. */
  #goAround(entry: KnownBroadcast, dead: Contact, until: NodeId): void {
    if (this.#between(entry, dead, until).length > 0) {
      this.#tell(entry, dead, until);
      return;
    }
    const { near } = this.#node;
    const before = this.#between(entry, near.self, dead.node).at(-1);
    if (before !== undefined) this.#send(entry, before, until);
  }
}
