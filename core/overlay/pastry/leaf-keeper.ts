/**
 * Keeps the leaf set right (Castro, Costa and Rowstron 2004, 3.1 and figure 2). Nobody becomes a
 * member by hearsay: who is named is asked, and who is said to be dead is asked as well. Each node
 * sends heartbeats to its left neighbour only; whoever misses its right one tells all members.
 */
import type { OverlayLeaves, OverlayLeavesAnswer, PastryMessage } from './messages.js';
import type { Address, TimerId } from '../../process.js';
import { leastWaitUs } from '../../running.js';
import { mark } from '../../marks.js';
import type { Peer } from '../overlay.js';
import type { Contact } from './contact.js';
import { LeafSet, sideLength } from './leaf-set.js';
import type { PastryNode } from './node.js';
import { tries } from '../tries.js';
import { Timer } from './timers.js';

/** Every so many heartbeats leaf sets are compared with the right neighbour, to be sure. */
const comparePeriod = 20;
/** While others are being asked, so many more than have a place on a side: some may be dead. */
const spare = 4;

/** Another named it; this node watches it, or has to tell it something; another has lost it. */
type Reason = 'named' | 'own' | 'doubted';

interface Asking {
  readonly to: Contact;
  /** Its death would be this node's own discovery. */
  own: boolean;
  readonly doubted: boolean;
}

interface Dead {
  readonly contact: Contact;
  /** This node found out by itself: nobody else may know. */
  readonly own: boolean;
  /** All members have been told. */
  announced: boolean;
}

export class LeafKeeper {
  readonly #node: PastryNode;
  readonly #asking = new Map<Address, Asking>();
  /** Named too, but farther away than enough that are being asked: until these have answered. */
  #aside: LeafSet;
  /** Found dead since all was last settled. */
  readonly #dead = new Map<Address, Dead>();
  /** Whom each said to have lost when it was last heard: said again, that is no news. */
  readonly #claims = new Map<Address, readonly Address[]>();
  /** Members said to be dead soon after they had shown themselves. */
  readonly #doubted = new Map<Address, { readonly sinceUs: number; readonly untilUs: number }>();
  #doubtTimer: TimerId | null = null;
  /** The neighbour to the right, and when it was last heard. */
  #watched: Address = -1;
  #heardUs = 0;
  /** When the neighbour to the left was last sent something that shows that this node lives. */
  #toldUs = -Infinity;
  #told: Address = -1;
  #beats = 0;
  /** When this node last showed itself to all, having been taken for dead. */
  #shownUs = -Infinity;
  /** Everyone who was asked has answered or is known to be dead. */
  readonly #settled: () => void;
  readonly #sideLost: () => void;

  constructor(node: PastryNode, settled: () => void, sideLost: () => void) {
    this.#node = node;
    this.#aside = new LeafSet(node.near.self);
    this.#settled = settled;
    this.#sideLost = sideLost;
  }

  get isSettled(): boolean {
    return this.#asking.size === 0;
  }

  start(): void {
    const { environment, config } = this.#node;
    const phase = Math.floor(environment.random.next() * config.heartbeatPeriodUs);
    environment.setTimer(phase, Timer.beat, 0);
    this.#watch();
  }

  /** Any message of its shows that it lives. */
  heard(from: Address): void {
    if (from === this.#watched) this.#heardUs = this.#node.environment.now();
  }

  /** Asks for its leaf set, and tells this node's. */
  ask(to: Contact, reason: Reason = 'named'): void {
    const own = reason === 'own';
    const asked = this.#asking.get(to.address);
    if (asked !== undefined) {
      asked.own ||= own;
      return;
    }
    const asking: Asking = { to, own, doubted: reason === 'doubted' };
    this.#asking.set(to.address, asking);
    if (to.address === this.#node.near.leaves.left[0]?.address) this.#tell(to.address);
    this.#node.requests.ask({
      to,
      tries,
      message: (sequence) => this.#message('overlay-leaves', sequence),
      silent: () => {
        this.#asking.delete(to.address);
        this.died(to, asking.own);
      },
    });
  }

  /** Tells all members of this node, and of whom it found dead. */
  announce(): void {
    for (const dead of this.#dead.values()) dead.announced = true;
    for (const member of this.#node.near.leaves.members) this.ask(member, 'own');
  }

  /** It left the requests of this node unanswered, or said that it goes. */
  died(contact: Contact, own: boolean): void {
    const { near, environment } = this.#node;
    const { left, right } = near.leaves;
    const sides = [left, right].filter((side) => side.includes(contact));
    this.#claims.delete(contact.address);
    if (near.bury(contact, environment.now())) {
      this.#dead.set(contact.address, { contact, own, announced: false });
      if (left.length === 0 || right.length === 0) {
        mark(environment, 'side of the leaf set lost');
        this.#sideLost();
      }
      if (!own) this.#tellEnds(sides);
    }
    this.#node.buried(contact);
    this.#settle();
  }

  /** It has said that it goes. */
  left(contact: Contact, leaves: readonly Peer[]): void {
    const { near } = this.#node;
    this.#dead.set(contact.address, { contact, own: false, announced: true });
    this.#claims.delete(contact.address);
    const wasLeaf = near.bury(contact, this.#node.environment.now());
    this.#node.buried(contact);
    if (wasLeaf) this.#consider(leaves);
    this.#settle();
  }

  /** It lives: whatever was thought of it before. */
  lives(contact: Contact): void {
    this.#dead.delete(contact.address);
  }

  onLeaves(from: Contact, message: OverlayLeaves | OverlayLeavesAnswer): void {
    const { near, environment } = this.#node;
    this.lives(from);
    near.admit(from);
    from.shownUs = environment.now();
    if (this.#asking.get(from.address)?.doubted === true) from.patience *= 2;
    this.#doubt(from.address, message.lost);
    this.#consider(message.leaves);
    if (message.type === 'overlay-leaves') {
      environment.send(from.address, this.#message('overlay-leaves-answer', message.sequence));
      if (from.address === near.leaves.left[0]?.address) this.#tell(from.address);
    } else {
      const { type, sequence } = message;
      if (this.#node.requests.answered(type, sequence, from.address) !== null) {
        this.#asking.delete(from.address);
      }
    }
    if (message.lost.includes(environment.address)) this.#show();
    this.#settle();
  }

  /**
   * Members whom another has lost are asked, each once: those two may go on taking each other for
   * dead for a while after a partition, and tell so with every answer.
   */
  #doubt(from: Address, lost: readonly Address[]): void {
    const former = this.#claims.get(from);
    for (const address of lost) {
      const member = this.#node.near.leaves.get(address);
      if (member === undefined || address === from || former?.includes(address)) continue;
      this.#doubtMember(member);
    }
    if (lost.length > 0) this.#claims.set(from, [...lost]);
    else this.#claims.delete(from);
  }

  /**
   * Who has shown itself here while the other waited in vain has some time to do so again, and the
   * more the oftener it was doubted wrongly of late: where messages are lost, asking at every word
   * would beget more such words than it settles.
   */
  #doubtMember(member: Contact): void {
    const { environment, config } = this.#node;
    const { heartbeatPeriodUs, hopTimeoutUs } = config;
    const nowUs = environment.now();
    const silentUs = nowUs - member.shownUs;
    if (silentUs >= heartbeatPeriodUs) member.patience = 1;
    const patienceUs = Math.min(tries * hopTimeoutUs * member.patience, heartbeatPeriodUs);
    if (silentUs >= patienceUs) {
      this.ask(member, 'doubted');
    } else if (!this.#doubted.has(member.address)) {
      this.#doubted.set(member.address, { sinceUs: nowUs, untilUs: nowUs + patienceUs });
      this.#awaitDoubts();
    }
  }

  /** Asks those that were doubted long enough ago and have not shown themselves since. */
  resolveDoubts(): void {
    const nowUs = this.#node.environment.now();
    for (const [address, { sinceUs, untilUs }] of this.#doubted) {
      if (nowUs < untilUs) continue;
      this.#doubted.delete(address);
      const member = this.#node.near.leaves.get(address);
      if (member === undefined) continue;
      if (member.shownUs > sinceUs) member.patience *= 2;
      else this.ask(member, 'doubted');
    }
    this.#awaitDoubts();
  }

  /** One timer for all doubts: it comes again while any is left, early or out of a stall. */
  #awaitDoubts(): void {
    const { environment } = this.#node;
    if (this.#doubtTimer !== null) environment.cancelTimer(this.#doubtTimer);
    this.#doubtTimer = null;
    let firstUs = Infinity;
    for (const { untilUs } of this.#doubted.values()) firstUs = Math.min(firstUs, untilUs);
    if (firstUs === Infinity) return;
    const delayUs = Math.max(firstUs - environment.now(), leastWaitUs);
    this.#doubtTimer = environment.setTimer(delayUs, Timer.doubt, 0);
  }

  /**
   * Who was taken for dead has to show itself to all; but not to all again at each who says so, for
   * whom the answer is enough.
   */
  #show(): void {
    const nowUs = this.#node.environment.now();
    if (nowUs - this.#shownUs < this.#node.config.probePeriodUs) return;
    this.#shownUs = nowUs;
    this.announce();
  }

  /** The periodic heartbeat; put off where the neighbour has heard from this node anyway. */
  beat(): void {
    const { environment, near, config, self, user } = this.#node;
    const left = near.leaves.left.at(0);
    const toldUs = left?.address === this.#told ? this.#toldUs : -Infinity;
    const dueUs = toldUs + config.heartbeatPeriodUs - environment.now();
    const delayUs = dueUs > 0 ? Math.max(dueUs, leastWaitUs) : config.heartbeatPeriodUs;
    environment.setTimer(delayUs, Timer.beat, 0);
    if (left === undefined || dueUs > 0) return;
    this.#beats += 1;
    const right = near.leaves.right.at(0);
    if (this.#beats % comparePeriod === 0 && right !== undefined) this.ask(right, 'own');
    const ballot = user.ballot();
    environment.send(left.address, { type: 'overlay-heartbeat', node: self, ballot });
  }

  /** Looks whether the right neighbour is silent; comes back when it might be. */
  watch(): void {
    const { environment, near } = this.#node;
    const right = near.leaves.right.at(0);
    this.#chooseWatched();
    if (right !== undefined && environment.now() - this.#heardUs >= this.#patienceUs) {
      this.ask(right, 'own');
      this.#heardUs = environment.now();
    }
    this.#watch();
  }

  /** A new neighbour to the right may not know yet that it is one: its time starts now. */
  #chooseWatched(): void {
    const right = this.#node.near.leaves.right.at(0)?.address ?? -1;
    if (right === this.#watched) return;
    this.#watched = right;
    this.#heardUs = this.#node.environment.now();
  }

  #watch(): void {
    const { environment } = this.#node;
    const sinceUs = this.#watched < 0 ? 0 : environment.now() - this.#heardUs;
    const delayUs = Math.max(this.#patienceUs - sinceUs, leastWaitUs);
    environment.setTimer(delayUs, Timer.watch, 0);
  }

  /** A hop timeout is long enough for what delays differ by. */
  get #patienceUs(): number {
    return this.#node.config.heartbeatPeriodUs + this.#node.config.hopTimeoutUs;
  }

  /** Something was sent there that a heartbeat can be put off for. */
  #tell(address: Address): void {
    this.#told = address;
    this.#toldUs = this.#node.environment.now();
  }

  /**
   * Asks whoever of these would be a member if they were and all that are being asked: else one of
   * a thousand nodes that join at once would ask ever nearer ones, all of them at each answer.
   */
  #consider(peers: readonly Peer[]): void {
    const { near, environment, config } = this.#node;
    const nowUs = environment.now();
    const wanted: Contact[] = [];
    const members: Contact[] = [];
    for (const peer of peers) {
      if (peer.address === environment.address) continue;
      const member = near.leaves.get(peer.address);
      if (member !== undefined) members.push(member);
      else if (!near.leaves.mayWant(peer.node) || this.#asking.has(peer.address)) continue;
      else if (!near.isLately(peer.address, nowUs, config.heartbeatPeriodUs)) {
        const contact = near.contact(peer);
        if (near.leaves.wants(contact)) wanted.push(contact);
      }
    }
    if (wanted.length === 0) {
      // In a ring that has become small, a member of one side has a place on the other too.
      if (near.leaves.mayOverlap) for (const member of members) near.leaves.add(member);
      return;
    }
    const asked = [...this.#asking.values()].map(({ to }) => to)
      .filter(({ address }) => near.leaves.get(address) === undefined);
    const hoped = near.leaves.widened(asked.length === 0 ? sideLength : sideLength + spare);
    for (const contact of asked) hoped.add(contact);
    for (const contact of wanted) hoped.add(contact);
    for (const contact of wanted) {
      if (hoped.get(contact.address) === contact) this.ask(contact);
      else this.#aside.add(contact);
    }
  }

  /**
   * The member at the end of a side that lost one knows who comes next, and may be too far from
   * the one who found the dead to have been told.
   */
  #tellEnds(sides: readonly (readonly Contact[])[]): void {
    for (const side of sides) {
      const last = side.at(-1);
      if (last !== undefined) this.ask(last);
    }
  }

  #settle(): void {
    this.#chooseWatched();
    if (this.#asking.size > 0) return;
    const aside = this.#aside.members;
    if (aside.length > 0) {
      this.#aside = new LeafSet(this.#node.near.self);
      this.#consider(aside);
      if (this.#asking.size > 0) return;
    }
    // Who lies next to the dead tells all, whoever found them: it reaches all that knew them.
    const { leaves } = this.#node.near;
    const owes = [...this.#dead.values()].some(({ contact, own, announced }) =>
      !announced && (own || leaves.isNext(contact)));
    if (owes && leaves.members.length > 0) {
      this.announce();
      return;
    }
    this.#dead.clear();
    this.#settled();
  }

  #message(type: 'overlay-leaves' | 'overlay-leaves-answer', sequence: number): PastryMessage {
    const { near, self, user } = this.#node;
    const leaves = near.leaves.members.slice();
    // Old losses too: who stood still meanwhile, or was out of reach, has not heard of them.
    const lost = [...near.lost.keys()];
    return { type, sequence, node: self, ballot: user.ballot(), leaves, lost };
  }
}
