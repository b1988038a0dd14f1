import fc from 'fast-check';
import t from 'tap';
import type { CoordinatorAnnounce } from '../../../core/election/index.js';
import { electionConformance } from '../../conformance/election.js';
import { holds } from '../overlay/holds.js';
import { msUs, secondUs, type Call } from '../overlay/memory-world.js';
import { overlayTimes } from '../overlay/node.js';
import {
  aroundOneUs, bootstrapUs, ElectionNet, electionTimes, hopsUs, overlayRoot,
} from './net.js';

const net = fc.record({ seed: fc.nat(), count: fc.integer({ min: 6, max: 16 }) });
/** A round of overlay probes. */
const roundUs = (count: number): number => (count + 1) * overlayTimes.probePeriodUs;

electionConformance('overlay-root', overlayRoot, {
  electedUs: 3 * aroundOneUs + 2 * electionTimes.requestTimeoutUs + bootstrapUs + hopsUs,
});

t.test('who starts together elects one, the root, which all acknowledge', async (t) => {
  holds(t, fc.property(net, ({ seed, count }) => {
    const net = ElectionNet.settled(count, seed);
    const ballot = net.agreed();
    return ballot !== null && ballot.address === net.line[0] && ballot.counter === 1 &&
      net.elections() === 1;
  }), 30);
});

t.test('an election leaves the timers of others alone', async (t) => {
  holds(t, fc.property(net, ({ seed, count }) => {
    const net = ElectionNet.settled(count, seed);
    net.world.runFor(overlayTimes.probePeriodUs);
    return net.world.messages('overlay-probe').some(({ from }) => from === net.line[0]);
  }), 20);
});

t.test('nobody elects itself before its seeds had time to tell', async (t) => {
  const net = new ElectionNet(6, 1);
  net.suspect();
  net.world.runFor(bootstrapUs - 1);
  t.equal(net.elections(), 0);
  t.ok(net.world.messages('overlay-route').length > 0, 'though it was asked to');
});

t.test('a ballot whose holder does not answer deposes nobody, but is gone beyond', async (t) => {
  const net = ElectionNet.settled(6, 10);
  const [first, second, third] = net.line;
  const before = net.agreed()!;
  const ballot = { ...before, counter: 7, address: second };
  const { node } = ballot;
  for (const to of [first, third]) {
    net.world.deliver(second, to, { type: 'overlay-probe', sequence: 1, node, ballot });
  }
  net.world.runFor(4 * bootstrapUs);
  t.same(net.agreed(), before);
  t.equal(net.nodes[first].deposed, 0);
  const asked = net.world.messages('coordinator-probe')
    .filter(({ from, to }) => from === first && to === second);
  t.equal(asked.length, electionTimes.tries);
  net.world.within(first, () => net.nodes[first].election.renew());
  net.world.runFor(hopsUs);
  t.equal(net.agreed()?.counter, 8);
});

t.test('a holder that is silent is asked some times, and again when heard of again', async (t) => {
  const net = ElectionNet.settled(6, 10);
  const [first, second] = net.line;
  const ballot = { ...net.agreed()!, counter: 7, address: second };
  net.world.crash(second);
  const asked = (): number => net.world.messages('coordinator-probe')
    .filter(({ from, to }) => from === first && to === second).length;
  const hear = (): void => net.world.within(first, () => net.nodes[first].election.hear(ballot));
  hear();
  net.world.runFor(4 * bootstrapUs);
  t.equal(asked(), electionTimes.tries);
  for (let count = 0; count < 50; count += 1) {
    hear();
    net.world.runFor(msUs);
  }
  net.world.runFor(4 * bootstrapUs);
  t.equal(asked(), 3 * electionTimes.tries, 'however often it was heard of meanwhile');
});

t.test('a coordinator that leaves gives the role to the next in line', async (t) => {
  holds(t, fc.property(net, ({ seed, count }) => {
    const net = ElectionNet.settled(count, seed);
    const [first, second] = net.line;
    net.leave(first);
    net.world.runFor(hopsUs);
    return net.agreed()?.address === second && net.elections() === 2 &&
      net.nodes[first].deposed === 1 && net.nodes[second].succession?.yielder === first;
  }), 20);
});

t.test('whose silence gave a node the role, it knows to be gone', async (t) => {
  holds(t, fc.property(net, ({ seed, count }) => {
    const net = ElectionNet.settled(count, seed);
    const [first, second] = net.line;
    net.world.crash(first);
    net.suspect();
    net.world.runFor(aroundOneUs + electionTimes.requestTimeoutUs + hopsUs);
    return net.agreed()?.address === second && net.nodes[second].succession?.gone[0] === first;
  }), 20);
  holds(t, fc.property(net, ({ seed, count }) => {
    const net = ElectionNet.settled(count, seed);
    const [first] = net.line;
    net.world.restart(first);
    net.suspect();
    net.world.runFor(2 * (aroundOneUs + bootstrapUs) + hopsUs);
    const taken = net.agreed()?.address;
    return taken !== undefined && net.nodes[taken].succession === undefined;
  }), 20);
});

t.test('the next in line may be down, or leave as well', async (t) => {
  holds(t, fc.property(net, ({ seed, count }) => {
    const net = ElectionNet.settled(count, seed);
    const [first, second, third, fourth] = net.line;
    net.world.crash(second);
    net.leave(third);
    net.leave(first);
    net.world.runFor(5 * electionTimes.tryTimeoutUs + hopsUs);
    return net.agreed()?.address === fourth && net.elections() === 2;
  }), 20);
});

t.test('who leaves does not take the role, though it is the root', async (t) => {
  holds(t, fc.property(net, ({ seed, count }) => {
    const net = ElectionNet.settled(count, seed);
    const [first, second, third] = net.line;
    net.leave(second);
    net.world.crash(first);
    net.suspect();
    net.world.runFor(aroundOneUs + 4 * electionTimes.requestTimeoutUs);
    return net.agreed()?.address === third;
  }), 20);
});

t.test('a role that was given away is not given twice', async (t) => {
  const net = ElectionNet.settled(6, 4);
  const [first, second, third] = net.line;
  const { ballot } = net.nodes[first].election;
  net.leave(first);
  net.world.runFor(hopsUs);
  net.world.deliver(first, third, { type: 'coordinator-yield', ballot, gone: [] });
  net.world.runFor(hopsUs);
  t.equal(net.agreed()?.address, second);
  t.equal(net.elections(), 2);
});

t.test('the role does not move when a closer id joins', async (t) => {
  const net = new ElectionNet(8, 2);
  const [first, second] = net.line;
  net.world.crash(first);
  net.world.runFor(bootstrapUs + aroundOneUs + 2 * electionTimes.requestTimeoutUs);
  t.equal(net.agreed()?.address, second);
  net.world.start(first);
  net.world.runFor(2 * secondUs);
  t.equal(net.agreed()?.address, second);
  t.equal(net.elections(), 1);
});

t.test('when the coordinator crashes one request elects the next in line', async (t) => {
  holds(t, fc.property(net, ({ seed, count }) => {
    const net = ElectionNet.settled(count, seed);
    const [first, second, ...others] = net.line;
    net.world.crash(first);
    net.suspect(others[seed % others.length]);
    net.world.runFor(aroundOneUs + bootstrapUs + hopsUs);
    const ballot = net.agreed();
    return ballot?.address === second && ballot.counter === 2 && net.elections() === 2;
  }), 30);
});

t.test('with the coordinator the next in line may die too, up to four of them', async (t) => {
  holds(t, fc.property(net, fc.integer({ min: 1, max: 4 }), ({ seed, count }, more) => {
    const net = ElectionNet.settled(count, seed);
    net.world.crash(...net.line.slice(0, more + 1));
    net.suspect();
    net.world.runFor((more + 1) * aroundOneUs + bootstrapUs + hopsUs);
    return net.agreed()?.address === net.line[more + 1] && net.elections() === 2;
  }), 30);
});

t.test('a root that dies while it asks for the coordinator is succeeded', async (t) => {
  const net = ElectionNet.settled(8, 3);
  const [first, second, third] = net.line;
  net.world.crash(first);
  net.suspect();
  net.world.runUntil(() => net.world.observed('election-started').length > 0, secondUs);
  net.world.crash(second);
  net.world.runFor(electionTimes.requestTimeoutUs + 2 * aroundOneUs + bootstrapUs + hopsUs);
  t.equal(net.agreed()?.address, third);
  t.equal(net.elections(), 2, 'the second took no ballot');
});

t.test('many who miss the coordinator at once cause one election', async (t) => {
  const net = ElectionNet.settled(16, 4);
  net.world.crash(net.line[0]);
  net.suspect();
  net.world.runFor(3 * secondUs);
  t.equal(net.elections(), 2);
  t.ok(net.agreed());
});

t.test('a false alarm elects nobody, and all requests end', async (t) => {
  const net = ElectionNet.settled(8, 5);
  net.suspect();
  net.world.runFor(electionTimes.requestTimeoutUs + bootstrapUs);
  t.equal(net.elections(), 1);
  const requests = net.world.messages('overlay-route').length;
  net.world.runFor(5 * secondUs);
  t.equal(net.world.messages('overlay-route').length, requests);
});

t.test('a coordinator that comes back without the role is replaced at once', async (t) => {
  const net = ElectionNet.settled(8, 6);
  const [first, second, third] = net.line;
  // Another than the root shall coordinate, so that the root has to ask it.
  net.world.crash(first);
  net.suspect(third);
  net.world.runFor(aroundOneUs + bootstrapUs + hopsUs);
  net.world.start(first);
  net.world.runFor(secondUs);
  net.world.restart(second);
  net.suspect(third);
  net.world.runFor(hopsUs);
  const ballot = net.agreed();
  t.equal(ballot?.address, first, 'well before the tries are over');
  t.equal(ballot?.counter, 3);
});

t.test('a coordinator that comes back while nobody noticed asks for an election', async (t) => {
  const net = ElectionNet.settled(8, 7);
  net.world.restart(net.line[0]);
  net.world.runFor(bootstrapUs + electionTimes.requestTimeoutUs + hopsUs);
  const ballot = net.agreed();
  t.equal(ballot?.counter, 2);
  t.equal(ballot?.incarnation, 2);
});

t.test('of two coordinators that meet the lesser steps down', async (t) => {
  holds(t, fc.property(net, fc.boolean(), ({ seed, count }, both) => {
    const net = ElectionNet.settled(count, seed);
    const side = (address: number): number => net.line.indexOf(address) % 2;
    net.world.reaches = (from, to) => side(from) === side(to);
    net.world.runFor(roundUs(count));
    const [one, other] = [0, 1].map((number) =>
      net.world.live().filter((address) => side(address) === number));
    net.suspect(...other);
    net.world.runFor(2 * secondUs);
    // In one half of the cases the old coordinator's side elects anew as well: equal counters.
    if (both) {
      net.world.restart(net.agreed(one)!.address);
      net.world.runFor(secondUs);
    }
    const [left, right] = [net.agreed(one), net.agreed(other)];
    if (left === null || right === null || left.address === right.address) return false;
    net.world.reaches = () => true;
    net.world.runFor(roundUs(count) + hopsUs);
    const loser = net.agreed()?.address === left.address ? right : left;
    return net.agreed() !== null && net.nodes[loser.address].deposed === 1 &&
      net.broken() === null;
  }), 30);
});

t.test('renewing takes a ballot above both, which all acknowledge', async (t) => {
  const net = ElectionNet.settled(6, 8);
  const { address } = net.agreed()!;
  net.world.within(address, () => net.nodes[address].election.renew());
  net.world.runFor(hopsUs);
  t.equal(net.agreed()?.counter, 2);
  const other = net.line[3];
  net.world.within(other, () => net.nodes[other].election.renew());
  net.world.runFor(hopsUs);
  t.equal(net.elections(), 2, 'only the coordinator can renew');
});

t.test('a ballot is durable before anyone hears of it, wherever the crash falls', async (t) => {
  let crashes = 0;
  for (const call of ['put', 'sync', 'observe', 'send', 'setTimer'] satisfies Call[]) {
    for (let nth = 0; nth < 8; nth += 1) {
      const net = new ElectionNet(4, 9);
      const root = net.line[0];
      net.world.runFor(bootstrapUs - 1);
      let calls = 0;
      net.world.crashesAt = (address, made) =>
        address === root && made === call && (calls += 1) === nth + 1;
      net.world.runFor(2 * msUs);
      net.world.crashesAt = () => false;
      crashes += net.world.isUp(root) ? 0 : 1;
      // Nobody else may take it, so that the same node does again.
      net.world.crash(...net.line);
      net.world.start(...net.line);
      net.world.runFor(secondUs);
      t.equal(net.agreed()?.address, root);
      t.equal(net.broken(), null);
      const told = net.world.messages('overlay-broadcast')
        .filter(({ from }) => from === root)
        .map(({ message }) => (message.payload as CoordinatorAnnounce).ballot)
        .filter(({ incarnation }) => incarnation === 1)
        .map(({ counter }) => counter);
      const counter = net.agreed()!.counter;
      if (told.some((before) => before >= counter)) t.fail(`${call} ${nth}: counter reused`);
    }
  }
  t.ok(crashes >= 10, `crashed at ${crashes} of the calls`);
});

type Deed = { readonly do: 'crash' | 'start' | 'suspect' | 'split' | 'join' | 'run' };

t.test('whatever happens, ballots never go back, and in the end all agree on one', async (t) => {
  const deed = fc.record({
    do: fc.constantFrom<Deed['do'][]>('crash', 'start', 'suspect', 'split', 'join', 'run'),
    node: fc.nat(6),
    forMs: fc.nat(600),
  });
  holds(t, fc.property(fc.nat(), fc.array(deed, { maxLength: 25 }), (seed, deeds) => {
    const net = new ElectionNet(7, seed);
    net.world.loss = 0.1;
    net.world.repetition = 0.1;
    net.world.delayUs = [msUs, 40 * msUs];
    for (const { do: what, node, forMs } of deeds) {
      if (what === 'crash') net.world.crash(node);
      else if (what === 'start') net.world.restart(node);
      else if (what === 'suspect' && net.world.isUp(node)) net.suspect(node);
      else if (what === 'split') net.world.reaches = (from, to) => (from > node) === (to > node);
      else if (what === 'join') net.world.reaches = () => true;
      net.world.runFor(forMs * msUs);
    }
    net.world.loss = 0;
    net.world.reaches = () => true;
    if (net.world.live().length === 0) net.world.start(0);
    net.world.runFor(roundUs(7));
    net.suspect();
    net.world.runFor(roundUs(7) + 3 * secondUs);
    return net.agreed() !== null && net.broken() === null;
  }), 60);
});

/** Nothing gets from one to the other. */
const deaf = (...links: readonly (readonly [number, number])[]) =>
  (from: number, to: number): boolean => !links.some(([a, b]) => a === from && b === to);

t.test('who alone does not hear the coordinator elects nobody, and is told why', async (t) => {
  holds(t, fc.property(net, fc.nat(), fc.boolean(), ({ seed, count }, who, outward) => {
    const net = ElectionNet.settled(count, seed);
    const [first, ...others] = net.line;
    const victim = others[who % others.length];
    net.world.reaches = deaf(outward ? [first, victim] : [victim, first]);
    for (let round = 0; round < 4; round += 1) {
      net.suspect(victim);
      net.world.runFor(secondUs);
    }
    const before = net.world.messages('coordinator-missed').length;
    net.world.runFor(2 * secondUs);
    return net.agreed()?.address === first && net.elections() === 1 &&
      net.world.messages('coordinator-missed').length === before;
  }), 40);
});

t.test('when the coordinator dies behind a deaf link, others are asked in time', async (t) => {
  holds(t, fc.property(net, fc.nat(), ({ seed, count }, who) => {
    const net = ElectionNet.settled(count, seed);
    const [first, ...others] = net.line;
    const victim = others[who % others.length];
    net.world.reaches = deaf([first, victim]);
    net.suspect(victim);
    net.world.runFor(secondUs);
    net.world.crash(first);
    // The others have not missed it themselves.
    net.suspect(victim);
    net.world.runFor(aroundOneUs + bootstrapUs + electionTimes.tryTimeoutUs + hopsUs);
    return net.agreed()?.address === others[0] && net.elections() === 2;
  }), 30);
});

t.test('of two with one deaf link both coordinate, until they hear each other', async (t) => {
  const net = ElectionNet.settled(2, 3);
  const [first, second] = net.line;
  net.world.reaches = deaf([first, second]);
  for (let round = 0; round < 5; round += 1) {
    net.suspect(second);
    net.world.runFor(3 * secondUs);
  }
  t.equal(net.elections(), 2);
  t.ok(net.nodes[first].election.coordinating && net.nodes[second].election.coordinating);
  net.world.reaches = () => true;
  net.world.runFor(roundUs(2) + hopsUs);
  t.equal(net.agreed()?.address, second);
  t.equal(net.nodes[first].deposed, 1);
});

t.test('three that each hear one other only take a ballot each, and no more', async (t) => {
  for (let seed = 0; seed < 10; seed += 1) {
    const net = ElectionNet.settled(3, seed);
    net.world.reaches = deaf([0, 1], [1, 2], [2, 0]);
    for (let round = 0; round < 10; round += 1) {
      net.suspect(...[0, 1, 2].filter((node) => !net.nodes[node].election.coordinating));
      net.world.runFor(2 * secondUs);
    }
    t.ok(net.elections() <= 3, `${net.elections()} elections`);
    net.world.reaches = () => true;
    net.world.runFor(2 * roundUs(3) + hopsUs);
    t.ok(net.agreed());
    t.equal(net.broken(), null);
  }
});

t.test('followers of a greater ballot whose holder is gone find a coordinator', async (t) => {
  holds(t, fc.property(net, ({ seed, count }) => {
    const net = ElectionNet.settled(count, seed);
    const side = (address: number): number => net.line.indexOf(address) % 2;
    net.world.reaches = (from, to) => side(from) === side(to);
    net.world.runFor(roundUs(count));
    const other = net.world.live().filter((address) => side(address) === 1);
    net.suspect(...other);
    net.world.runFor(2 * secondUs);
    const gone = net.agreed(other);
    if (gone === null) return false;
    net.world.crash(gone.address);
    net.world.reaches = () => true;
    net.world.runFor(roundUs(count));
    net.suspect(...net.world.live().filter((address) => side(address) === 1));
    net.world.runFor(2 * aroundOneUs + 2 * secondUs);
    const ballot = net.agreed();
    return ballot !== null && ballot.counter > gone.counter && net.broken() === null;
  }), 30);
});

t.test('who came back without the role is not asked as often as it says so', async (t) => {
  const net = ElectionNet.settled(5, 12);
  const [first, second] = net.line;
  const ballot = { ...net.agreed()!, counter: 9, address: second };
  net.world.repetition = 0.5;
  for (let count = 0; count < 10; count += 1) {
    net.world.deliver(second, first, {
      type: 'coordinator-status', ballot, coordinating: false, asked: true,
    });
    net.world.within(first, () => net.nodes[first].election.hear(ballot));
  }
  net.world.runFor(4 * secondUs);
  const asked = net.world.messages('coordinator-probe').filter(({ to }) => to === second);
  t.ok(asked.length < 12, `asked ${asked.length} times`);
});
