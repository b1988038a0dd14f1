/** A bare node of an overlay, which remembers what arrived. */
import type { CoreConfig } from '../../../core/coordination/config.js';
import type { Ballot, NodeId } from '../../../core/identity.js';
import type { CoordinatorAnnounce, ElectionRequest } from '../../../core/election/messages.js';
import type { BuiltInMessage } from '../../../core/messages.js';
import type { Overlay, OverlayUser, Peer } from '../../../core/overlay/index.js';
import type { Address, Environment, Process } from '../../../core/process.js';
import { MemoryWorld, msUs } from './memory-world.js';
import { randomOf } from './random.js';

export type MakeOverlay = (
  environment: Environment, user: OverlayUser, config: CoreConfig['overlay'], self: NodeId,
  peers: readonly Peer[],
) => Overlay;

export const overlayTimes: CoreConfig['overlay'] = {
  name: 'full-mesh', probePeriodUs: 500 * msUs, heartbeatPeriodUs: 1500 * msUs,
  hopTimeoutUs: 50 * msUs,
};

export function nodeId(random: () => number): NodeId {
  const word = (): string => Math.floor(random() * 2 ** 32).toString(16).padStart(8, '0');
  return word() + word() + word() + word();
}

export function peersOf(count: number, seed: number): Peer[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, address) => ({ address, node: nodeId(random) }));
}

export function ascending(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

export class OverlayNode implements Process, OverlayUser {
  readonly overlay: Overlay;
  readonly delivered: { source: Address; payload: ElectionRequest | CoordinatorAnnounce }[] = [];
  readonly met: { from: Address; ballot: Ballot }[] = [];
  own: Ballot | null = null;

  constructor(
    environment: Environment, make: MakeOverlay, peers: readonly Peer[],
    self = peers[environment.address].node,
  ) {
    this.overlay = make(environment, this, overlayTimes, self, peers);
  }

  start(): void {
    this.overlay.join();
  }

  receive(from: Address, message: BuiltInMessage): void {
    this.overlay.heard(from);
    if (!this.overlay.receive(from, message)) throw new Error(`not the overlay's: ${message.type}`);
  }

  onTimer(kind: number, argument: number): void {
    this.overlay.onTimer(kind, argument);
  }

  deliver(source: Address, payload: ElectionRequest | CoordinatorAnnounce): void {
    this.delivered.push({ source, payload: { ...payload } });
  }

  ballot(): Ballot | null {
    return this.own;
  }

  onBallot(from: Address, ballot: Ballot): void {
    this.met.push({ from, ballot });
  }
}

/** An overlay of `count` bare nodes, all started. */
export class OverlayNet {
  readonly world: MemoryWorld;
  readonly peers: readonly Peer[];
  readonly nodes: OverlayNode[] = [];
  /** Ids that nodes start under when they have lost their own. */
  readonly renamed = new Map<Address, NodeId>();

  constructor(make: MakeOverlay, count: number, seed: number) {
    this.world = new MemoryWorld(seed);
    this.peers = peersOf(count, seed);
    for (const { address } of this.peers) {
      this.world.host(address, (environment) => {
        const id = this.renamed.get(address);
        this.nodes[address] = new OverlayNode(environment, make, this.peers, id);
        return this.nodes[address];
      });
      this.world.start(address);
    }
  }

  route(origin: Address, key: NodeId): void {
    const payload = { type: 'election-request', requester: origin, suspected: null } as const;
    this.world.within(origin, () => this.nodes[origin].overlay.route(key, payload));
  }

  /** Where something was delivered, once per delivery. */
  deliveries(): Address[] {
    return this.nodes.flatMap(({ delivered }, address) => delivered.map(() => address));
  }
}
