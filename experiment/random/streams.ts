/**
 * Counter-based random draws: each is a hash of what it belongs to, with no state in between. So a
 * new consumer of randomness, a fault or another algorithm never shifts the draws of anyone else,
 * and two variants of a run share their random numbers wherever they do the same.
 */
import { createHash } from 'node:crypto';
import seedrandom from 'seedrandom';

/** 128 bits that stand for a (seed, stream name), as four int32. */
export interface StreamKey {
  readonly k0: number;
  readonly k1: number;
  readonly k2: number;
  readonly k3: number;
}

/**
 * The key of the stream `name` under `seed`. Not for the hot path: derive once, keep. Hashing
 * comes first because neighbouring raw seeds correlate in most small generators.
 */
export function streamKey(seed: number, name: string): StreamKey {
  const digest = createHash('sha256').update(`${seed}/${name}`).digest('hex');
  const generator = seedrandom.alea(digest);
  const k0 = generator.int32();
  const k1 = generator.int32();
  const k2 = generator.int32();
  const k3 = generator.int32();
  return { k0, k1, k2, k3 };
}

const TWO_POW_32_INVERSE = 1 / 4294967296;
const TWO_POW_53_INVERSE = 1 / 9007199254740992;
/** The multipliers of Chris Wellons' 32-bit hash "lowbias32". */
const MULTIPLIER_X = 0x7feb352d;
const MULTIPLIER_Y = 0x846ca68b | 0;
const imul = Math.imul;

/**
 * A uniform draw in [0, 1), a multiple of 2^-53, that belongs to what the arguments name, for
 * example to a message: (stream, sender, receiver, type, send time, ordinal and copy packed).
 *
 * Arguments are integers from 0 to 2^53. One left out counts as 0, so the users of a stream should
 * always give the same number.
 *
 * Two 32-bit lanes start from half of the key. Lane x absorbs the low word of each argument in
 * turn, lane y its high word and what became of x: a bijection between argument and lanes, so the
 * lanes of two draws that differ in one argument never agree. `finish` adds the other half of the
 * key. Unrolled, and short in bytecode, because the engine then inlines it: 15 ns instead of 50.
 */
export function draw(key: StreamKey, a: number, b = 0, c = 0, d = 0, e = 0): number {
  let x = key.k0;
  let y = key.k1;
  x = imul(x ^ a, MULTIPLIER_X);
  x ^= x >>> 15;
  y = imul(y ^ x ^ (a * TWO_POW_32_INVERSE), MULTIPLIER_Y);
  x = imul(x ^ b, MULTIPLIER_X);
  x ^= x >>> 15;
  y = imul(y ^ x ^ (b * TWO_POW_32_INVERSE), MULTIPLIER_Y);
  x = imul(x ^ c, MULTIPLIER_X);
  x ^= x >>> 15;
  y = imul(y ^ x ^ (c * TWO_POW_32_INVERSE), MULTIPLIER_Y);
  x = imul(x ^ d, MULTIPLIER_X);
  x ^= x >>> 15;
  y = imul(y ^ x ^ (d * TWO_POW_32_INVERSE), MULTIPLIER_Y);
  x = imul(x ^ e, MULTIPLIER_X);
  x ^= x >>> 15;
  y = imul(y ^ x ^ (e * TWO_POW_32_INVERSE), MULTIPLIER_Y);
  return finish(key, x, y);
}

/** Mixes both lanes with the rest of the key and into each other until every bit counts. */
function finish(key: StreamKey, x: number, y: number): number {
  y ^= y >>> 16;
  x = imul(x ^ key.k2, MULTIPLIER_X);
  x ^= x >>> 15;
  y = imul(y ^ key.k3 ^ x, MULTIPLIER_Y);
  y ^= y >>> 16;
  x = imul(x ^ y, MULTIPLIER_X);
  x ^= x >>> 15;
  y = imul(y ^ x, MULTIPLIER_Y);
  y ^= y >>> 16;
  return ((y >>> 0) * 2097152 + ((x ^ y) >>> 11)) * TWO_POW_53_INVERSE;
}

/** The draws of one entity in one stream, in turn: (stream, entity, 0), (stream, entity, 1), ... */
export class EntityRandom {
  private readonly key: StreamKey;
  private readonly entity: number;
  /** Number of draws so far: all the state there is, to be read and set at will. */
  ordinal = 0;

  constructor(key: StreamKey, entity: number) {
    this.key = key;
    this.entity = entity;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return draw(this.key, this.entity, this.ordinal++);
  }

  /** Uniform among 0, 1, ..., n - 1, for an integer n from 1 to 2^32. */
  integer(n: number): number {
    return Math.floor(this.next() * n);
  }
}
