/**
 * How a node becomes part of a ring: it asks those it is given as seeds, by way of one that is part
 * of a ring finds its place, and asks those next to it for their leaf sets. Where many start
 * together, nobody is part of any ring: then the one of the lowest address that lives begins, and
 * everyone who has joined calls those that asked it too early.
 */
import { mark } from '../../marks.js';
import type { OverlayFind, OverlayFound, PastryMessage } from './messages.js';
import type { Address } from '../../process.js';
import type { Contact } from './contact.js';
import type { PastryNode } from './node.js';
import { tries } from '../tries.js';
import { Timer } from './timers.js';

/** How many of the lowest addresses are asked in a round, and how many drawn ones. */
const lowest = 4;
const drawn = 3;
/** Those of the lowest addresses, when they live, are asked again every so many rounds only. */
const lowestPeriod = 4;
/** Rounds in which nobody knew a ring, before a node begins one by itself ... */
const quietRounds = 2;
/** ... and before it no longer looks for ever lower addresses among the dead. */
export const patientRounds = 8;
/** A round takes one hop timeout at least, and so many at most: not all begin together. */
export const longestRoundHops = 1.5;
/** So many of those who asked too early are called. */
const callLimit = 6;

export interface JoiningUser {
  /** Someone who is part of a ring has answered, with those it knows. */
  found(from: Contact, message: OverlayFound): void;
  /** The node has started a ring of its own. */
  alone(): void;
  /** Whether the way into a ring is already being followed. */
  isBusy(): boolean;
}

export class Joining {
  readonly #node: PastryNode;
  readonly #user: JoiningUser;
  /** How many seeds have addresses below this one's; they come first among all. */
  readonly #lowerCount: number;
  /** Those who asked before this node could answer. */
  readonly #early: Contact[] = [];
  /** Of lower addresses: up to where they were found dead, and the tries that took so far. */
  #scanned = 0;
  #scanTries = 0;
  #rounds = 0;
  /** Rounds in a row in which no node of a lower address was known to live. */
  #quiet = 0;
  /** A node of a lower address has answered: beginning is its business. */
  #lowerLives = false;
  #askedLowest = false;
  readonly #asked = new Set<Address>();

  constructor(node: PastryNode, user: JoiningUser) {
    this.#node = node;
    this.#user = user;
    const { environment, seeds } = node;
    const higher = seeds.findIndex(({ address }) => address >= environment.address);
    this.#lowerCount = higher < 0 ? seeds.length : higher;
  }

  /** Asks around, until the node is part of a ring. */
  round(): void {
    const { environment, config, seeds } = this.#node;
    if (seeds.every(({ address }) => address === environment.address)) {
      this.#user.alone();
      return;
    }
    if (!this.#user.isBusy()) {
      if (this.#mayBegin()) {
        mark(environment, 'ring begun alone');
        this.#user.alone();
        return;
      }
      this.#askAround();
    }
    const jitter = 1 + environment.random.next() * (longestRoundHops - 1);
    const delayUs = Math.ceil(config.hopTimeoutUs * jitter);
    environment.setTimer(delayUs, Timer.join, 0);
  }

  #askAround(): void {
    const { environment, seeds } = this.#node;
    this.#asked.clear();
    // Were they asked in each round, all would join by way of the few who begin.
    this.#askedLowest = !this.#lowerLives || this.#rounds % lowestPeriod === 0;
    this.#rounds += 1;
    if (this.#askedLowest) {
      this.#lowerLives = false;
      const end = Math.min(this.#scanned + lowest, this.#lowerCount);
      for (let index = this.#scanned; index < end; index += 1) this.#ask(index);
    }
    for (let count = 0; count < drawn; count += 1) {
      this.#ask(Math.floor(environment.random.next() * seeds.length));
    }
  }

  /** After a round in which nobody knew a ring. */
  #mayBegin(): boolean {
    if (this.#rounds === 0) return false;
    if (this.#lowerLives) {
      this.#quiet = 0;
      return false;
    }
    this.#quiet += 1;
    if (this.#askedLowest && this.#scanned < this.#lowerCount) {
      this.#scanTries += 1;
      if (this.#scanTries >= tries) {
        this.#scanTries = 0;
        this.#scanned += lowest;
      }
    }
    if (this.#quiet >= patientRounds) return true;
    return this.#quiet >= quietRounds && this.#scanned >= this.#lowerCount;
  }

  #ask(index: number): void {
    const { environment, near, requests, seeds, self, user } = this.#node;
    const peer = seeds[index];
    if (peer.address === environment.address || this.#asked.has(peer.address)) return;
    this.#asked.add(peer.address);
    requests.ask({
      to: near.contact(peer),
      tries: 1,
      message: (sequence): PastryMessage => ({
        type: 'overlay-find', sequence, node: self, ballot: user.ballot(), row: true,
      }),
      silent: () => undefined,
    });
  }

  /** Of a node that may be as lost as this one. */
  onFound(from: Contact, message: OverlayFound): void {
    if (message.active) {
      if (!this.#user.isBusy()) this.#user.found(from, message);
    } else if (from.address < this.#node.environment.address) {
      this.#lowerLives = true;
    }
  }

  /** Asked while it is not part of a ring itself. */
  onFind(from: Contact, message: OverlayFind): void {
    const { environment, self, user } = this.#node;
    environment.send(from.address, {
      type: 'overlay-found', sequence: message.sequence, node: self, ballot: user.ballot(),
      active: false, entries: [],
    });
    const known = this.#early.some(({ address }) => address === from.address);
    if (!known && this.#early.length < callLimit) this.#early.push(from);
  }

  /** The node has become part of a ring: those who asked before may join it now. */
  call(): void {
    const { environment, self, user } = this.#node;
    for (const { address } of this.#early) {
      environment.send(address, {
        type: 'overlay-found', sequence: 0, node: self, ballot: user.ballot(), active: true,
        entries: [],
      });
    }
    this.#early.length = 0;
  }
}
