/** Thousands of bare Pastry nodes in the simulated world, and what is true of their ring. */
import type { CoreConfig } from '../../../../core/coordination/config.js';
import type { CoordinatorAnnounce, ElectionRequest } from '../../../../core/election/index.js';
import type { Ballot, NodeId } from '../../../../core/identity.js';
import {
  maintenanceTypes, messageTypes, type BuiltInMessage, type MessageType,
} from '../../../../core/messages.js';
import {
  compareCloseness, Pastry, type OverlayUser, type Peer,
} from '../../../../core/overlay/index.js';
import type { Address, Environment, Process } from '../../../../core/process.js';
import { buildInventory } from '../../../../experiment/inventory.js';
import { WheelQueue } from '../../../../sim/engine/wheel-queue.js';
import { SimWorld } from '../../../../sim/world/world.js';
import { scenarioOf } from '../../../sim/world/fixture.js';
import { nodeId } from '../node.js';
import { randomOf } from '../random.js';

export const second = 1e6;

/** The defaults of a scenario whose managers send heartbeats every 10 s. */
export const ringTimes: CoreConfig['overlay'] = {
  name: 'pastry',
  probePeriodUs: 10 * second,
  heartbeatPeriodUs: 30 * second,
  hopTimeoutUs: second / 2,
};

export interface Delivery {
  readonly key: NodeId;
  readonly at: Address;
}

class RingNode implements Process, OverlayUser {
  readonly pastry: Pastry;
  readonly #ring: Ring;
  readonly #address: Address;

  constructor(ring: Ring, environment: Environment) {
    const { address } = environment;
    this.#ring = ring;
    this.#address = address;
    const { node } = ring.peers[address];
    this.pastry = new Pastry(environment, this, ring.times, node, ring.peers);
  }

  start(): void {
    this.pastry.join();
  }

  receive(from: Address, message: BuiltInMessage): void {
    this.pastry.heard(from);
    this.pastry.receive(from, message);
  }

  onTimer(kind: number, argument: number): void {
    this.pastry.onTimer(kind, argument);
  }

  deliver(_source: Address, payload: { readonly type: string; readonly requester?: number }): void {
    this.#ring.delivered(this.#address, payload.requester ?? -1);
  }

  ballot(): Ballot | null {
    return null;
  }

  onBallot(): void {
    // Bare nodes have none.
  }
}

export class Ring {
  readonly world: SimWorld;
  readonly times: CoreConfig['overlay'];
  readonly peers: readonly Peer[];
  readonly nodes: RingNode[] = [];
  /** Where lookups ended, in order; each once. */
  onDelivery: (delivery: Delivery) => void = () => undefined;
  /** Deliveries of lookups that had been delivered before. */
  repeated = 0;
  /** Keys of the lookups that have not ended. */
  readonly pending = new Map<number, NodeId>();
  /** How often each node got the broadcast; lookups are not counted. */
  readonly told: Uint16Array;
  readonly #random: () => number;
  #lookups = 0;
  /** All configured nodes in the order of the ring. */
  readonly #order: readonly Address[];

  /** @param zones - nodes are dealt to them in turn; only partitions look at them */
  constructor(count: number, seed: number, zones = 2, times = ringTimes) {
    this.times = times;
    const scenario = scenarioOf({
      seed, managers: count, zones, resources: 0,
      network: {
        latency: { kind: 'same', delay: { kind: 'uniform', low: 0.001, high: 0.03 } },
        loss: 0,
      },
    });
    const inventory = buildInventory(scenario);
    this.peers = Array.from({ length: count }, (_, address) => ({
      address, node: inventory.nodeId(address, seed),
    }));
    this.#order = [...this.peers]
      .sort((a, b) => (a.node < b.node ? -1 : 1))
      .map(({ address }) => address);
    this.told = new Uint16Array(count);
    this.#random = randomOf(seed);
    this.world = new SimWorld({
      queue: new WheelQueue(), scenario, inventory, seed, interruptible: false,
      sink: { observe: () => undefined },
      processes: {
        manager: (environment) => {
          const node = new RingNode(this, environment);
          this.nodes[environment.address] = node;
          return node;
        },
        agent: () => {
          throw new Error('there are no agents');
        },
      },
    });
  }

  get nowUs(): number {
    return this.world.loop.now;
  }

  runFor(us: number): void {
    const endUs = this.nowUs + us;
    this.world.loop.run(endUs, Infinity);
    this.world.loop.now = endUs;
  }

  random(): number {
    return this.#random();
  }

  crash(...addresses: readonly Address[]): void {
    for (const address of addresses) this.world.crashHost(address);
  }

  /** Nodes that are up, in the order of the ring. */
  live(): Address[] {
    return this.#order.filter((address) => this.world.isHostUp(address));
  }

  /** Those that are part of a ring, as they believe. */
  active(): Address[] {
    return this.live().filter((address) => this.nodes[address]?.pastry.isActive === true);
  }

  anyOf(addresses: readonly Address[]): Address {
    return addresses[Math.floor(this.#random() * addresses.length)];
  }

  delivered(at: Address, lookup: number): void {
    if (lookup < 0) {
      this.told[at] += 1;
      return;
    }
    const key = this.pending.get(lookup);
    if (key === undefined) {
      this.repeated += 1;
      return;
    }
    this.pending.delete(lookup);
    this.onDelivery({ key, at });
  }

  /** Routes from there to a random key. */
  lookup(from: Address): void {
    const key = nodeId(this.#random);
    const lookup = (this.#lookups += 1);
    this.pending.set(lookup, key);
    const { pastry } = this.nodes[from];
    const request: ElectionRequest = {
      type: 'election-request', requester: lookup, suspected: null,
    };
    this.world.within(from, () => pastry.route(key, request));
  }

  leave(node: Address): void {
    this.world.within(node, () => this.nodes[node].pastry.leave());
  }

  broadcast(from: Address): void {
    const { node } = this.peers[from];
    const ballot = { counter: 1, node, incarnation: 1, address: from };
    const { pastry } = this.nodes[from];
    const announce: CoordinatorAnnounce = { type: 'coordinator-announce', ballot };
    this.world.within(from, () => pastry.broadcast(announce));
  }

  /** Of `sorted` (in the order of the ring), the one closest to `key`. */
  closest(key: NodeId, sorted: readonly Address[]): Address {
    let low = 0;
    for (let high = sorted.length; low < high;) {
      const middle = (low + high) >> 1;
      if (this.peers[sorted[middle]].node < key) low = middle + 1;
      else high = middle;
    }
    const after = sorted[low % sorted.length];
    const before = sorted[(low + sorted.length - 1) % sorted.length];
    const order = compareCloseness(key, this.peers[before].node, this.peers[after].node);
    return order < 0 ? before : after;
  }

  /** Of those that live, how many have a wrong leaf set. */
  wrongLeafSets(sorted: readonly Address[] = this.live()): number {
    return sorted.filter((address, place) => {
      const right = new Set<Address>();
      for (let step = 1; step <= Math.min(12, sorted.length - 1); step += 1) {
        right.add(sorted[(place + step) % sorted.length]);
        right.add(sorted[(place + sorted.length - step) % sorted.length]);
      }
      const { leafSet } = this.nodes[address].pastry;
      return leafSet.length !== right.size || leafSet.some((member) => !right.has(member));
    }).length;
  }

  sent(type: MessageType): number {
    return this.world.counters.sent[messageTypes.indexOf(type)];
  }

  /** Everything but lookups and broadcasts, and the acknowledgements of both. */
  maintenance(): number {
    return [...maintenanceTypes].reduce((sum, type) => sum + this.sent(type), 0);
  }
}
