/**
 * Pastry (Rowstron and Druschel 2001) in the dependable form of MSPastry (Castro, Costa and
 * Rowstron 2004): 128-bit ids, b = 4, leaf sets of 24. A node delivers only once it is part of a
 * ring and knows nobody nearer to the key; whoever does not acknowledge a hop is gone around.
 */
import type { Ballot, NodeId } from '../../identity.js';
import type { Message } from '../../wire/record.js';
import { pastryMessages, type OverlayFind, type PastryMessage } from './messages.js';
import type { Address, Environment } from '../../process.js';
import { mark } from '../../marks.js';
import { nodeAmong, type Overlay, type OverlayUser, type Peer } from '../overlay.js';
import type { OverlaySettings } from '../settings.js';
import type { Contact } from './contact.js';
import { Joining } from './joining.js';
import { LeafKeeper } from './leaf-keeper.js';
import { Meeting } from './meeting.js';
import { Neighbourhood } from './neighbourhood.js';
import type { PastryNode } from './node.js';
import { tries } from '../tries.js';
import { Timer } from './timers.js';
import { Requests } from './requests.js';
import { Routes } from './routes.js';
import { Seeker } from './seeker.js';
import { Spreading } from './spreading.js';

const own: ReadonlySet<string> = new Set(pastryMessages.map(({ type }) => type));

export class Pastry implements Overlay {
  readonly #node: PastryNode;
  readonly #near: Neighbourhood;
  readonly #leaves: LeafKeeper;
  readonly #seeker: Seeker;
  readonly #joining: Joining;
  readonly #meeting: Meeting;
  readonly #routes: Routes;
  readonly #spreading: Spreading;
  #active = false;
  /** A search for this node's place has found somebody. */
  #sought = false;
  #gone = false;
  #alternate: number;

  constructor(
    environment: Environment<PastryMessage>,
    user: OverlayUser,
    config: OverlaySettings,
    self: NodeId,
    seeds: readonly Peer[],
  ) {
    this.#near = new Neighbourhood({ address: environment.address, node: self });
    const died = (contact: Contact): void => this.#leaves.died(contact, true);
    this.#node = {
      environment, user, config, self, seeds, near: this.#near,
      requests: new Requests(
        environment, config.hopTimeoutUs, (to) => this.#near.find(to)?.heardUs ?? -Infinity,
      ),
      buried: ({ address }) => this.#node.requests.abandon(address),
    };
    this.#leaves = new LeafKeeper(this.#node, () => this.#settled(), () => this.#lostSide());
    this.#seeker = new Seeker(this.#node, (found) => this.#found(found));
    this.#joining = new Joining(this.#node, {
      found: (from, { entries }) => this.#seeker.seek([from, ...entries], true),
      alone: () => this.#activate(),
      isBusy: () => this.#seeker.isSeeking || !this.#leaves.isSettled,
    });
    this.#meeting = new Meeting(this.#node, {
      named: (peer) => this.#named(peer),
      seek: (from) => this.#seeker.seek(from, false),
      died,
    });
    this.#routes = new Routes(this.#node, {
      died, doubt: (contact) => this.#doubt(contact),
    });
    this.#spreading = new Spreading(this.#node, died);
    this.#alternate = Math.floor(environment.random.next() * seeds.length);
  }

  /** Whether this node is part of a ring. */
  get isActive(): boolean {
    return this.#active;
  }

  /** The present members of the leaf set. */
  get leafSet(): readonly Address[] {
    return this.#near.leaves.members.map(({ address }) => address);
  }

  join(): void {
    this.#leaves.start();
    this.#meeting.start();
    this.#joining.round();
  }

  leave(): void {
    const { environment, self } = this.#node;
    for (const { address } of this.#near.live) {
      const leaves = this.#near.leaves.members.slice();
      environment.send(address, { type: 'overlay-leave', node: self, leaves });
    }
    this.#gone = true;
  }

  route(key: NodeId, payload: Message): void {
    const source = this.#node.environment.address;
    this.#routes.pass({ key, hops: 0, source, payload: { ...payload } });
  }

  broadcast(payload: Message): void {
    this.#spreading.begin(payload);
  }

  neighbours(): readonly Address[] {
    return this.#near.addresses;
  }

  expected(): readonly Address[] {
    const { seeds, environment } = this.#node;
    return seeds
      .map(({ address }) => address)
      .filter((address) => address !== environment.address && !this.#near.lost.has(address));
  }

  nodeOf(address: Address): NodeId | undefined {
    const { seeds } = this.#node;
    return this.#near.idAt(address) ?? nodeAmong(seeds, address);
  }

  alternate(): Address {
    const known = this.#near.addresses;
    if (known.length === 0) return -1;
    this.#alternate = (this.#alternate + 1) % known.length;
    return known[this.#alternate];
  }

  heard(from: Address): void {
    this.#leaves.heard(from);
    const lost = this.#near.lost.get(from);
    if (lost !== undefined && !this.#gone) this.#meet(lost.contact);
  }

  receive(from: Address, message: Message): boolean {
    if (!own.has(message.type)) return false;
    if (!this.#gone) this.#handle(from, message as PastryMessage);
    return true;
  }

  onTimer(kind: number, argument: number): void {
    if (this.#gone) return;
    if (kind === Timer.request) this.#node.requests.onTimeout(argument);
    else if (kind === Timer.meet) this.#meeting.meet(this.#active);
    else if (kind === Timer.beat) this.#leaves.beat();
    else if (kind === Timer.watch) this.#leaves.watch();
    else if (kind === Timer.lookAgain) this.#meeting.lookAgain();
    else if (kind === Timer.doubt) this.#leaves.resolveDoubts();
    else if (kind === Timer.join && !this.#active) this.#joining.round();
  }

  #handle(from: Address, message: PastryMessage): void {
    switch (message.type) {
      case 'overlay-route':
      case 'overlay-spread':
        this.#acknowledge(from, message.hop);
        if (message.type === 'overlay-route') this.#routes.onRoute(message);
        else this.#spreading.onSpread(message);
        return;
      case 'overlay-ack':
        this.#onAck({ address: from, node: message.node }, message.hop);
        return;
      case 'overlay-broadcast':
        this.#node.user.deliver(message.source, message.payload);
        return;
      case 'overlay-leave': {
        const contact = this.#near.find({ address: from, node: message.node });
        if (contact !== undefined) this.#leaves.left(contact, message.leaves);
        return;
      }
      default:
        this.#replace({ address: from, node: message.node });
        this.#handleMaintenance(this.#near.contact({ address: from, node: message.node }), message);
    }
  }

  #onAck(from: Peer, hop: number): void {
    const request = this.#node.requests.answered('overlay-ack', hop, from.address);
    if (request !== null && request.to.node !== from.node) this.#replace(from);
  }

  /** Whoever was at this address before is gone for good. */
  #replace(peer: Peer): void {
    const former = this.#near.formerOf(peer);
    if (former === undefined) return;
    mark(this.#node.environment, 'node came back under another id');
    this.#leaves.died(former, true);
  }

  #handleMaintenance(
    from: Contact,
    message: Extract<PastryMessage, { readonly ballot: Ballot | null }>,
  ): void {
    const { requests, user, environment } = this.#node;
    from.heardUs = environment.now();
    this.#hear(from, message);
    switch (message.type) {
      case 'overlay-leaves':
      case 'overlay-leaves-answer':
        this.#leaves.onLeaves(from, message);
        break;
      case 'overlay-probe':
        this.#meeting.onProbe(from, message, this.#active);
        break;
      case 'overlay-probe-answer':
        if (requests.answered(message.type, message.sequence, from.address) !== null) {
          this.#near.offer(from);
          this.#meeting.onAnswer(from, message);
        }
        break;
      case 'overlay-find':
        this.#onFind(from, message);
        break;
      case 'overlay-found': {
        const asked = requests.answered(message.type, message.sequence, from.address) !== null;
        if (!this.#active && !this.#seeker.isSeeking) this.#joining.onFound(from, message);
        else if (asked) this.#seeker.onFound(from, message);
        break;
      }
      case 'overlay-heartbeat':
        break;
    }
    if (message.ballot !== null) user.onBallot(from.address, message.ballot);
  }

  /** Takes the sender for what it shows itself to be. */
  #hear(from: Contact, { type }: Message): void {
    // Who finds or is found may not be part of a ring yet.
    if (type === 'overlay-find' || type === 'overlay-found') return;
    if (this.#active) this.#meet(from);
    else if (type === 'overlay-probe') this.#seeker.seek([from], true);
  }

  /** It lives, and is part of a ring: perhaps of one that this node does not know. */
  #meet(contact: Contact): void {
    if (this.#near.lost.delete(contact.address)) this.#meeting.returned();
    this.#leaves.lives(contact);
    this.#near.offer(contact);
    this.#named(contact);
  }

  /** If it belongs into the leaf set, it is asked for its own. */
  #named(peer: Peer): void {
    const { environment, config } = this.#node;
    if (!this.#active || peer.address === environment.address) return;
    const { leaves } = this.#near;
    if (leaves.get(peer.address) !== undefined || !leaves.mayWant(peer.node)) return;
    const nowUs = environment.now();
    if (this.#near.isLately(peer.address, nowUs, config.heartbeatPeriodUs)) return;
    const contact = this.#near.contact(peer);
    if (leaves.wants(contact)) this.#leaves.ask(contact);
  }

  /** It may be dead. */
  #doubt(contact: Contact): void {
    if (this.#near.leaves.get(contact.address) !== undefined) this.#leaves.ask(contact);
    else this.#meeting.probe(contact, tries);
  }

  #onFind(from: Contact, message: OverlayFind): void {
    if (!this.#active) {
      this.#joining.onFind(from, message);
      return;
    }
    const { environment, self, user } = this.#node;
    const near = this.#near.around(from);
    const row = message.row ? this.#near.rowFor(from.node) : [];
    const entries = [...new Set([...near, ...row])].filter(({ node }) => node !== from.node);
    environment.send(from.address, {
      type: 'overlay-found', sequence: message.sequence, node: self, ballot: user.ballot(),
      active: true, entries,
    });
  }

  /** A search has ended: those found next to this node are asked for their leaf sets. */
  #found(found: readonly Contact[]): void {
    if (!this.#active && found.length > 0) this.#sought = true;
    for (const contact of found) {
      const { leaves } = this.#near;
      if (leaves.get(contact.address) === undefined && leaves.wants(contact)) {
        this.#leaves.ask(contact);
      }
    }
    this.#settled();
  }

  /** All that were asked for their leaf sets have answered. */
  #settled(): void {
    if (this.#active || !this.#sought || this.#seeker.isSeeking) return;
    if (this.#leaves.isSettled && this.#near.leaves.members.length > 0) this.#activate();
  }

  #activate(): void {
    this.#active = true;
    this.#routes.open();
    this.#joining.call();
    // Those in the table learn of this node, and how far they are is measured.
    for (const entry of this.#near.table.entries) this.#meeting.probe(entry, tries);
  }

  /** Nobody is left on one side: all the others may know who comes next there. */
  #lostSide(): void {
    if (this.#active) this.#seeker.seek(this.#near.live, false);
  }

  #acknowledge(to: Address, hop: number): void {
    this.#node.environment.send(to, { type: 'overlay-ack', hop, node: this.#node.self });
  }
}
