/** Who is coordinator. */
import type { Ballot, NodeId } from '../identity.js';
import type { Message } from '../wire/record.js';
import type { Overlay } from '../overlay/overlay.js';
import type { Configurable } from '../configured.js';
import type { Address, Environment } from '../process.js';
import type { ElectionTerms } from './terms.js';

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
  /**
   * A ballot stood in some message.
   *
   * @param answerer - who sent it as an answer to a message of this node's, if it was one
   */
  hear(ballot: Ballot, answerer?: Address): void;
  /** A peer that may follow another coordinator told its ballot. */
  meet(from: Address, ballot: Ballot): void;
  /**
   * Two coordinators have met and this one's ballot is the greater: take one above both. Or some
   * obey what nobody that is known coordinates under: take one above that.
   */
  renew(above?: Ballot): void;
  /**
   * This node coordinates, and one that asks it obeys a greater ballot, whose holder it does not
   * reach: whether anybody still follows that one is to be found out, or a ballot above it taken.
   * Left out: nothing is done before {@link renew} is called.
   */
  question?(greater: Ballot): void;
  /**
   * This node goes: it gives the role away if it has it, and does not take it again.
   *
   * @param gone managers that it, as coordinator, knows to be down
   */
  leave(gone: readonly Address[]): void;
  /** The overlay delivers a routed or broadcast message of the election's. */
  deliver(payload: Message): void;
  /** True if the message was the election's own. */
  receive(from: Address, message: Message): boolean;
  onTimer(kind: number, argument: number): void;
}

/** How a node came by the role. */
export interface Succession {
  /** Who gave it away; null: nobody did. */
  readonly yielder: Address | null;
  /** Managers that were known to be down: nobody waits for their reports. */
  readonly gone: readonly Address[];
}

/** What an election tells its manager. */
export interface ElectionUser {
  /** A greater ballot is acknowledged; its coordinator is another node. */
  acknowledged(ballot: Ballot): void;
  /** This node coordinates under `ballot`; it may have done so before, under a lesser one. */
  elected(ballot: Ballot, succession?: Succession): void;
  /** This node coordinated under `own` and gives way to `successor`. */
  deposed(own: Ballot, successor: Ballot): void;
}

/** The node that an election runs on. */
export interface ElectionSite {
  readonly node: NodeId;
  /** Which life of the node it is, from 1: part of its ballots. */
  readonly incarnation: number;
  /** Who may know of a coordinator when this node starts. */
  readonly seeds: readonly Address[];
  /** The id of the node there, as far as the overlay knows it. */
  nodeOf(manager: Address): NodeId | undefined;
}

/**
 * An election of the user's own, with messages and timers of its own. It is handed all that comes
 * from managers and is neither the coordination's, the overlay's nor the detector's.
 */
export interface ElectionImplementation<Settings = unknown> extends Configurable<Settings> {
  /** Called at each start of a manager. */
  create(
    settings: Settings,
    environment: Environment,
    overlay: Overlay,
    user: ElectionUser,
    site: ElectionSite,
  ): Election;
  /** What it adds to the bounds; without it none is promised. */
  terms?(settings: Settings): ElectionTerms;
}
