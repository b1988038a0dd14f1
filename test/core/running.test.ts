/** Running time: stalls and steps of the clock are left out of it, and nothing else is. */
import fc from 'fast-check';
import t from 'tap';
import type { Environment } from '../../core/process.js';
import { Running } from '../../core/running.js';
import { holds } from './overlay/holds.js';
import { msUs, secondUs } from './overlay/memory-world.js';

const periodUs = secondUs;

/** A clock that the test sets, and a process that looks at it once a period. */
class Bench {
  shownUs = 7 * secondUs;
  readonly running: Running;

  constructor() {
    this.running = new Running({ now: () => this.shownUs } as Environment, periodUs);
    this.running.look(periodUs);
  }

  /** So much passes until the next look. */
  look(gapUs = periodUs): boolean {
    this.shownUs += gapUs;
    return this.running.look(periodUs);
  }
}

t.test('goes with the clock while all is well, though timers come a little early', async (t) => {
  const bench = new Bench();
  for (const gapUs of [periodUs, periodUs - 900, periodUs, periodUs - 1000]) {
    t.notOk(bench.look(gapUs));
    t.equal(bench.running.now(), bench.shownUs);
    bench.shownUs += 100;
    t.equal(bench.running.now(), bench.shownUs);
    bench.shownUs -= 100;
  }
});

t.test('a look that is a little late counts for no more than its period', async (t) => {
  const bench = new Bench();
  const beforeUs = bench.running.now();
  t.notOk(bench.look(periodUs + 90 * msUs));
  t.equal(bench.running.now(), beforeUs + periodUs);
});

t.test('a stall adds a period at most, and is judged at the next look', async (t) => {
  const bench = new Bench();
  const beforeUs = bench.running.now();
  bench.shownUs += 60 * secondUs;
  t.equal(bench.running.now(), beforeUs + periodUs, 'no look has shown yet how long it was');
  t.ok(bench.running.look(periodUs));
  t.equal(bench.running.now(), beforeUs + periodUs);
  t.equal(bench.running.judgedUs, beforeUs, 'messages may still wait in line');
  t.notOk(bench.look());
  t.equal(bench.running.now(), beforeUs + 2 * periodUs);
  t.equal(bench.running.judgedUs, beforeUs + 2 * periodUs);
});

t.test('goes on however often its process stands still', async (t) => {
  const bench = new Bench();
  const beforeUs = bench.running.now();
  for (let looks = 0; looks < 50; looks += 1) t.ok(bench.look(30 * secondUs));
  t.equal(bench.running.now(), beforeUs + 50 * periodUs);
  t.equal(bench.running.judgedUs, beforeUs + 49 * periodUs);
});

t.test('a clock that is set, ahead or back, changes nothing for longer than a look', async (t) => {
  const step = fc.oneof(
    fc.integer({ min: -4000, max: -2 }), fc.integer({ min: 0, max: 4000 }),
  ).map((ms) => ms * msUs);
  holds(t, fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const bench = new Bench();
    const beginUs = bench.running.now();
    let seenUs = beginUs;
    return steps.every((stepUs, index) => {
      const inBetween = bench.running.now() >= seenUs;
      bench.look(periodUs + stepUs);
      const nowUs = bench.running.now();
      const trueUs = beginUs + (index + 1) * periodUs;
      const monotone = inBetween && nowUs >= seenUs;
      seenUs = nowUs;
      return monotone && nowUs >= trueUs - periodUs && nowUs <= trueUs;
    });
  }), 300);
});
