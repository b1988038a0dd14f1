import fc from 'fast-check';
import t from 'tap';
import { mergeUs, repairUs } from '../../../soak/rings.js';
import { holds } from '../holds.js';
import { Ring, ringTimes, second } from './ring.js';
import { inTime } from '../../../length.js';

const joinUs = 20 * second;
const settledUs = repairUs + mergeUs + joinUs;

/** A ring of so many, all of whom have joined. */
function joined(count: number, seed: number): Ring {
  const ring = new Ring(count, seed);
  ring.runFor(joinUs);
  return ring;
}

t.test('who starts together ends in one ring, whoever is down', async (t) => {
  const down = fc.uniqueArray(fc.nat(29), { maxLength: 20 });
  holds(t, fc.property(fc.nat(), down, (seed, addresses) => {
    const ring = new Ring(30, seed);
    // They boot within the first second, and crash before they have joined.
    ring.runFor(second);
    ring.crash(...addresses);
    ring.runFor(settledUs);
    return ring.active().length === 30 - addresses.length && ring.wrongLeafSets() === 0;
  }), inTime(8, 25));
});

type Deed = { readonly what: 'crash' | 'start' | 'leave' | 'pause'; readonly node: number };

t.test('whoever joins, leaves, crashes or pauses: in the end the ring is right', async (t) => {
  const deed = fc.record({
    what: fc.constantFrom<Deed['what'][]>('crash', 'start', 'leave', 'pause'),
    node: fc.nat(39),
    afterMs: fc.oneof(fc.nat(2000), fc.nat(60_000)),
  });
  holds(t, fc.property(fc.nat(), fc.array(deed, { maxLength: 40 }), (seed, deeds) => {
    const ring = joined(40, seed);
    for (const { what, node, afterMs } of deeds) {
      const { world } = ring;
      if (what === 'start') world.restartHost(node);
      else if (what === 'crash') world.crashHost(node);
      else if (what === 'pause') {
        world.pauseProcess(node);
        world.callAt(ring.nowUs + 40 * second, () => world.resumeProcess(node));
      } else if (world.isHostUp(node) && !world.isPaused(node)) {
        ring.leave(node);
        world.crashHost(node);
      }
      ring.runFor(afterMs * 1000);
    }
    ring.runFor(40 * second + settledUs);
    return ring.active().length === ring.live().length && ring.wrongLeafSets() === 0;
  }), inTime(14, 40));
});

t.test('halves that were apart, shortly or long: one ring, and no storm', async (t) => {
  // A while after the heal, pairs that met again are told of by others who have not.
  const apart = fc.constantFrom(8, 15, 25, 35, 60, 120);
  holds(t, fc.property(fc.nat(), apart, fc.constantFrom(10, 24, 40), (seed, seconds, count) => {
    const ring = joined(count, seed);
    ring.world.setPartition([0, 1]);
    ring.runFor(seconds * second);
    const before = ring.sent('overlay-leaves');
    ring.world.setPartition(null);
    ring.runFor(mergeUs);
    const asked = ring.sent('overlay-leaves') - before;
    const members = Math.min(24, count - 1);
    return ring.wrongLeafSets() === 0 && asked <= 6 * count * members;
  }), inTime(6, 15));
});

t.test('who comes back is asked for its leaf set, and not given up again', async (t) => {
  // So short a period that each of the others has a question to the dead one out at any time.
  const times = { ...ringTimes, probePeriodUs: ringTimes.hopTimeoutUs };
  const counts = fc.integer({ min: 3, max: 16 });
  holds(t, fc.property(fc.nat(), counts, fc.nat(20_000), (seed, count, ms) => {
    const ring = new Ring(count, seed, 2, times);
    ring.runFor(joinUs);
    const gone = ring.anyOf(ring.live());
    ring.crash(gone);
    ring.runFor(20 * second + 1000 * ms);
    const before = ring.sent('overlay-leaves');
    ring.world.restartHost(gone);
    ring.runFor(5 * second);
    const asked = ring.sent('overlay-leaves') - before;
    return ring.wrongLeafSets() === 0 && asked <= 2 * count;
  }), inTime(20, 200));
});

t.test('a ring that is right stays right while who died shortly before comes back', async (t) => {
  const counts = fc.integer({ min: 3, max: 24 });
  holds(t, fc.property(fc.nat(), counts, fc.nat(60_000), (seed, count, ms) => {
    const ring = new Ring(count, seed);
    ring.runFor(joinUs);
    const gone = ring.anyOf(ring.live());
    ring.crash(gone);
    ring.runFor(1000 * ms);
    ring.world.restartHost(gone);
    let wasRight = false;
    for (let step = 0; step < 60; step += 1) {
      ring.runFor(second / 5);
      const isRight = ring.wrongLeafSets() === 0;
      if (wasRight && !isRight) return false;
      wasRight = isRight;
    }
    return wasRight;
  }), inTime(20, 400));
});

t.test('who leaves tells its neighbours: they close the gap at once', async (t) => {
  const ring = joined(60, 1);
  const gone = ring.anyOf(ring.live());
  ring.leave(gone);
  ring.crash(gone);
  ring.runFor(second);
  t.equal(ring.wrongLeafSets(), 0);
});

t.test('a whole side of a leaf set dies at once', async (t) => {
  for (const count of [12, 20, 24]) {
    const ring = joined(200, count);
    ring.crash(...ring.live().slice(50, 50 + count));
    ring.runFor(repairUs);
    t.equal(ring.wrongLeafSets(), 0, `${count} in a row`);
  }
});

t.test('one that stood still while all gave it up shows itself again', async (t) => {
  const ring = joined(100, 3);
  const paused = ring.anyOf(ring.live());
  ring.world.pauseProcess(paused);
  ring.runFor(120 * second);
  const others = ring.live().filter((address) => address !== paused);
  t.equal(ring.wrongLeafSets(others), 0, 'it is given up');
  ring.world.resumeProcess(paused);
  ring.runFor(ringTimes.heartbeatPeriodUs + ringTimes.probePeriodUs);
  t.equal(ring.wrongLeafSets(), 0);
});
