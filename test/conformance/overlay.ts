/** What every implementation of Overlay must do, driven in the in-memory world. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { Address, Ballot, NodeId } from '../../core/identity.js';
import type { MessageType } from '../../core/messages.js';
import {
  compareCloseness, coordinatorKey, nextInLine, type Peer,
} from '../../core/overlay/index.js';
import { holds } from '../core/overlay/holds.js';
import { msUs } from '../core/overlay/memory-world.js';
import {
  ascending, nodeId, OverlayNet, overlayTimes, type MakeOverlay,
} from '../core/overlay/node.js';
import { randomOf } from '../core/overlay/random.js';

export interface OverlayTraits {
  /** How often a hop is sent before its node is taken for dead. */
  readonly tries: number;
  /** Time in which those who start together have joined. */
  readonly joinUs: number;
  /** Time in which a route gets around so many dead nodes next to its key. */
  readonly aroundUs: (dead: number) => number;
  /** How many of the 12 pairs of four nodes probe each other. */
  readonly probingPairs: number;
  /** Time in which every node has probed all that it is to probe. */
  readonly probeRoundUs: (nodes: number) => number;
}

const world = fc.record({ seed: fc.nat(), count: fc.integer({ min: 1, max: 24 }) });
const hopsUs = 40 * msUs;
/** What shows a node's life without being an answer. */
const probes: ReadonlySet<MessageType> = new Set<MessageType>([
  'overlay-probe', 'overlay-heartbeat', 'overlay-leaves',
]);

export function overlayConformance(name: string, make: MakeOverlay, traits: OverlayTraits): void {
  t.test(`${name} as an overlay`, async (t) => {
    routing(t, make, traits);
    membership(t, make, traits);
    naming(t, make, traits);
    spreading(t, make, traits);
  });
}

function nearestFirst(peers: readonly Peer[], key: NodeId): Peer[] {
  return [...peers].sort((a, b) => compareCloseness(key, a.node, b.node));
}

function routing(t: Test, make: MakeOverlay, traits: OverlayTraits): void {
  const { tries, joinUs, aroundUs, probeRoundUs } = traits;
  t.test('a route ends once, at the node closest to the key', async (t) => {
    holds(t, fc.property(world, ({ seed, count }) => {
      const net = new OverlayNet(make, count, seed);
      net.world.runFor(probeRoundUs(count));
      const random = randomOf(seed + 1);
      for (let round = 0; round < 5; round += 1) {
        const key = nodeId(random);
        const origin = Math.floor(random() * count);
        net.route(origin, key);
        net.world.runFor(hopsUs);
        const root = net.nodes[nearestFirst(net.peers, key)[0].address];
        const [arrived, ...more] = root.delivered.splice(0);
        if (arrived?.source !== origin || more.length > 0) return false;
      }
      return net.deliveries().length === 0;
    }), 40);
  });

  t.test('its end is told, with the hops it took', async (t) => {
    holds(t, fc.property(world, ({ seed, count }) => {
      const net = new OverlayNet(make, count, seed);
      net.world.runFor(probeRoundUs(count));
      const before = net.world.sent.length;
      const key = nodeId(randomOf(seed + 4));
      net.route(seed % count, key);
      net.world.runFor(hopsUs);
      const sent = net.world.sent.slice(before);
      const hops = sent.filter(({ message }) => message.type === 'overlay-route').length;
      const ends = net.world.observed('route-ended');
      const root = nearestFirst(net.peers, key)[0].address;
      return ends.length === 1 && ends[0].hops === hops && ends[0].process === root;
    }), 20);
  });

  t.test('a route goes around the dead, each in the time of its tries', async (t) => {
    holds(t, fc.property(world, fc.integer({ min: 1, max: 5 }), ({ seed, count }, dead) => {
      const net = new OverlayNet(make, count + 6, seed);
      net.world.runFor(joinUs);
      const key = nodeId(randomOf(seed + 2));
      const line = nearestFirst(net.peers, key).map(({ address }) => address);
      net.world.crash(...line.slice(0, dead));
      const origin = line[dead + (seed % count)];
      net.route(origin, key);
      net.world.runFor(aroundUs(dead) + hopsUs);
      return net.deliveries().every((address) => address === line[dead]) &&
        net.nodes[line[dead]].delivered.length === 1;
    }), 40);
  });

  t.test('a route that nobody acknowledges in time still ends, at the root', async (t) => {
    holds(t, fc.property(world, ({ seed, count }) => {
      const net = new OverlayNet(make, count, seed);
      net.world.runFor(probeRoundUs(count));
      const key = nodeId(randomOf(seed + 3));
      net.world.loses = ({ message }) => message.type === 'overlay-ack';
      net.route(seed % count, key);
      net.world.runFor(4 * tries * overlayTimes.hopTimeoutUs);
      const root = nearestFirst(net.peers, key)[0].address;
      return net.nodes[root].delivered.length > 0;
    }), 20);
  });
}

function membership(t: Test, make: MakeOverlay, traits: OverlayTraits): void {
  const { joinUs, probeRoundUs, probingPairs } = traits;
  t.test('neighbours are those that live, found by probing', async (t) => {
    const net = new OverlayNet(make, 8, 1);
    net.world.crash(2, 5);
    net.world.runFor(probeRoundUs(8));
    t.same(ascending(net.nodes[0].overlay.neighbours()), [1, 3, 4, 6, 7]);
    net.world.start(2);
    net.world.runFor(probeRoundUs(8));
    t.same(ascending(net.nodes[0].overlay.neighbours()), [1, 2, 3, 4, 6, 7], 'it is back');
  });

  t.test('two parts that took each other for dead grow together again', async (t) => {
    const net = new OverlayNet(make, 6, 2);
    net.world.reaches = (from, to) => from % 2 === to % 2;
    net.world.runFor(probeRoundUs(6));
    t.same(ascending(net.nodes[0].overlay.neighbours()), [2, 4]);
    net.world.reaches = () => true;
    net.world.runFor(probeRoundUs(6));
    for (const { overlay } of net.nodes) t.equal(overlay.neighbours().length, 5);
  });

  t.test('a single lost message buries nobody', async (t) => {
    const net = new OverlayNet(make, 4, 3);
    net.world.runFor(joinUs);
    const lost = new Set<number>();
    net.world.loses = ({ from, to, message }) => {
      const first = probes.has(message.type) && !lost.has(8 * from + to);
      if (first) lost.add(8 * from + to);
      return first;
    };
    for (let step = 0; step < 50; step += 1) {
      net.world.runFor(probeRoundUs(4) / 50);
      for (const { overlay } of net.nodes) {
        if (overlay.neighbours().length !== 3) t.fail('a live node is missing');
      }
    }
    t.equal(lost.size, probingPairs, 'every probe was lost once');
  });

  t.test('alternates are live nodes, another each time', async (t) => {
    const net = new OverlayNet(make, 6, 4);
    net.world.crash(3);
    net.world.runFor(probeRoundUs(6));
    const { overlay } = net.nodes[0];
    const asked = [1, 2, 3, 4].map(() => overlay.alternate());
    t.same(ascending(asked), [1, 2, 4, 5]);
    const alone = new OverlayNet(make, 1, 4);
    alone.world.runFor(probeRoundUs(1));
    t.equal(alone.nodes[0].overlay.alternate(), -1);
    t.same(alone.nodes[0].overlay.neighbours(), []);
  });
}

function naming(t: Test, make: MakeOverlay, { joinUs, probeRoundUs }: OverlayTraits): void {
  t.test('a node is known by the id that it has, and those next in line by theirs', async (t) => {
    const net = new OverlayNet(make, 8, 1);
    net.world.runFor(joinUs);
    const { overlay } = net.nodes[0];
    for (const { address, node } of net.peers) t.equal(overlay.nodeOf(address), node);
    t.equal(overlay.nodeOf(8), undefined, 'nobody is there');
    const others = net.peers.slice(1);
    const line = (peers: readonly Peer[]): Address[] =>
      nearestFirst(peers, coordinatorKey).map(({ address }) => address);
    t.same(nextInLine([8, 1, 2, 3, 4, 5, 6, 7], overlay, 3), line(others).slice(0, 3));
    const last = line(others)[6];
    net.renamed.set(last, coordinatorKey);
    net.world.crash(last);
    net.world.start(last);
    net.world.runFor(probeRoundUs(8));
    t.equal(overlay.nodeOf(last), coordinatorKey);
    t.same(nextInLine(overlay.neighbours(), overlay, 1), [last], 'it is the next one');
  });
}

function spreading(t: Test, make: MakeOverlay, { probeRoundUs }: OverlayTraits): void {
  const ballot: Ballot = { counter: 3, node: '0'.repeat(32), incarnation: 1, address: 0 };

  t.test('a broadcast reaches every other live node once', async (t) => {
    holds(t, fc.property(world, fc.nat(5), ({ seed, count }, dead) => {
      const net = new OverlayNet(make, count + dead, seed);
      net.world.crash(...net.peers.slice(count).map(({ address }) => address));
      net.world.runFor(probeRoundUs(count + dead));
      const origin = seed % count;
      const payload = { type: 'coordinator-announce', ballot } as const;
      net.world.within(origin, () => net.nodes[origin].overlay.broadcast(payload));
      net.world.runFor(hopsUs);
      const expected = net.world.live().filter((address) => address !== origin);
      return net.deliveries().join() === expected.join() &&
        net.nodes.every(({ delivered }) => delivered.every(({ source }) => source === origin));
    }), 30);
  });

  t.test('probes carry ballots both ways, so that coordinators meet', async (t) => {
    const net = new OverlayNet(make, 2, 5);
    const other = { ...ballot, counter: 4, address: 1 };
    net.nodes[0].own = ballot;
    net.nodes[1].own = other;
    net.world.loses = ({ from, message }) => from === 1 && message.type === 'overlay-probe';
    net.world.runFor(probeRoundUs(2));
    t.same(net.nodes[0].met[0], { from: 1, ballot: other }, 'by the answer');
    t.same(net.nodes[1].met[0], { from: 0, ballot }, 'by the probe');
  });
}
