/** Key-based routing over the managers. */
import type { Ballot, NodeId, Peer } from '../identity.js';
import type { Message } from '../wire/record.js';
import type { OverlaySettings } from './settings.js';
import type { OverlayTerms } from './terms.js';
import type { Configurable } from '../configured.js';
import type { Address, Environment } from '../process.js';

export type { Peer } from '../identity.js';

/** What every structured overlay offers to the protocols above it. */
export interface Overlay<Carried extends Message = Message> {
  /** Become part of the overlay. */
  join(): void;
  /** Tell the neighbours that this node goes, and answer no more. */
  leave(): void;
  /** Bring `payload` to the live node whose id is closest to `key`; it may be this one. */
  route(key: NodeId, payload: Carried): void;
  /** Best effort to every live node but this one. */
  broadcast(payload: Carried): void;
  /** Nodes that are believed to be alive, without this one. */
  neighbours(): readonly Address[];
  /** Nodes that this one has not found dead, without this one: who a new coordinator awaits. */
  expected(): readonly Address[];
  /** Whom this one takes to be next to it on the ring, {@link sideLength} or all on either side. */
  readonly leafSet: readonly Address[];
  /** The id of the node at that address, as far as this one knows it. */
  nodeOf(address: Address): NodeId | undefined;
  /** Some node that was alive lately, another one each time; -1 if none is known. */
  alternate(): Address;
  /** Any message from a peer shows that it lives. */
  heard(from: Address): void;
  /** True if the message was the overlay's own. */
  receive(from: Address, message: Message): boolean;
  onTimer(kind: number, argument: number): void;
}

/** Without `nodeOf`, nodes are known by the ids that they had from the start. */
export type GuestOverlay = Omit<Overlay, 'nodeOf'> & Partial<Pick<Overlay, 'nodeOf'>>;

/** What an overlay needs from its node. */
export interface OverlayUser {
  /** A routed or broadcast message has arrived; `source` sent it first. */
  deliver(source: Address, payload: Message): void;
  /** The ballot to tell peers, so that coordinators which do not know of each other meet. */
  ballot(): Ballot | null;
  /** A peer told its ballot. */
  onBallot(from: Address, ballot: Ballot): void;
}

/** The node that an overlay runs on. */
export interface OverlaySite {
  readonly node: NodeId;
  /** Nodes that are known from the start, this one too perhaps, in order of address. */
  readonly managers: readonly Peer[];
  /** Of a guest: what those that come along would have by default. */
  readonly times: OverlaySettings;
}

/** An overlay, with messages and timers of its own. It is handed what managers say. */
export interface OverlayImplementation<Settings = unknown> extends Configurable<Settings> {
  /** Called at each start of a manager. */
  create(
    settings: Settings, environment: Environment, user: OverlayUser, site: OverlaySite,
  ): GuestOverlay;
  /** What it adds to the bounds; without it none is promised. */
  readonly terms?: OverlayTerms;
}

/** The id that a node at that address has by a list in order of address. */
export function nodeAmong(peers: readonly Peer[], address: Address): NodeId | undefined {
  let low = 0;
  for (let end = peers.length; low < end;) {
    const middle = (low + end) >>> 1;
    if (peers[middle].address < address) low = middle + 1;
    else end = middle;
  }
  return peers[low]?.address === address ? peers[low].node : undefined;
}

/** The id that a manager had from the start; its handle stands in for it where it was not known. */
export function firstIdOf(seeds: readonly Peer[], manager: Address): NodeId {
  return nodeAmong(seeds, manager) ?? manager.toString(16).padStart(32, '0');
}
