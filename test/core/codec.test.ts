import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { decode, DecodeError, encode, sizeOf } from '../../core/codec.js';
import { crc32 } from '../../core/codec/crc32.js';
import { messageTypes, type Message } from '../../core/messages.js';
import { arbitraryMessage } from './codec.arbitrary.js';
import { inTime } from '../length.js';

const anyMessage = fc.oneof(...messageTypes.map(arbitraryMessage));

/** What decoding does to `bytes`: the message, or null for a DecodeError. */
function decoded(bytes: Uint8Array): Message | null {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}

/** Gives `bytes` the checksum that they should have, so that damage gets past it. */
function resealed(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - 4;
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(end, crc32(bytes, end));
  return bytes;
}

t.test('every type comes back as it was, in as many bytes as its size says', async (t) => {
  for (const type of messageTypes) {
    fc.assert(
      fc.property(arbitraryMessage(type), (message) => {
        const bytes = encode(message);
        return bytes.length === sizeOf(message) && isDeepStrictEqual(decode(bytes), message);
      }),
      { numRuns: inTime(100, 300) },
    );
    t.pass(type);
  }
});

t.test('every flipped bit and every cut is noticed', async (t) => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const bytes = encode(message);
      for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
        bytes[bit >> 3] ^= 1 << (bit & 7);
        if (decoded(bytes) !== null) return false;
        bytes[bit >> 3] ^= 1 << (bit & 7);
      }
      for (let length = 0; length < bytes.length; length += 1) {
        if (decoded(bytes.subarray(0, length)) !== null) return false;
      }
      return decoded(Uint8Array.of(...bytes, 0)) === null;
    }),
    { numRuns: inTime(60, 300) },
  );
  t.pass('all messages');
});

t.test('random bytes are no message', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => decoded(bytes) === null),
    { numRuns: inTime(4_000, 20_000) },
  );
  t.pass('all tries');
});

t.test('damage under a right checksum is noticed, or is another message in full', async (t) => {
  let noticed = 0;
  const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(anyMessage, damage, fc.nat(10), (message, changes, cut) => {
      const intact = encode(message);
      const bytes = intact.slice(0, Math.max(5, intact.length - cut));
      for (const [at, value] of changes) bytes[at % (bytes.length - 4)] = value;
      const other = decoded(resealed(bytes));
      if (other === null) noticed += 1;
      // One form for each message: what decodes is what encodes. (A NaN has many.)
      else if (!hasNaN(other)) return isDeepStrictEqual(encode(other), new Uint8Array(bytes));
      return true;
    }),
    { numRuns: inTime(4_000, 20_000) },
  );
  t.ok(noticed > 200, `${noticed} noticed`);
});

function hasNaN(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Number.isNaN(value);
  return Object.values(value).some(hasNaN);
}

t.test('bytes in the middle of a larger buffer decode alike', async (t) => {
  const message: Message = { type: 'overlay-ack', hop: 3, node: 'f'.repeat(32) };
  const bytes = encode(message);
  const larger = new Uint8Array(bytes.length + 20).fill(255);
  larger.set(bytes, 7);
  t.same(decode(larger.subarray(7, 7 + bytes.length)), message);
});

t.test('a length that promises more than there is costs no memory', async (t) => {
  // resource-accepted with 2^53 - 1 entries.
  const bytes = Uint8Array.of(6, 255, 255, 255, 255, 255, 255, 255, 15, 0, 0, 0, 0);
  t.equal(decoded(resealed(bytes)), null);
});

t.test('what no message may hold is refused when it is sent', async (t) => {
  const ack = (hop: number, node: string): Message => ({ type: 'overlay-ack', hop, node });
  const node = '0123456789abcdef0123456789abcdef';
  for (const hop of [-1, 0.5, NaN, Infinity, 9007199254740992]) {
    t.throws(() => encode(ack(hop, node)), RangeError, `hop ${hop}`);
  }
  for (const id of ['', node.slice(1), `${node}0`, node.toUpperCase()]) {
    t.throws(() => encode(ack(1, id)), RangeError, `node ${id}`);
  }
});

t.test('the bytes of a heartbeat are pinned', async (t) => {
  const heartbeat: Message = {
    type: 'resource-heartbeat',
    resource: 300,
    tokenBallot: {
      counter: 2, node: '00112233445566778899aabbccddeeff', incarnation: 1, address: 7,
    },
    tokenSequence: 129,
    handle: 5,
    sequence: 9,
    state: 'up',
    incarnation: 1,
    metrics: [0.5],
  };
  t.equal(
    Buffer.from(encode(heartbeat)).toString('hex'),
    '00ac020200112233445566778899aabbccddeeff010881010609000102' + '3fe0000000000000' + '2d828735',
  );
});
