/** What every implementation of Detector must do, whatever it takes for too long a silence. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { Detector } from '../../core/detection/index.js';
import { holds } from '../core/overlay/holds.js';

export interface DetectorTraits {
  /** A row heard at this period is never suspected ... */
  readonly periodUs: number;
  /** ... and one that falls silent is suspected at the latest after this. */
  readonly patienceUs: number;
}

type Step = { readonly do: 'watch' | 'heard' | 'seen' | 'forget'; readonly row: number };

const steps: fc.Arbitrary<Step[]> = fc.array(fc.record({
  do: fc.constantFrom('watch', 'heard', 'seen', 'forget'),
  row: fc.oneof(fc.nat(3), fc.nat(99)),
}), { maxLength: 60 });

export function detectorConformance(
  name: string, make: () => Detector, traits: DetectorTraits,
): void {
  t.test(`${name} as a detector`, async (t) => {
    judging(t, make, traits);
    clearing(t, make, traits);
  });
}

function suspectsOf(detector: Detector, nowUs: number): number[] {
  const suspects: number[] = [];
  detector.check(nowUs, (row) => suspects.push(row));
  return suspects;
}

function judging(t: Test, make: () => Detector, { periodUs, patienceUs }: DetectorTraits): void {
  t.test('whoever is heard in time is never suspected', async (t) => {
    const detector = make();
    detector.watch(0, 0);
    for (let nowUs = periodUs; nowUs < 100 * periodUs; nowUs += periodUs) {
      t.same(suspectsOf(detector, nowUs), []);
      detector.heard(0, nowUs);
    }
  });

  t.test('a silent row is suspected once, and stays so until it is heard', async (t) => {
    const detector = make();
    for (let row = 0; row < 100; row += 1) detector.watch(row, 0);
    for (let nowUs = 0; nowUs <= patienceUs; nowUs += periodUs) {
      for (let row = 0; row < 100; row += 1) if (row !== 40) detector.heard(row, nowUs);
    }
    t.same(suspectsOf(detector, patienceUs), [40]);
    t.ok(detector.isSuspected(40));
    t.notOk(detector.isSuspected(41));
    t.same(suspectsOf(detector, patienceUs + 1), [], 'not again');
    detector.heard(40, patienceUs + 1);
    t.notOk(detector.isSuspected(40), 'heard');
    for (let row = 0; row < 100; row += 1) if (row !== 40) detector.forget(row);
    t.same(suspectsOf(detector, 2 * patienceUs + 2), [40], 'silent anew');
  });

  t.test('every watched row that stays silent is suspected exactly once', async (t) => {
    holds(t, fc.property(steps, (steps) => {
      const detector = make();
      const watched = new Set<number>();
      for (const { do: what, row } of steps) {
        if (what === 'watch') watched.add(row);
        if (what === 'forget') watched.delete(row);
        const sign = what === 'heard' || what === 'seen';
        if (!sign || watched.has(row)) apply(detector, what, row);
      }
      const first = suspectsOf(detector, 2 * patienceUs);
      return first.length === watched.size && first.every((row) => watched.has(row)) &&
        suspectsOf(detector, 9 * patienceUs).length === 0;
    }), 300);
  });
}

function apply(detector: Detector, what: Step['do'], row: number): void {
  if (what === 'watch') detector.watch(row, 0);
  else if (what === 'heard') detector.heard(row, 0);
  else if (what === 'seen') detector.seen(row, 0);
  else detector.forget(row);
}

function clearing(t: Test, make: () => Detector, { periodUs, patienceUs }: DetectorTraits): void {
  t.test('a sign of life out of turn counts as one', async (t) => {
    const detector = make();
    detector.watch(0, 0);
    for (let nowUs = periodUs; nowUs < 20 * periodUs; nowUs += periodUs) {
      t.same(suspectsOf(detector, nowUs), []);
      detector.seen(0, nowUs);
    }
    const silentUs = 20 * periodUs + patienceUs;
    t.same(suspectsOf(detector, silentUs), [0]);
    detector.seen(0, silentUs);
    t.notOk(detector.isSuspected(0));
    t.same(suspectsOf(detector, silentUs + 1), []);
  });

  t.test('a forgotten row is not suspected, whatever it was before', async (t) => {
    const detector = make();
    detector.watch(0, 0);
    detector.watch(1, 0);
    detector.forget(1);
    t.same(suspectsOf(detector, 2 * patienceUs), [0]);
    detector.forget(0);
    t.notOk(detector.isSuspected(0));
    detector.watch(0, 2 * patienceUs);
    t.notOk(detector.isSuspected(0), 'the row belongs to another now');
    t.same(suspectsOf(detector, 2 * patienceUs + 1), []);
  });

  t.test('a stall of the watcher, which its time leaves out, blames nobody', async (t) => {
    const detector = make();
    detector.watch(0, 0);
    detector.watch(1, 0);
    t.same(suspectsOf(detector, 2 * patienceUs), [0, 1]);
    detector.heard(1, 2 * patienceUs);
    for (let stalls = 0; stalls < 20; stalls += 1) detector.stalled?.();
    t.ok(detector.isSuspected(0));
    t.same(suspectsOf(detector, 2 * patienceUs + periodUs), [], 'it was heard in time');
    for (let stalls = 0; stalls < 20; stalls += 1) detector.stalled?.();
    t.same(suspectsOf(detector, 3 * patienceUs + 1), [1], 'nor does any spare it');
  });
}
