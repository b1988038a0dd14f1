import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { decode, DecodeError, encode, sizeOf } from '../../../core/codec.js';
import { crc32 } from '../../../core/wire/crc32.js';
import { ballot, peer } from '../../../core/identity.js';
import { builtIns, messageTypes, type BuiltInMessage } from '../../../core/messages.js';
import {
  DefinitionError, envelope, flag, index, list, message, nullable, record, text, uint, word,
  type Definition,
} from '../../../core/wire/record.js';
import { builtInSize } from '../../../core/wire/sizes.js';
import { Wire } from '../../../core/wire/wire.js';
import { arbitraryMessage, arbitraryMessageOf } from './arbitrary.js';
import { inTime } from '../../length.js';

const anyMessage = fc.oneof(...messageTypes.map(arbitraryMessage));

/** What decoding does to `bytes`: the message, or null for a DecodeError. */
function decoded(bytes: Uint8Array): BuiltInMessage | null {
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

t.test('generated sizes are those of the plain loop', async (t) => {
  const frame = 5;
  for (const type of messageTypes) {
    const { fields, isEnvelope }: Definition = builtIns.find((one) => one.type === type)!;
    if (isEnvelope) continue;
    fc.assert(fc.property(arbitraryMessage(type), (message) =>
      builtInSize(message) === frame + fields.size(message)), { numRuns: inTime(20, 100) });
    t.pass(type);
  }
  const made = spawnSync(process.execPath, ['scripts/generate-sizes.mjs', '--check']);
  t.equal(made.status, 0, 'and current');
});

const ping = message('swim/ping', {}, { sequence: uint, about: list(record('rumour', {
  who: peer, life: uint, is: word(['alive', 'suspect', 'dead']), note: text,
})) });
const vote = message('bully/vote', {}, { ballot: nullable(ballot), final: flag });
const parcel = envelope('bully/parcel', {}, { to: index });
const guests: readonly Definition[] = [ping, vote, parcel];
const wire = new Wire(builtIns, guests);

t.test("guests' messages go by their names, and in any envelope", async (t) => {
  t.same(wire.types, [...messageTypes, ...guests.map(({ type }) => type)]);
  const payloads = [...builtIns, ...guests].filter(({ isEnvelope }) => !isEnvelope);
  const envelopes = builtIns.filter(({ isEnvelope }) => isEnvelope);
  for (const definition of [...guests, ...envelopes]) {
    fc.assert(fc.property(arbitraryMessageOf(definition, payloads), (message) => {
      const bytes = wire.encode(message);
      return bytes.length === wire.sizeOf(message) &&
        wire.types[wire.placeOf(bytes)] === message.type &&
        isDeepStrictEqual(wire.decode(bytes), message);
    }), { numRuns: inTime(60, 300) });
    t.pass(definition.type);
  }
});

t.test('the bytes of a guest that are damaged are refused, or are another message', async (t) => {
  const any = fc.oneof(...guests.map((guest) => arbitraryMessageOf(guest, [ping, vote])));
  const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(any, damage, (message, changes) => {
    const bytes = wire.encode(message);
    for (const [at, value] of changes) bytes[at % (bytes.length - 4)] = value;
    try {
      const other = wire.decode(resealed(bytes));
      return hasNaN(other) || isDeepStrictEqual(wire.encode(other), new Uint8Array(bytes));
    } catch (error) {
      return error instanceof DecodeError;
    }
  }), { numRuns: inTime(2_000, 10_000) });
  t.pass('all tries');
});

t.test('what has two forms is taken in one of them only', async (t) => {
  const request: BuiltInMessage = {
    type: 'election-request', requester: 1, suspected: null,
  };
  const key = '0'.repeat(32);
  const route: BuiltInMessage = {
    type: 'overlay-route', key, hop: 1, hops: 1, source: 1, payload: request,
  };
  const bytes = encode(route);
  const requestBytes = encode(request);
  const told = Uint8Array.of(254, ...bytes.subarray(0, -4 - (requestBytes.length - 5)),
    ...requestBytes.subarray(0, -4), 0, 0, 0, 0);
  t.equal(decoded(resealed(told)), null, 'an envelope that names what goes unnamed in it');
  const name = new TextEncoder().encode('overlay-ack');
  const ack: BuiltInMessage = { type: 'overlay-ack', hop: 3, node: key };
  const named = Uint8Array.of(255, name.length, ...name, ...encode(ack).subarray(1));
  t.equal(decoded(resealed(named)), null, 'a message that comes along, by its name');
  const nested = { ...route, payload: route };
  t.throws(() => wire.encode(nested), RangeError, 'envelopes in envelopes');
  t.throws(() => encode({ type: 'swim/ping' }), RangeError, 'what is not defined');
});

t.test('definitions that cannot stand side by side are refused', async (t) => {
  t.throws(() => new Wire(builtIns, [ping, vote, ping]), DefinitionError, 'two of a name');
  t.throws(() => new Wire(builtIns, [message('overlay-ack', {}, {})]), DefinitionError);
  t.throws(() => new Wire([...builtIns, message('new', { code: 3 }, {})]), DefinitionError);
  t.throws(() => new Wire([...builtIns, message('new', { code: 99 }, {})]), DefinitionError);
  t.throws(() => new Wire(builtIns, [message('new', { code: 99 }, {})]), DefinitionError);
  t.throws(() => message('new', {}, { type: uint }), DefinitionError);
  t.throws(() => envelope('new', {}, { payload: uint }), DefinitionError);
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
  const message: BuiltInMessage = { type: 'overlay-ack', hop: 3, node: 'f'.repeat(32) };
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
  const ack = (hop: number, node: string): BuiltInMessage => ({ type: 'overlay-ack', hop, node });
  const node = '0123456789abcdef0123456789abcdef';
  for (const hop of [-1, 0.5, NaN, Infinity, 9007199254740992]) {
    t.throws(() => encode(ack(hop, node)), RangeError, `hop ${hop}`);
  }
  for (const id of ['', node.slice(1), `${node}0`, node.toUpperCase()]) {
    t.throws(() => encode(ack(1, id)), RangeError, `node ${id}`);
  }
});

t.test('the bytes of a heartbeat are pinned', async (t) => {
  const heartbeat: BuiltInMessage = {
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
