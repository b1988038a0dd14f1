import fc from 'fast-check';
import t from 'tap';
import { draw, EntityRandom, streamKey } from '../../../experiment/random/streams.js';

// All seeds are fixed, so the statistics below either pass for ever or never did. The limits are
// those of the normal distribution at about 1 in 10,000 (3.9) for each statistic.
const LIMIT = 3.9;
const key = streamKey(42, 'latency');

t.test('pinned draws: a change of these changes every result of every scenario', async (t) => {
  t.strictSame(key, { k0: 226697369, k1: -1589800441, k2: 247498077, k3: 373844785 });
  t.strictSame(
    [
      draw(key, 0),
      draw(key, 1, 2),
      draw(key, 1, 2, 3, 7_200_000_000, 5),
      draw(key, 2 ** 53, 0, 2 ** 32, 2 ** 31, 1),
      draw(streamKey(43, 'latency'), 1, 2),
      draw(streamKey(42, 'loss'), 1, 2),
    ],
    [
      0.5160656174332129, 0.41524733414338444, 0.2056467104942976, 0.3478041240570441,
      0.932275123741931, 0.180451618842693,
    ],
  );
});

t.test('draws are multiples of 2^-53 in [0, 1), and depend on every argument', async (t) => {
  const argument = fc.oneof(fc.maxSafeNat(), fc.nat({ max: 100 }));
  const tuple = fc.tuple(argument, argument, argument, argument, argument);
  fc.assert(
    fc.property(tuple, fc.nat({ max: 4 }), argument, (args, which, other) => {
      const value = draw(key, ...args);
      const changed = [...args] as typeof args;
      changed[which] = other;
      return (
        value >= 0 &&
        value < 1 &&
        Number.isInteger(value * 2 ** 53) &&
        draw(key, ...args) === value &&
        (draw(key, ...changed) === value) === (other === args[which])
      );
    }),
    { seed: 1, numRuns: 500 },
  );
  t.equal(draw(key, 5), draw(key, 5, 0, 0, 0, 0), 'an argument left out is 0');
});

t.test('one flipped bit of an argument flips each bit of a draw half the time', async (t) => {
  const trials = 2_000;
  let worst = 0;
  for (let which = 0; which < 5; which++) {
    for (let bit = 0; bit < 52; bit++) {
      const flips = new Int32Array(53);
      for (let i = 0; i < trials; i++) {
        const args: [number, number, number, number, number] = [i & 7, i >> 3, i % 13, i * 1000, 0];
        const before = draw(key, ...args) * 2 ** 53;
        args[which] += Math.floor(args[which] / 2 ** bit) % 2 === 1 ? -(2 ** bit) : 2 ** bit;
        const after = draw(key, ...args) * 2 ** 53;
        countFlips(flips, 0, before % 2 ** 26, after % 2 ** 26);
        countFlips(flips, 26, Math.floor(before / 2 ** 26), Math.floor(after / 2 ** 26));
      }
      for (const count of flips) {
        worst = Math.max(worst, Math.abs(count - trials / 2) / Math.sqrt(trials / 4));
      }
    }
  }
  // The greatest of 5 * 52 * 53 nearly normal variates.
  t.ok(worst < 5.3, `${worst.toFixed(2)} standard deviations`);
});

function countFlips(flips: Int32Array, from: number, before: number, after: number): void {
  let differ = before ^ after;
  for (let bit = from; differ !== 0; bit++, differ >>>= 1) flips[bit] += differ & 1;
}

const sequences: Readonly<Record<string, (i: number) => number>> = {
  'counters of one entity': (i) => draw(key, 7, i),
  'first draws of neighbouring entities': (i) => draw(key, i, 0),
  'second draws of neighbouring entities': (i) => draw(key, i, 1),
  'messages, sender by sender': (i) => draw(key, i % 1_000, 3, 1, 10_000_000 * Math.floor(i / 1e3)),
  'times a period apart': (i) => draw(key, 1, 2, 3, 10_000_000 * i, 0),
  'last argument': (i) => draw(key, 1, 2, 3, 4, i),
  'neighbouring seeds': (i) => draw(SEED_KEYS[i % 64], Math.floor(i / 64), 0),
  'neighbouring names': (i) => draw(NAME_KEYS[i % 64], Math.floor(i / 64), 0),
};
const SEED_KEYS = Array.from({ length: 64 }, (_, i) => streamKey(i, 'latency'));
const NAME_KEYS = Array.from({ length: 64 }, (_, i) => streamKey(42, `entity-${i}`));

for (const [name, sequence] of Object.entries(sequences)) {
  t.test(`uniform, and unrelated to the one before: ${name}`, async (t) => {
    const n = 400_000;
    const cells = 64;
    const pairs = new Float64Array(cells * cells);
    const lowBits = new Float64Array(256);
    let sum = 0;
    let products = 0;
    let previous = 0.5;
    for (let i = 0; i < n; i++) {
      const u = sequence(i);
      sum += u;
      products += (u - 0.5) * (previous - 0.5);
      pairs[Math.floor(u * cells) * cells + Math.floor(previous * cells)]++;
      lowBits[(u * 2 ** 53) % 256]++;
      previous = u;
    }
    const standardised = {
      mean: (sum / n - 0.5) * Math.sqrt(12 * n),
      correlation: ((products * 12) / n) * Math.sqrt(n),
      pairs: chiSquare(pairs, n),
      lowBits: chiSquare(lowBits, n),
    };
    for (const [what, z] of Object.entries(standardised)) {
      t.ok(Math.abs(z) < LIMIT, `${what}: ${z.toFixed(2)} standard deviations`);
    }
  });
}

/** Pearson's statistic against equal counts, as a nearly normal variate. */
function chiSquare(counts: Float64Array, n: number): number {
  const expected = n / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const degrees = counts.length - 1;
  return (statistic - degrees) / Math.sqrt(2 * degrees);
}

t.test('two entities, and two streams of one entity, do not move together', async (t) => {
  const n = 200_000;
  const other = streamKey(42, 'loss');
  const pairs: Readonly<Record<string, (i: number) => [number, number]>> = {
    entities: (i) => [draw(key, 1, i), draw(key, 2, i)],
    streams: (i) => [draw(key, 1, i), draw(other, 1, i)],
    'swapped arguments': (i) => [draw(key, 1_000_000, i), draw(key, i, 1_000_000)],
    'words of one argument': (i) => [draw(key, i, 0), draw(key, i * 2 ** 32, 0)],
  };
  for (const [name, pair] of Object.entries(pairs)) {
    let products = 0;
    for (let i = 0; i < n; i++) {
      const [u, v] = pair(i);
      products += (u - 0.5) * (v - 0.5);
    }
    const z = ((products * 12) / n) * Math.sqrt(n);
    t.ok(Math.abs(z) < LIMIT, `${name}: ${z.toFixed(2)} standard deviations`);
  }
});

t.test('an entity draws in turn, and its state is its ordinal', async (t) => {
  const random = new EntityRandom(key, 5);
  t.strictSame([random.next(), random.next()], [draw(key, 5, 0), draw(key, 5, 1)]);
  const { ordinal } = random;
  const third = random.next();
  random.next();
  random.ordinal = ordinal;
  t.equal(random.next(), third);
});

t.test('integer(n) reaches 0 to n - 1 equally', async (t) => {
  const random = new EntityRandom(key, 6);
  const counts = new Float64Array(10);
  for (let i = 0; i < 100_000; i++) counts[random.integer(10)]++;
  t.ok(Math.abs(chiSquare(counts, 100_000)) < LIMIT);
  t.equal(random.integer(1), 0);
});
