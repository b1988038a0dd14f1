/**
 * Brings messages to the root of a key, hop by hop (Rowstron and Druschel 2001, 2.3). Each hop is
 * acknowledged; one that is not is tried again, then its node counts as dead and another is taken.
 * Who only answers late is back among the living by then, and has what it was given: it is not
 * given it again, or each hop would make ever more of one message, and each of those more again.
 */
import type { OverlayRoute } from '../messages.js';
import { mark } from '../../marks.js';
import { compareNearness, placeOf, sharedDigits, type Contact, type Place } from './contact.js';
import type { Address } from '../../process.js';
import type { PastryNode } from './node.js';
import { tries } from '../tries.js';
import { UnderWay, type Errand, type Routed } from '../under-way.js';

/** More hops than any route between honest nodes takes. */
const hopLimit = 32;
/** Messages kept until this node is part of a ring. */
const heldLimit = 64;

/** When a hop is late, so many others are asked as well. */
export const doubtLimit = 8;

const nobody: ReadonlySet<Address> = new Set();

interface Parcel extends Routed {
  readonly hops: number;
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
  readonly #underWay = new UnderWay();
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

  /** One hop nearer to the key, or delivery; nothing while the same is under way from here. */
  pass(parcel: Parcel): void {
    if (!this.#active) {
      if (this.#held.length < heldLimit) this.#held.push(parcel);
      return;
    }
    const errand = this.#underWay.begin(parcel);
    if (errand !== null) this.#hand(parcel, errand);
  }

  #hand(parcel: Parcel, errand: Errand): void {
    const key = placeOf(parcel.key);
    const next = parcel.hops >= hopLimit ? null : this.#next(key, errand.asked);
    if (next === null) {
      this.#end(parcel, errand);
      return;
    }
    errand.asked.add(next.address);
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
      answered: () => this.#underWay.end(errand),
      silent: () => {
        mark(this.#node.environment, 'route around a dead node');
        this.#user.died(next);
        this.#hand(parcel, errand);
      },
    });
  }

  /** Nobody is left to be asked. */
  #end(parcel: Parcel, errand: Errand): void {
    this.#underWay.end(errand);
    // One that was given it too often to wait for lives after all: it has it, only late.
    const reached = parcel.hops < hopLimit && this.#next(placeOf(parcel.key), nobody) !== null;
    if (reached) return;
    this.#node.environment.observe({ type: 'route-ended', hops: parcel.hops });
    this.#node.user.deliver(parcel.source, parcel.payload);
  }

  /** Null: this node is the root, as far as it knows, but for those that were asked already. */
  #next(key: Place, asked: ReadonlySet<Address>): Contact | null {
    const { leaves, table, self, live } = this.#node.near;
    const covers = leaves.covers(key);
    const first = covers ? leaves.closest(key) : table.at(key.node);
    if (first === null) return null;
    if (first !== undefined && !asked.has(first.address)) return first;
    // The rare cases: anyone who is nearer and, far from the key, shares no fewer digits.
    const shared = covers ? 0 : sharedDigits(self.node, key.node);
    let best: Contact | null = null;
    let place: Place = self;
    for (const contact of live) {
      if (compareNearness(key, contact, place) >= 0 || asked.has(contact.address)) continue;
      if (sharedDigits(contact.node, key.node) < shared) continue;
      best = contact;
      place = contact;
    }
    if (best !== null) return best;
    const last = leaves.closest(key);
    return last === null || asked.has(last.address) ? null : last;
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
