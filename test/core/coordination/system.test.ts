/** Managers and agents together: what the parts promise each other, on one small plane. */
import fc from 'fast-check';
import t from 'tap';
import type { Address } from '../../../core/process.js';
import { holds } from '../overlay/holds.js';
import { msUs, secondUs } from '../overlay/memory-world.js';
import { agents, Plane, settleUs } from './plane.js';
import { inTime } from '../../length.js';

t.test('a plane that starts together soon manages everything', async (t) => {
  holds(t, fc.property(fc.nat(), (seed) => {
    const plane = new Plane(seed);
    plane.world.runFor(4 * secondUs);
    return plane.wrong().length === 0 && plane.coordinators().length === 1;
  }), inTime(8, 20));
});

t.test('what a dead manager held, coordinator or not, is managed again', async (t) => {
  holds(t, fc.property(fc.nat(), fc.subarray([0, 1, 2, 3, 4], { maxLength: 4 }), (seed, dead) => {
    const plane = new Plane(seed);
    plane.world.runFor(5 * secondUs);
    plane.world.crash(...dead);
    plane.world.runFor(settleUs);
    return plane.wrong().length === 0 && plane.coordinators().length === 1;
  }), inTime(8, 20));
});

t.test('two coordinators that meet hand over, and one goes on above both', async (t) => {
  holds(t, fc.property(fc.nat(), (seed) => {
    const plane = new Plane(seed);
    plane.world.runFor(5 * secondUs);
    const side = (address: Address): number => address % 2;
    plane.world.reaches = (from, to) => side(from) === side(to);
    plane.world.runFor(settleUs);
    const before = plane.world.observed('coordinator-elected').map(({ ballot }) => ballot.counter);
    if (plane.coordinators().length !== 2) return false;
    plane.world.reaches = () => true;
    plane.world.runFor(settleUs);
    const after = plane.world.observed('coordinator-elected').map(({ ballot }) => ballot.counter);
    return plane.wrong().length === 0 && plane.coordinators().length === 1 &&
      plane.world.messages('model-handover').length > 0 &&
      Math.max(...after) > Math.max(...before);
  }), inTime(8, 20));
});

t.test('whatever fails on the way, in the end everything is managed once', async (t) => {
  const deed = fc.record({
    do: fc.constantFrom('crash', 'restart', 'split', 'join'),
    process: fc.constantFrom(0, 1, 2, 3, 4, ...agents),
    forMs: fc.nat(6000),
  });
  holds(t, fc.property(fc.nat(), fc.array(deed, { maxLength: 8 }), (seed, deeds) => {
    const plane = new Plane(seed);
    plane.world.loss = 0.02;
    plane.world.repetition = 0.05;
    plane.world.runFor(5 * secondUs);
    for (const { do: what, process, forMs } of deeds) {
      if (what === 'crash') plane.world.crash(process);
      else if (what === 'restart') plane.world.restart(process);
      else if (what === 'split') {
        plane.world.reaches = (from, to) => (from * 7 + process) % 2 === (to * 7 + process) % 2;
      } else plane.world.reaches = () => true;
      plane.world.runFor(forMs * msUs);
    }
    plane.world.loss = 0;
    plane.world.repetition = 0;
    plane.world.reaches = () => true;
    const gone = [...plane.managers, ...agents].filter((address) => !plane.world.isUp(address));
    plane.world.start(...gone);
    plane.world.runFor(2 * settleUs);
    return plane.wrong().length === 0 && plane.coordinators().length === 1;
  }), inTime(10, 25));
});
