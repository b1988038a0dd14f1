import t from 'tap';
import { contactOf } from '../../../../core/overlay/pastry/contact.js';
import { LeafKeeper } from '../../../../core/overlay/pastry/leaf-keeper.js';
import { alone, at } from './alone.js';

t.test('of many named the nearest are asked; when these are dead, the others', async (t) => {
  const { node, asked, giveUp } = alone(0);
  const keeper = new LeafKeeper(node, () => {}, () => {});
  // Everyone has its place for an address.
  const other = contactOf({ address: 128, node: at(128) });
  const name = (...places: number[]): void => {
    asked.length = 0;
    keeper.onLeaves(other, {
      type: 'overlay-leaves-answer', sequence: 0, node: other.node, ballot: null, lost: [],
      leaves: places.map((place) => ({ address: place, node: at(place) })),
    });
  };
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);

  name(...range(20, 34), ...range(222, 236));
  const first = [...range(20, 31), ...range(225, 236)];
  t.same(asked.toSorted((a, b) => a - b), first, 'as many as have a place');
  name(...range(2, 19));
  t.same(asked, range(2, 17), 'and sixteen while others are asked');
  name(...range(2, 19));
  t.same(asked, [], 'each once');
  giveUp();
  for (const place of [18, 19, 32, 222]) t.ok(asked.includes(place), `${place} in the end`);
});
