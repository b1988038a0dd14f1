/** Who is coordinator. */
import type { Ballot } from '../identity.js';
import type { CoordinatorAnnounce, ElectionRequest, Message } from '../messages.js';
import type { Address } from '../process.js';

/** Every election algorithm keeps one ballot acknowledged, and takes the role by a greater one. */
export interface Election {
  /** The greatest ballot acknowledged, over all lives of the node; null: none yet. */
  readonly ballot: Ballot | null;
  /** Whether this node coordinates under `ballot`. */
  readonly coordinating: boolean;
  start(): void;
  /** The coordinator of `ballot` has been silent for too long. */
  suspect(): void;
  /** The coordinator of `ballot` has been heard again. */
  calm(): void;
  /** A ballot stood in some message. */
  hear(ballot: Ballot): void;
  /** A peer that may follow another coordinator told its ballot. */
  meet(from: Address, ballot: Ballot): void;
  /** Two coordinators have met and this one's ballot is the greater: take one above both. */
  renew(): void;
  /**
   * This node goes: it gives the role away if it has it, and does not take it again.
   *
   * @param gone managers that it, as coordinator, knows to be down
   */
  leave(gone: readonly Address[]): void;
  /** Who gave this node the role that it has now, and what it told; null: it was elected. */
  readonly yielder: Yielder | null;
  /** The overlay delivers a routed or broadcast message of the election's. */
  deliver(payload: ElectionRequest | CoordinatorAnnounce): void;
  /** True if the message was the election's own. */
  receive(from: Address, message: Message): boolean;
  onTimer(kind: number, argument: number): void;
}

/** A coordinator that gave its role away. */
export interface Yielder {
  readonly address: Address;
  /** Managers that it knew to be down. */
  readonly gone: readonly Address[];
}

/** What an election tells its manager. */
export interface ElectionUser {
  /** A greater ballot is acknowledged; its coordinator is another node. */
  acknowledged(ballot: Ballot): void;
  /** This node coordinates under `ballot`; it may have done so before, under a lesser one. */
  elected(ballot: Ballot): void;
  /** This node coordinated under `own` and gives way to `successor`. */
  deposed(own: Ballot, successor: Ballot): void;
}
