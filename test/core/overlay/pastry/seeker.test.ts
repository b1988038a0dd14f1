import t from 'tap';
import { contactOf } from '../../../../core/overlay/pastry/contact.js';
import { Seeker } from '../../../../core/overlay/pastry/seeker.js';
import { alone, at } from './alone.js';

/** All that a node at `place` asks when it is told of `others`, and nobody ever answers. */
function askedInVain(place: number, others: readonly number[]): number[] {
  const { node, asked, giveUp } = alone(place);
  let ended = false;
  const seeker = new Seeker(node, (found) => {
    t.equal(found.length, 0);
    ended = true;
  });
  const peers = others.map((other, index) => contactOf({ address: index + 1, node: at(other) }));
  seeker.seek(peers, false);
  giveUp();
  t.ok(ended);
  return asked.toSorted((a, b) => a - b);
}

t.test('a search ends with the last who was named, though a whole side is silent', async (t) => {
  const twelve = Array.from({ length: 12 }, (_, index) => index + 1);
  const all = [...twelve, 13, 14];
  // The two farthest clockwise have no place on that side, which the twelve fill.
  t.same(askedInVain(0, [...twelve, 96, 112]), all);
  // The same the other way around.
  t.same(askedInVain(0, [...twelve.map((step) => 256 - step), 160, 144]), all);
});
