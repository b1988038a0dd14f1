/** What counts as moved: more than chance explains, and no less. */
import t from 'tap';
import { moved, spreadOf } from '../soak/spread.js';

const of = (count: number, times: (seed: number) => number) =>
  spreadOf(Array.from({ length: count }, (_, seed) => times(seed)));

t.test('the same, or a little else, has not moved', async (t) => {
  const before = of(200, (seed) => seed % 5);
  t.equal(moved(before, before, 4), null);
  t.equal(moved(before, of(200, (seed) => (seed + 1) % 5), 4), null);
  t.equal(moved(before, of(20, (seed) => seed % 5), 4), null, 'with fewer seeds');
  t.equal(moved(of(200, () => 0), of(200, (seed) => seed === 7 ? 1 : 0), 4), null);
});

t.test('what is reached no more, by fewer seeds or seldomer has moved', async (t) => {
  t.equal(moved(of(200, () => 1), of(200, () => 0), 4), 'fewer seeds and seldomer');
  t.equal(moved(of(200, (seed) => seed % 2), of(200, (seed) => seed % 2 * 3), 4), 'more often');
  t.equal(moved(of(200, (seed) => seed % 2), of(200, () => 1), 4), 'more seeds and more often');
});
