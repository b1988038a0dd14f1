/** How a node follows what it is told piece by piece. */
import t from 'tap';
import { Ahead, Progress } from '../../../core/coordination/progress.js';

t.test('a lesser word counts once no greater one has followed for a while', async (t) => {
  const progress = new Progress();
  progress.told = 10;
  t.ok(progress.acknowledged(8, 0));
  t.notOk(progress.acknowledged(5, 1));
  t.ok(progress.acknowledged(10, 2), 'the lesser was late');
  t.notOk(progress.rewind(10, 50, 20));
  t.notOk(progress.acknowledged(0, 60));
  t.notOk(progress.rewind(10, 79, 20));
  t.ok(progress.rewind(10, 80, 20), 'it lives anew');
  t.same([progress.held, progress.told], [0, 0]);
});

t.test('pieces are taken in order and once, and only so many are kept', async (t) => {
  const ahead = new Ahead<{ from: number; to: number }>();
  const taken = (from: number, to: number): number[] =>
    Array.from(ahead.following({ from, to }), (piece) => piece.to);
  ahead.keep({ from: 4, to: 6 }, 2);
  ahead.keep({ from: 2, to: 4 }, 2);
  ahead.keep({ from: 6, to: 8 }, 2);
  t.same(taken(0, 2), [2, 4, 6], 'the third found no room');
  t.ok(ahead.isEmpty);
  ahead.keep({ from: 6, to: 6 }, 2);
  t.same(taken(4, 6), [6, 6], 'a piece that follows itself has an end');
  ahead.keep({ from: 1, to: 3 }, 2);
  t.same(taken(0, 9), [9]);
  t.ok(ahead.isEmpty, 'what is passed is forgotten');
});
