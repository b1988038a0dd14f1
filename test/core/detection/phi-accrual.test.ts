import fc from 'fast-check';
import t from 'tap';
import {
  createDetector, deviationsAt, PhiAccrual, type PhiAccrualSettings,
} from '../../../core/detection/index.js';
import type { Environment } from '../../../core/process.js';
import { detectorConformance } from '../../conformance/detector.js';
import { randomOf } from '../overlay/random.js';
import { holds } from '../overlay/holds.js';

const periodUs = 1000;
const rhythm = { heartbeatPeriodUs: periodUs, timeoutUs: 3000 };
const settings: PhiAccrualSettings = {
  threshold: 8, minDeviationUs: 20, acceptablePauseUs: 0, maxTimeoutUs: null, window: 100,
};
const make = (change: Partial<PhiAccrualSettings> = {}): PhiAccrual =>
  new PhiAccrual({ ...settings, ...change }, rhythm);

/** Before anything is known, deviations are taken for a quarter of the period. */
const firstUs = Math.ceil(periodUs + deviationsAt(8) * 250);

detectorConformance('phi accrual', () => make(), { periodUs, patienceUs: firstUs });
detectorConformance('phi accrual with a limit', () => make({ maxTimeoutUs: 1500 }), {
  periodUs, patienceUs: 1501,
});
detectorConformance('phi accrual with a pause', () => make({ acceptablePauseUs: 700 }), {
  periodUs, patienceUs: firstUs + 700,
});

t.test('the deadline is where the normal tail has shrunk to 10^-threshold', async (t) => {
  // Integrated by Simpson's rule, so that nothing of the code under test is trusted.
  const tail = (z: number): number => {
    const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    const [steps, width] = [20_000, 12];
    let sum = density(z) + density(z + width);
    for (let step = 1; step < steps; step += 1) {
      sum += (step % 2 === 1 ? 4 : 2) * density(z + (step * width) / steps);
    }
    return (sum * width) / steps / 3;
  };
  for (const threshold of [1, 3, 8, 12, 16]) {
    const share = tail(deviationsAt(threshold)) * Number(`1e${threshold}`);
    t.ok(Math.abs(share - 1) < 1e-6, `${threshold}: ${share}`);
  }
  t.equal(deviationsAt(8).toFixed(2), '5.61');
});

/** The silence after which row 0, last heard at `heardUs`, is suspected. */
function patience(detector: PhiAccrual, heardUs: number): number {
  for (let silenceUs = 0; ; silenceUs += 1) {
    detector.check(heardUs + silenceUs, () => {});
    if (detector.isSuspected(0)) return silenceUs - 1;
  }
}

/** Hears the row so often, `jitter` giving how late each heartbeat is; when the last came. */
function beat(detector: PhiAccrual, row: number, count: number, jitter: () => number): number {
  let nowUs = 0;
  for (let beats = 1; beats <= count; beats += 1) {
    nowUs = beats * periodUs + jitter();
    detector.heard(row, nowUs);
  }
  return nowUs;
}

t.test('tolerates the mean and z deviations of what it saw, each row by itself', async (t) => {
  const random = randomOf(4);
  for (const jitterUs of [100, 300]) {
    const detector = make({ window: 1000 });
    detector.watch(0, 0);
    detector.watch(1, 0);
    beat(detector, 1, 3000, () => 0);
    const lastUs = beat(detector, 0, 3000, () => random() * jitterUs);
    // The difference of two uniform delays has a sixth of the square for variance.
    const expected = periodUs + deviationsAt(8) * Math.sqrt((jitterUs * jitterUs) / 6);
    const found = patience(detector, lastUs);
    t.ok(Math.abs(found / expected - 1) < 0.03, `${found}, not ${expected}`);
    t.ok(detector.isSuspected(1), 'the regular one was suspected long before');
  }
});

t.test('is never surer than its least deviation, never more patient than its limit', async (t) => {
  const regular = make();
  regular.watch(0, 0);
  const room = patience(regular, beat(regular, 0, 3000, () => 0)) - periodUs;
  t.equal(room, Math.floor(deviationsAt(8) * 20));
  const paused = make({ acceptablePauseUs: 5000 });
  paused.watch(0, 0);
  t.equal(patience(paused, beat(paused, 0, 3000, () => 0)), periodUs + 5000 + room);
  const limited = make({ maxTimeoutUs: 1100 });
  limited.watch(0, 0);
  t.equal(patience(limited, beat(limited, 0, 3000, () => 0)), 1100);
});

t.test('an outage teaches it nothing, whether or not anyone looked meanwhile', async (t) => {
  for (const looks of [true, false]) {
    const detector = make();
    detector.watch(0, 0);
    const lastUs = beat(detector, 0, 500, () => 0);
    const backUs = lastUs + 90 * periodUs;
    if (looks) detector.check(backUs, () => {});
    detector.heard(0, backUs);
    t.equal(patience(detector, backUs), periodUs + Math.floor(deviationsAt(8) * 20));
  }
});

t.test('signs of life out of turn, bursts and stalls leave the rhythm as it was', async (t) => {
  const wanted = periodUs + Math.floor(deviationsAt(8) * 20);
  const detector = make();
  detector.watch(0, 0);
  let lastUs = beat(detector, 0, 500, () => 0);
  detector.seen(0, lastUs + 600);
  detector.heard(0, lastUs + 1000);
  lastUs += 1000;
  for (let copy = 0; copy < 50; copy += 1) detector.heard(0, lastUs + copy);
  detector.stalled();
  detector.heard(0, lastUs + 600);
  t.equal(patience(detector, lastUs + 600), wanted);
  detector.seen(0, lastUs + 1400);
  t.notOk(detector.isSuspected(0), 'but they show that the row lives');
  t.equal(patience(detector, lastUs + 1400), wanted);
});

t.test('forgets what it learnt of whoever had the row before', async (t) => {
  const detector = make();
  detector.watch(0, 0);
  const lastUs = beat(detector, 0, 500, () => 0);
  detector.forget(0);
  detector.watch(0, lastUs);
  t.equal(patience(detector, lastUs), firstUs - 1);
});

t.test('finds whoever is overdue however it skips its scans', async (t) => {
  const events = fc.array(fc.record({
    do: fc.constantFrom('watch', 'heard', 'seen', 'forget', 'check', 'stalled'),
    row: fc.nat(4),
    laterUs: fc.nat(1500),
  }), { maxLength: 200 });
  holds(t, fc.property(events, (events) => {
    const detector = make();
    // One that never skips: a new look at every row by a detector that has but this one.
    const alone = Array.from({ length: 5 }, () => make());
    const watched = new Set<number>();
    let nowUs = 0;
    for (const { do: what, row, laterUs } of events) {
      nowUs += laterUs;
      if (what === 'check') {
        const found: number[] = [];
        detector.check(nowUs, (suspect) => found.push(suspect));
        const each: number[] = [];
        alone.forEach((one, index) => one.check(nowUs, () => each.push(index)));
        if (found.join() !== each.join()) return false;
      } else if (what === 'stalled') {
        for (const one of [detector, ...alone]) one.stalled();
      } else if (what === 'watch' || watched.has(row)) {
        if (what === 'watch') watched.add(row);
        if (what === 'forget') watched.delete(row);
        for (const one of [detector, alone[row]]) one[what](row, nowUs);
      }
    }
    return true;
  }), 500);
});

t.test('a scenario chooses by name', async (t) => {
  const site = {
    environment: { address: 0 } as Environment, addressOf: () => -1, neighbours: () => [],
  };
  const phiAccrual = { name: 'phi-accrual', ...settings } as const;
  t.type(createDetector({ detection: phiAccrual }, rhythm, site), PhiAccrual);
  const fixed = createDetector({ detection: { name: 'fixed' } }, rhythm, site);
  fixed.watch(0, 0);
  const suspects: number[] = [];
  fixed.check(rhythm.timeoutUs, (row) => suspects.push(row));
  t.same(suspects, []);
  fixed.check(rhythm.timeoutUs + 1, (row) => suspects.push(row));
  t.same(suspects, [0]);
});
