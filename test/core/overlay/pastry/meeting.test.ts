import t from 'tap';
import { Meeting } from '../../../../core/overlay/pastry/meeting.js';
import { alone, at } from './alone.js';

t.test('who comes back while it is asked is owed another question', (t) => {
  const { node, asked, giveUp } = alone(0);
  const died: number[] = [];
  const meeting = new Meeting(node, {
    named: () => {}, seek: () => {}, died: ({ address }) => died.push(address),
  });
  const peer = node.near.contact({ address: 7, node: at(7) });

  meeting.probe(peer, 1);
  giveUp();
  t.same([asked, died], [[7], []], 'nobody knew it: nothing is lost');

  meeting.probe(peer, 1);
  node.near.admit(peer);
  // Time stands still here: the question went out at 0.
  peer.heardUs = 1;
  giveUp();
  t.same(asked.slice(2), [7, 7], 'it may never have got the question: it is asked again, twice');
  t.same(died, [7], 'and does not answer');

  peer.heardUs = 0;
  meeting.probe(peer, 2);
  giveUp();
  t.same(asked.slice(4), [7, 7]);
  t.same(died, [7, 7], 'who was not heard since had its chance');
  t.end();
});
