/**
 * Brings messages to the root of a key, hop by hop (Rowstron and Druschel 2001, 2.3). Each hop is
 * acknowledged; one that is not is tried again, then its node counts as dead and another is taken.
 */
import type { ElectionRequest, OverlayRoute } from '../../messages.js';
import type { NodeId } from '../../identity.js';
import { mark } from '../../marks.js';
import { compareNearness, placeOf, sharedDigits, type Contact, type Place } from './contact.js';
import type { Address } from '../../process.js';
import { tries, type PastryNode } from './node.js';

/** More hops than any route between honest nodes takes. */
const hopLimit = 32;
/** Messages kept until this node is part of a ring. */
const heldLimit = 64;

/** When a hop is late, so many others are asked as well. */
const doubtLimit = 8;

interface Parcel {
  readonly key: NodeId;
  readonly hops: number;
  readonly source: Address;
  readonly payload: ElectionRequest;
}

export interface RoutesUser {
  died(contact: Contact): void;
  /** It may be dead: ask it. */
  doubt(contact: Contact): void;
}

export class Routes {
  readonly #node: PastryNode;
  readonly #user: RoutesUser;
  readonly #held: Parcel[] = [];
  #active = false;

  constructor(node: PastryNode, user: RoutesUser) {
    this.#node = node;
    this.#user = user;
  }

  /** The node is part of a ring now. */
  open(): void {
    this.#active = true;
    for (const parcel of this.#held.splice(0)) this.pass(parcel);
  }

  onRoute({ key, hops, source, payload }: OverlayRoute): void {
    // The world takes the message back.
    this.pass({ key, hops, source, payload: { ...payload } });
  }

  /** One hop nearer to the key, or delivery. */
  pass(parcel: Parcel): void {
    if (!this.#active) {
      if (this.#held.length < heldLimit) this.#held.push(parcel);
      return;
    }
    const key = placeOf(parcel.key);
    const next = parcel.hops >= hopLimit ? null : this.#next(key);
    if (next === null) {
      this.#node.environment.observe({ type: 'route-ended', hops: parcel.hops });
      this.#node.user.deliver(parcel.source, parcel.payload);
      return;
    }
    const { key: id, source } = parcel;
    const hops = parcel.hops + 1;
    this.#node.requests.ask({
      to: next,
      tries,
      passes: true,
      message: (sequence) => ({
        type: 'overlay-route', key: id, hop: sequence, hops, source,
        payload: { ...parcel.payload },
      }),
      late: () => this.#doubtNext(key, next),
      silent: () => {
        mark(this.#node.environment, 'route around a dead node');
        this.#user.died(next);
        this.pass(parcel);
      },
    });
  }

  /** Null: this node is the root, as far as it knows. */
  #next(key: Place): Contact | null {
    const { leaves, table, self, live } = this.#node.near;
    if (leaves.covers(key)) return leaves.closest(key);
    const entry = table.at(key.node);
    if (entry !== undefined) return entry;
    // The rare case: anyone who is nearer and shares no fewer digits.
    const shared = sharedDigits(self.node, key.node);
    let best: Contact | null = null;
    let place: Place = self;
    for (const contact of live) {
      if (compareNearness(key, contact, place) >= 0) continue;
      if (sharedDigits(contact.node, key.node) < shared) continue;
      best = contact;
      place = contact;
    }
    return best ?? leaves.closest(key);
  }

  /**
   * The next hop is late. Those that would come next are asked at once whether they live: else
   * each of several dead would take its own tries.
   */
  #doubtNext(key: Place, next: Contact): void {
    const { live, self } = this.#node.near;
    const nearer = live.filter((contact) =>
      contact !== next && compareNearness(key, contact, self) < 0);
    nearer.sort((a, b) => compareNearness(key, a, b));
    for (const contact of nearer.slice(0, doubtLimit)) this.#user.doubt(contact);
  }
}
