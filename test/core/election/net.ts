/** Nodes of an overlay that elect, and nothing else: the test says who misses the coordinator. */
import { ownerOf, Share } from '../../../core/component.js';
import type { CoreConfig } from '../../../core/coordination/config.js';
import {
  OverlayRootElection, type Election, type ElectionSite, type ElectionUser, type Succession,
} from '../../../core/election/index.js';
import { compareBallots, type Ballot, type NodeId } from '../../../core/identity.js';
import type { BuiltInMessage } from '../../../core/messages.js';
import {
  compareCloseness, coordinatorKey, FullMesh, type Overlay, type Peer,
} from '../../../core/overlay/index.js';
import type { Address, Environment, Process } from '../../../core/process.js';
import { MemoryWorld, msUs } from '../overlay/memory-world.js';
import { overlayTimes, peersOf } from '../overlay/node.js';

export const electionTimes: CoreConfig['election'] = {
  name: 'overlay-root', tries: 3, tryTimeoutUs: 50 * msUs, requestTimeoutUs: 350 * msUs,
};
export const bootstrapUs = electionTimes.tries * electionTimes.tryTimeoutUs;
/** A route in which the origin and the root find one node dead, each for itself. */
export const aroundOneUs = 2 * 2 * overlayTimes.hopTimeoutUs;
/** A handful of hops. */
export const hopsUs = 40 * msUs;

export type MakeElection = (
  environment: Environment, overlay: Overlay, user: ElectionUser, site: ElectionSite,
) => Election;

export const overlayRoot: MakeElection = (environment, overlay, user, site) =>
  new OverlayRootElection(environment, overlay, user, { ...site, config: electionTimes });

class ElectionNode implements Process {
  readonly election: Election;
  readonly #overlay: Overlay;
  deposed = 0;
  /** How it came by the role that it took last. */
  succession: Succession | undefined;

  constructor(environment: Environment, peers: readonly Peer[], make: MakeElection) {
    const { node } = peers[environment.address];
    const incarnation = ((environment.store.get('incarnation') as number | undefined) ?? 0) + 1;
    environment.store.put('incarnation', incarnation);
    environment.store.sync();
    this.#overlay = new FullMesh(environment, {
      deliver: (_source, payload) => this.election.deliver(payload),
      ballot: () => this.election.ballot,
      onBallot: (from, ballot) => this.election.meet(from, ballot),
    }, overlayTimes, node, peers);
    const user: ElectionUser = {
      acknowledged: () => undefined,
      elected: (_ballot, succession) => void (this.succession = succession),
      deposed: () => void (this.deposed += 1),
    };
    const seeds = peers.slice(0, 4).map(({ address }) => address);
    const nodeOf = (address: Address): NodeId => peers[address].node;
    const site = { node, incarnation, seeds, nodeOf };
    this.election = make(new Share(environment, 1), this.#overlay, user, site);
  }

  start(): void {
    this.#overlay.join();
    this.election.start();
  }

  receive(from: Address, message: BuiltInMessage): void {
    this.#overlay.heard(from);
    if (!this.#overlay.receive(from, message)) this.election.receive(from, message);
  }

  onTimer(kind: number, argument: number): void {
    const timer = ownerOf(kind);
    if (timer.owner === 1) this.election.onTimer(timer.kind, argument);
    else this.#overlay.onTimer(timer.kind, argument);
  }
}

export class ElectionNet {
  readonly world: MemoryWorld;
  readonly nodes: ElectionNode[] = [];
  /** The nodes in the order in which the role would pass on. */
  readonly line: readonly Address[];

  constructor(count: number, seed: number, make: MakeElection = overlayRoot) {
    this.world = new MemoryWorld(seed);
    const peers = peersOf(count, seed);
    this.line = [...peers]
      .sort((a, b) => compareCloseness(coordinatorKey, a.node, b.node))
      .map(({ address }) => address);
    for (const { address } of peers) {
      this.world.host(address, (environment) => {
        this.nodes[address] = new ElectionNode(environment, peers, make);
        return this.nodes[address];
      });
    }
    this.world.start(...peers.map(({ address }) => address));
  }

  /** With a coordinator elected, the first in line. */
  static settled(count: number, seed: number): ElectionNet {
    const net = new ElectionNet(count, seed);
    net.world.runFor(bootstrapUs + hopsUs);
    return net;
  }

  /** These nodes miss the coordinator; all that live, if none is named. */
  suspect(...addresses: Address[]): void {
    for (const address of addresses.length > 0 ? addresses : this.world.live()) {
      const { election } = this.nodes[address];
      this.world.within(address, () => election.suspect());
    }
  }

  leave(address: Address): void {
    const { election } = this.nodes[address];
    this.world.within(address, () => election.leave([]));
  }

  /** The ballot that all of `among` acknowledge and whose coordinator is one; null: none such. */
  agreed(among: readonly Address[] = this.world.live()): Ballot | null {
    const { ballot } = this.nodes[among[0]].election;
    if (ballot === null || !among.includes(ballot.address)) return null;
    const agree = among.every((address) => {
      const { election } = this.nodes[address];
      return compareBallots(election.ballot, ballot) === 0 &&
        election.coordinating === (address === ballot.address);
    });
    return agree ? ballot : null;
  }

  /** How many ballots were taken so far. */
  elections(): number {
    return this.world.observed('coordinator-elected').length;
  }

  /** Why the history so far is not allowed; null if it is. */
  broken(): string | null {
    const greatest = new Map<Address, Ballot | null>();
    for (const { process, ballot } of this.world.observed('ballot-acknowledged')) {
      if (compareBallots(ballot, greatest.get(process) ?? null) < 0) {
        return `node ${process} went back`;
      }
      greatest.set(process, ballot);
    }
    const taken = new Set<string>();
    for (const { ballot } of this.world.observed('coordinator-elected')) {
      const name = `${ballot.counter} of node ${ballot.address}`;
      if (taken.has(name)) return `counter ${name} was taken twice`;
      taken.add(name);
    }
    return null;
  }
}
