import t from 'tap';
import { contactOf } from '../../../../core/overlay/pastry/contact.js';
import { Neighbourhood } from '../../../../core/overlay/pastry/neighbourhood.js';
import type { PastryNode } from '../../../../core/overlay/pastry/node.js';
import { Requests } from '../../../../core/overlay/pastry/requests.js';
import { Seeker } from '../../../../core/overlay/pastry/seeker.js';
import type { Environment } from '../../../../core/process.js';
import { ringTimes } from './ring.js';

/** The node at so many 256ths of the ring. */
function at(place: number): string {
  return place.toString(16).padStart(2, '0') + '0'.repeat(30);
}

/** All that a node at `place` asks when it is told of `others`, and nobody ever answers. */
function askedInVain(place: number, others: readonly number[]): number[] {
  const asked: number[] = [];
  let ended = false;
  const environment = {
    address: 0, now: () => 0, cancelTimer: () => {}, setTimer: () => 0,
    send: (to: number) => asked.push(to),
  } as unknown as Environment;
  const self = { address: 0, node: at(place) };
  const requests = new Requests(environment, 1000);
  const node = {
    environment, requests, self: self.node, near: new Neighbourhood(self), config: ringTimes,
    peers: [], user: { ballot: () => null, onBallot: () => {}, deliver: () => {} },
    buried: () => {},
  } satisfies PastryNode;
  const seeker = new Seeker(node, (found) => {
    t.equal(found.length, 0);
    ended = true;
  });
  const peers = others.map((other, index) => contactOf({ address: index + 1, node: at(other) }));
  seeker.seek(peers, false);
  for (let sequence = 1; !ended && sequence < 100; sequence += 1) requests.onTimeout(sequence);
  t.ok(ended);
  return asked.sort((a, b) => a - b);
}

t.test('a search ends with the last who was named, though a whole side is silent', async (t) => {
  const twelve = Array.from({ length: 12 }, (_, index) => index + 1);
  const all = [...twelve, 13, 14];
  // The two farthest clockwise have no place on that side, which the twelve fill.
  t.same(askedInVain(0, [...twelve, 96, 112]), all);
  // The same the other way around.
  t.same(askedInVain(0, [...twelve.map((step) => 256 - step), 160, 144]), all);
});
