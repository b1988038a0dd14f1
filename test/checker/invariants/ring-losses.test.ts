import t from 'tap';
import { RingLosses } from '../../../checker/invariants/ring-losses.js';
import type { InvariantContext } from '../../../checker/invariants/invariant.js';
import { sideLength } from '../../../core/overlay/index.js';

const wholeUs = 100;

/** So many managers die, one after the other, and all is looked at later. */
function parted(deaths: number, apartUs: number, laterUs: number): boolean {
  const losses = new RingLosses({ bounds: { wholeUs } } as unknown as InvariantContext);
  let nowUs = 1000;
  for (let death = 0; death < deaths; death += 1) {
    nowUs += apartUs;
    losses.down(nowUs);
  }
  return losses.mayHaveParted(nowUs + laterUs);
}

t.test('a ring may come apart where more die at a time than a side has members', (t) => {
  t.equal(parted(sideLength + 1, 0, 1), true);
  t.equal(parted(sideLength, 0, 1), false, 'one is left on each side');
  t.equal(parted(sideLength + 1, 10, 1), false, 'those that are left find each other meanwhile');
  t.equal(parted(sideLength + 1, 0, wholeUs), false, 'it is whole again');
  t.equal(parted(10 * sideLength, 5, 1), true, 'many, some of them before');
  t.end();
});
