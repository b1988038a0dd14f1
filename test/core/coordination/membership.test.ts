import t from 'tap';
import { Member } from '../../../core/coordination/membership.js';
import type { PartDelta } from '../../../core/metamodel/delta.js';
import { tokenOf } from './fixtures.js';

const delta = (from: number, to: number): PartDelta => ({ incarnation: 1, from, to, entries: [] });

function member(): Member {
  const one = new Member(3, 0);
  one.restart(1);
  return one;
}

t.test('deltas that came before their predecessors are taken in their turn', (t) => {
  const one = member();
  one.keepAhead(delta(2, 3));
  one.keepAhead(delta(1, 2));
  t.equal(one.takeNext(), undefined, 'the first is missing');
  one.version = 1;
  t.equal(one.takeNext()!.to, 2);
  one.version = 2;
  t.equal(one.takeNext()!.to, 3);
  t.equal(one.takeNext(), undefined, 'once');
  t.end();
});

t.test('so many are kept that some must wait, and what is overtaken makes room', (t) => {
  const one = member();
  for (let from = 1; from <= 64; from += 1) one.keepAhead(delta(from, from + 1));
  one.keepAhead(delta(100, 101));
  one.version = 100;
  t.equal(one.takeNext(), undefined, 'there was no room for it');
  one.keepAhead(delta(100, 101));
  t.equal(one.takeNext()!.to, 101, 'all others were overtaken');
  t.end();
});

t.test('as many are kept as all of the system comes in', (t) => {
  const one = member();
  for (let from = 1; from <= 100; from += 1) one.keepAhead(delta(from, from + 1), 100);
  one.keepAhead(delta(101, 102), 100);
  for (one.version = 1; one.version <= 100; one.version += 1) t.ok(one.takeNext());
  t.equal(one.takeNext(), undefined, 'and no more');
  t.end();
});

t.test('a new life begins with nothing of the last', (t) => {
  const one = member();
  one.version = 4;
  one.keepAhead(delta(0, 1));
  one.stale.set(7, tokenOf(5, 1));
  one.restart(2);
  t.same([one.incarnation, one.version, one.stale.size], [2, 0, 0]);
  t.equal(one.takeNext(), undefined);
  t.end();
});

t.test('it leaves in the life that said so and in earlier ones', (t) => {
  const one = member();
  t.notOk(one.isLeaving);
  one.leavingLife = 1;
  t.ok(one.isLeaving);
  one.restart(2);
  t.notOk(one.isLeaving);
  t.end();
});

t.test('whether it is deaf its latest heartbeat says, and what changes is told', (t) => {
  const one = member();
  t.notOk(one.tellsUnanswered(1, 3, 3), 'so many are tolerated');
  t.notOk(one.isDeaf);
  t.ok(one.tellsUnanswered(2, 4, 3));
  t.ok(one.isDeaf);
  t.notOk(one.tellsUnanswered(3, 5, 3), 'it was before');
  t.notOk(one.tellsUnanswered(2, 0, 3), 'an older one');
  t.ok(one.isDeaf);
  t.ok(one.tellsUnanswered(4, 0, 3));
  t.notOk(one.isDeaf);
  t.end();
});
