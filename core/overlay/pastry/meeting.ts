/**
 * Rings that fell apart grow together: every node probes its seeds in turn, and besides
 * those that it once knew and lost. Who is found in another ring names somebody there who is near,
 * and from there this node looks for its place in that ring.
 */
import { compareBallots } from '../../identity.js';
import type { OverlayProbe, OverlayProbeAnswer } from '../messages.js';
import type { Address } from '../../process.js';
import { mark } from '../../marks.js';
import type { Peer } from '../overlay.js';
import type { Contact } from './contact.js';
import type { PastryNode } from './node.js';
import { tries } from '../tries.js';
import { Timer } from './timers.js';

/** Every so many answers on average the ring is looked at even if nothing seems to be amiss. */
const checkPeriod = 4;

export interface MeetingUser {
  /** Someone near is named by another: perhaps a neighbour that is not known. */
  named(peer: Peer): void;
  /** Finds this node's place in the ring of `from`, beginning with those. */
  seek(from: readonly Peer[]): void;
  died(contact: Contact): void;
}

export class Meeting {
  readonly #node: PastryNode;
  readonly #user: MeetingUser;
  #turn: number;
  #lostTurn = 0;
  /** All that were lost will be probed shortly. */
  #looking = false;
  #lookedUs = -Infinity;
  /** Formerly lost ones that are being asked. */
  readonly #wereLost = new Set<Address>();

  constructor(node: PastryNode, user: MeetingUser) {
    this.#node = node;
    this.#user = user;
    this.#turn = Math.floor(node.environment.random.next() * node.seeds.length);
  }

  start(): void {
    const { environment, config, seeds } = this.#node;
    if (seeds.every(({ address }) => address === environment.address)) return;
    const phase = Math.floor(environment.random.next() * config.probePeriodUs);
    environment.setTimer(phase, Timer.meet, 0);
  }

  /** Probes the next seed, and the next of those that were lost. */
  meet(isActive: boolean): void {
    const { environment, config, seeds, near } = this.#node;
    environment.setTimer(config.probePeriodUs, Timer.meet, 0);
    if (!isActive) return;
    do this.#turn = (this.#turn + 1) % seeds.length;
    while (seeds[this.#turn].address === environment.address);
    const next = near.contact(seeds[this.#turn]);
    this.probe(next, near.find(next) === undefined ? 1 : tries);
    if (near.lost.size === 0) return;
    const lost = [...near.lost.values()];
    this.#lostTurn = (this.#lostTurn + 1) % lost.length;
    const { contact } = lost[this.#lostTurn];
    if (contact.address === next.address) return;
    this.#wereLost.add(contact.address);
    this.probe(contact, 1);
  }

  /**
   * One that was lost is back: others may be as well. A little later, since who is being asked
   * just now may still be given up for an answer that a partition swallowed; and not all over
   * again at each that comes back where messages are lost.
   */
  returned(): void {
    if (this.#looking) return;
    this.#looking = true;
    const { environment, config } = this.#node;
    const againUs = this.#lookedUs + config.probePeriodUs - environment.now();
    const delayUs = Math.max((tries + 1) * config.hopTimeoutUs, againUs);
    environment.setTimer(delayUs, Timer.lookAgain, 0);
  }

  /** Probes all that were lost. */
  lookAgain(): void {
    this.#looking = false;
    this.#lookedUs = this.#node.environment.now();
    for (const { contact } of this.#node.near.lost.values()) this.probe(contact, 1);
  }

  /** Does it live, and how far is it? It may find that it can use this node. */
  probe(to: Contact, times: number): void {
    const { requests, self, user, near } = this.#node;
    requests.ask({
      to,
      tries: times,
      message: (sequence) => ({
        type: 'overlay-probe', sequence, node: self, ballot: user.ballot(),
      }),
      silent: () => {
        this.#wereLost.delete(to.address);
        if (near.find(to) !== undefined) this.#user.died(to);
      },
    });
  }

  onProbe(from: Contact, { sequence }: OverlayProbe, isActive: boolean): void {
    const { environment, near, self, user } = this.#node;
    const nearest = isActive ? near.nearestTo(from) : null;
    environment.send(from.address, {
      type: 'overlay-probe-answer', sequence, node: self, ballot: user.ballot(), nearest,
    });
  }

  onAnswer(from: Contact, message: OverlayProbeAnswer): void {
    const { environment, near, user } = this.#node;
    const wasLost = this.#wereLost.delete(from.address);
    const { nearest } = message;
    if (nearest === null) return;
    this.#user.named(nearest);
    const differs = compareBallots(message.ballot, user.ballot()) !== 0;
    const check = environment.random.next() * checkPeriod < 1;
    if (wasLost) mark(environment, 'node taken for dead answered');
    if (!wasLost && !differs && !check) return;
    // Whom this node knows well is of its own ring, and need not be asked.
    if (near.leaves.get(nearest.address) !== undefined) return;
    if (wasLost || differs) mark(environment, 'rings met');
    this.#user.seek([nearest, from]);
  }
}
