import fc from 'fast-check';
import t from 'tap';
import { Ages } from '../../../analysis/statistics/ages.js';
import { noStatistics } from '../../../analysis/statistics/samples.js';

t.test('nothing passed, nothing measured', (t) => {
  t.same(new Ages().statistics(), noStatistics);
  t.end();
});

t.test('a sawtooth', (t) => {
  const ages = new Ages();
  for (let tooth = 0; tooth < 10; tooth += 1) ages.passed(10e6, 10e6);
  const { mean, p50, max } = ages.statistics();
  t.equal(mean, 5);
  t.equal(max, 10);
  t.ok(Math.abs(p50! - 5) < 0.01, `${p50}`);
  t.end();
});

/** How the age goes on: it falls to `base` at first, or stays 0 for a while, then grows. */
const stretch = fc.record({
  base: fc.integer({ min: 0, max: 5_000 }),
  idle: fc.integer({ min: 0, max: 2_000 }),
  grows: fc.integer({ min: 1, max: 5_000 }),
});

t.test('as counted microsecond by microsecond, however finely the time is cut', (t) => {
  fc.assert(fc.property(
    fc.array(stretch, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 3_000 }),
    (stretches, cut) => {
      const [whole, cutUp] = [new Ages(), new Ages()];
      const seen: number[] = [];
      let sum = 0;
      for (const { base, idle, grows } of stretches) {
        const idleUs = base === 0 ? idle : 0;
        const elapsed = idleUs + grows;
        const ageAt = (us: number): number => Math.max(0, base + us - idleUs);
        whole.passed(elapsed, ageAt(elapsed));
        for (let us = 0; us < elapsed; us += cut) {
          const step = Math.min(cut, elapsed - us);
          cutUp.passed(step, ageAt(us + step));
        }
        for (let us = 0; us < elapsed; us += 1) {
          seen.push(ageAt(us + 1));
          sum += (ageAt(us) + ageAt(us + 1)) / 2;
        }
      }
      seen.sort((a, b) => a - b);
      const found = whole.statistics();
      t.same(cutUp.statistics(), found);
      t.ok(Math.abs(found.mean! * 1e6 - sum / seen.length) < 1e-3);
      t.equal(found.max, seen.at(-1)! / 1e6);
      for (const [percent, value] of [[50, found.p50], [95, found.p95], [99, found.p99]] as const) {
        const exact = seen[Math.ceil((percent * seen.length) / 100) - 1];
        t.ok(Math.abs(value! * 1e6 - exact) <= 3 + exact / 500, `${percent}%: ${value}, ${exact}`);
      }
    },
  ), { numRuns: 200 });
  t.end();
});
