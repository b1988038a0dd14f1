import fc from 'fast-check';
import { createHash } from 'node:crypto';
import t from 'tap';
import { compareCloseness, coordinatorKey, ringDistance } from '../../../core/overlay/index.js';
import { holds } from './holds.js';

const half = 1n << 127n;
const idOf = (place: bigint): string => BigInt.asUintN(128, place).toString(16).padStart(32, '0');
/** Anywhere, and often where sums wrap round or two ways are as long. */
const place = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n * half - 1n }),
  fc.bigInt({ min: -3n, max: 3n }).map((offset) => BigInt.asUintN(128, offset)),
  fc.bigInt({ min: -3n, max: 3n }).map((offset) => half + offset),
);
const id = place.map(idOf);

t.test('the distance is the shorter of the two ways round', async (t) => {
  holds(t, fc.property(place, place, (a, b) => {
    const ways = [BigInt.asUintN(128, a - b), BigInt.asUintN(128, b - a)];
    const shorter = ways[0] < ways[1] ? ways[0] : ways[1];
    return ringDistance(idOf(a), idOf(b)) === shorter && shorter <= half;
  }), 1000);
});

t.test('the distance is a metric', async (t) => {
  holds(t, fc.property(id, id, id, (a, b, c) =>
    ringDistance(a, b) === ringDistance(b, a) &&
    (ringDistance(a, b) === 0n) === (a === b) &&
    ringDistance(a, c) <= ringDistance(a, b) + ringDistance(b, c),
  ), 1000);
});

t.test('closeness to a key is a total order', async (t) => {
  holds(t, fc.property(id, fc.array(id, { minLength: 1, maxLength: 8 }), (key, ids) => {
    for (const a of ids) {
      for (const b of ids) {
        const order = compareCloseness(key, a, b);
        if (Math.sign(order) !== -Math.sign(compareCloseness(key, b, a))) return false;
        if ((order === 0) !== (a === b)) return false;
      }
    }
    // Were it not transitive, some shuffle would sort differently.
    const sorted = [...ids].sort((a, b) => compareCloseness(key, a, b)).join();
    const backward = [...ids].reverse().sort((a, b) => compareCloseness(key, a, b)).join();
    return sorted === backward;
  }), 1000);
});

t.test('of two as close the lesser id comes first', async (t) => {
  t.ok(compareCloseness(idOf(0n), idOf(5n), idOf(-5n)) < 0);
  t.ok(compareCloseness(idOf(7n), idOf(8n), idOf(6n)) > 0);
});

t.test('the coordinator key is the hash that it is said to be', async (t) => {
  const hash = createHash('sha256').update('howdah/coordinator').digest('hex');
  t.equal(coordinatorKey, hash.slice(0, 32));
});
