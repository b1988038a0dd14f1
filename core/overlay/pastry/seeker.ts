/**
 * Looks for this node's own place in a ring, by asking one node after the other for those nearer
 * to it. Who joins finds its neighbours so, and the rows of its routing table on the way; who lost
 * a whole side finds it again; and who met somebody of another ring finds its place in that one.
 */
import type { OverlayFound } from './messages.js';
import type { Address } from '../../process.js';
import type { Peer } from '../overlay.js';
import { compareNearness, type Contact } from './contact.js';
import { LeafSet } from './leaf-set.js';
import type { PastryNode } from './node.js';

interface Search {
  /** The nearest to this node that were named so far. */
  readonly named: LeafSet;
  readonly asked: Set<Address>;
  /** Whose answer the search waits for. */
  current: Address;
  /** Whether rows of routing tables are wanted: by who has none. */
  readonly rows: boolean;
}

export class Seeker {
  readonly #node: PastryNode;
  readonly #done: (found: readonly Contact[]) => void;
  #search: Search | null = null;

  /** @param done - gets the nearest nodes that were named, whom this node need not know */
  constructor(node: PastryNode, done: (found: readonly Contact[]) => void) {
    this.#node = node;
    this.#done = done;
  }

  get isSeeking(): boolean {
    return this.#search !== null;
  }

  /** Begins with these, unless a search is on already. */
  seek(from: readonly Peer[], rows: boolean): void {
    if (this.#search !== null) return;
    const named = new LeafSet(this.#node.near.self);
    this.#search = { named, asked: new Set(), current: -1, rows };
    this.#name(this.#search, from);
    this.#step(this.#search);
  }

  #name({ named, asked, rows }: Search, peers: readonly Peer[]): void {
    const { near, environment, config } = this.#node;
    for (const peer of peers) {
      if (peer.address === environment.address) continue;
      if (near.isLately(peer.address, environment.now(), config.heartbeatPeriodUs)) continue;
      const known = named.get(peer.address) ?? near.contact(peer);
      if (!asked.has(peer.address)) named.add(known);
      if (rows && near.table.at(peer.node) === undefined) near.offer(known);
    }
  }

  /** Asks the nearest that was named; if that has answered, nobody knows a nearer one. */
  #step(search: Search): void {
    const nearest = nearestOf(search.named);
    if (nearest === null || search.asked.has(nearest.address)) {
      this.#search = null;
      this.#done(search.named.members);
      return;
    }
    search.asked.add(nearest.address);
    search.current = nearest.address;
    this.#ask(search, nearest);
  }

  #ask(search: Search, to: Contact): void {
    const { requests, self, user } = this.#node;
    requests.ask({
      to,
      tries: 1,
      message: (sequence) => ({
        type: 'overlay-find', sequence, node: self, ballot: user.ballot(), row: search.rows,
      }),
      silent: () => {
        search.named.remove(to.address);
        if (this.#search === search && search.current === to.address) this.#step(search);
      },
    });
  }

  onFound(from: Contact, message: OverlayFound): void {
    const search = this.#search;
    if (search === null) return;
    this.#name(search, message.entries);
    if (search.current === from.address) this.#step(search);
  }
}

/**
 * The member nearest to the set's own place. When all of one side stayed silent, those that were
 * too far for it are still on the other.
 */
function nearestOf({ self, left, right }: LeafSet): Contact | null {
  const [before = null, after = null] = [left.at(0), right.at(0)];
  if (before === null || after === null) return before ?? after;
  return compareNearness(self, before, after) < 0 ? before : after;
}
