import fc from 'fast-check';
import t from 'tap';
import { permuted } from '../../../core/coordination/permutation.js';
import { Walk } from '../../../core/coordination/walk.js';
import { triesInVain, searchUs, longSearchUs } from '../../../core/coordination/walk-terms.js';
import { holds } from '../overlay/holds.js';

const rare = 1e-9;
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

t.test('a permutation has each once, whatever the key', async (t) => {
  holds(t, fc.property(fc.integer(), fc.integer({ min: 1, max: 400 }), (key, size) =>
    new Set(range(0, size).map((place) => permuted(key, size, place))).size === size), 200);
  t.equal(permuted(1, 10_000, 9_999) < 10_000, true);
});

t.test('all orders of a few come equally often, and neighbours go their own ways', async (t) => {
  for (const size of [2, 3, 4, 5, 8, 17]) {
    const draws = 20_000;
    const pairs = new Map<string, number>();
    for (let key = 0; key < draws; key += 1) {
      const pair = `${permuted(key, size, 0)} ${permuted(key, size, 1)}`;
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    const expected = draws / (size * (size - 1));
    const chiSquare = [...pairs.values()]
      .reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    const freedom = size * (size - 1) - 1;
    t.equal(pairs.size, freedom + 1, `${size}`);
    t.ok(chiSquare < freedom + 5 * Math.sqrt(2 * freedom), `${size}: ${chiSquare}`);
  }
});

/** Managers 0 to near - 1 of the agent's zone, far more elsewhere. */
const walks = fc.record({
  near: fc.integer({ min: 0, max: 20 }), far: fc.integer({ min: 0, max: 60 }),
  alternates: fc.uniqueArray(fc.nat(79), { maxLength: 4 }), last: fc.integer({ min: -1, max: 79 }),
  draw: fc.double({ min: 0, max: 0.9999999, noNaN: true }),
}).filter(({ near, far }) => near + far > 0);

t.test('a round asks everyone once: who was heard of first, who was silent last', async (t) => {
  holds(t, fc.property(walks, ({ near, far, alternates, last, draw }) => {
    const all = near + far;
    const known = alternates.filter((address) => address < all);
    const silent = last < all ? last : -1;
    const walk = new Walk({ near: range(0, near), far: range(near, all) }, known, silent, draw);
    const rounds = range(0, 3).map((round) => range(0, all).map((place) => {
      const taken = walk.take();
      if (walk.round !== round || walk.isRoundOver !== (place === all - 1)) return -1;
      return taken;
    }));
    return rounds.every((round) => {
      const first = known.filter((address) => address !== silent);
      return [...round].sort((a, b) => a - b).every((address, index) => address === index) &&
        first.every((address, index) => round[index] === address) &&
        (silent === -1 || round.at(-1) === silent) &&
        round.every((address, index) => address === rounds[0][index]);
    });
  }), 300);
});

t.test('its own zone is asked early, and spread evenly', async (t) => {
  holds(t, fc.property(walks, ({ near, far, draw }) => {
    if (near === 0) return true;
    const all = near + far;
    const walk = new Walk({ near: range(0, near), far: range(near, all) }, [], -1, draw);
    const isNear = range(0, 2 * all).map(() => walk.take() < near);
    const longest = Math.ceil(all / near);
    return isNear[0] &&
      range(0, all).every((from) => isNear.slice(from, from + longest).includes(true));
  }), 200);
});

t.test('who knows nobody asks nobody', async (t) => {
  const walk = new Walk({ near: [], far: [] }, [], -1, 0.5);
  t.equal(walk.take(), -1);
  t.equal(walk.take(), -1);
});

t.test('no walk meets more in vain than reckoned, from whatever place', async (t) => {
  const outlooks = fc.record({
    near: fc.integer({ min: 0, max: 30 }), far: fc.integer({ min: 0, max: 60 }),
    nearShare: fc.double({ min: 0, max: 1, noNaN: true }),
    farShare: fc.double({ min: 0, max: 1, noNaN: true }), seed: fc.nat(),
  });
  holds(t, fc.property(outlooks, ({ near, far, nearShare, farShare, seed }) => {
    const all = near + far;
    const nearGone = Math.floor(near * nearShare);
    const farGone = Math.floor(far * farShare);
    if (all === 0 || nearGone + farGone === all) return true;
    const reckoned = triesInVain({ near, far, nearGone, farGone }, 0, rare);
    const seeds = { near: range(0, near), far: range(near, all) };
    const gone = (address: number): boolean =>
      address < near ? address < nearGone : address - near < farGone;
    // Worst where all it heard of lately are gone, or they are among the few that live.
    const isFew = seed % 2 === 0;
    const known = range(0, all).filter((address) => gone(address) !== isFew).slice(0, 4);
    const silent = range(0, all).findLast(gone) ?? -1;
    const walk = new Walk(seeds, known, silent, (seed % 9973) / 9973);
    let inVain = 0;
    let most = 0;
    for (let step = 0; step < 3 * all; step += 1) {
      inVain = gone(walk.take()) ? inVain + 1 : 0;
      most = Math.max(most, inVain);
    }
    return most <= reckoned && reckoned <= nearGone + farGone;
  }), 500);
});

t.test('tries in vain: all that are gone, or until it is rare', async (t) => {
  const alone = (managers: number, gone: number, lost = 0): number =>
    triesInVain({ near: managers, far: 0, nearGone: gone, farGone: 0 }, lost, rare);
  t.equal(alone(50, 0), 0);
  t.equal(alone(8, 7), 7);
  t.equal(alone(50, 49), 49);
  t.equal(alone(10_000, 1), 1);
  // 2^-30 is just under 10^-9; of ten thousand hardly anything is used up.
  t.equal(alone(10_000, 5_000), 4 + 30);
  t.ok(alone(100, 50) < alone(10_000, 5_000));
  t.ok(alone(10_000, 9_999) > 9_000);
  const zoneAlone = triesInVain({ near: 12, far: 36, nearGone: 0, farGone: 36 }, 0, rare);
  t.equal(zoneAlone, 5 + 6, 'five are asked apart, of 43 others 7 are of its own zone');
  // Loss repeats: 0.078 to the ninth is the first power under 10^-9.
  t.equal(alone(50, 0, 0.078), 8);
  t.ok(alone(50, 25, 0.078) > alone(50, 25));
  t.equal(alone(50, 25, 1), Infinity);
});

t.test('tries take their patience, and pauses between rounds', async (t) => {
  const patience = { retryUs: 1, retryMaxUs: 8 };
  t.equal(searchUs(patience, 3, 8), 3);
  t.equal(longSearchUs(patience, 3, 8), 2 + 8);
  t.equal(searchUs(patience, 6, 1), 1 + 2 + 4 + 8 + 8 + 8, 'a lone manager is all of a round');
  t.equal(searchUs(patience, 17, 8), 14 + 1 + 2 + 4);
  t.equal(longSearchUs(patience, 17, 8), 14 + 3 * 8);
  t.equal(searchUs(patience, Infinity, 8), Infinity);
});
