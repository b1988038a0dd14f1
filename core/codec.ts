/**
 * Messages as bytes: the type's code (its place in `messageTypes`), its fields, and a CRC-32 of
 * both. Of an encoded message, every flipped bit and every cut or added byte is noticed.
 */
import { crc32 } from './codec/crc32.js';
import type { Field } from './codec/fields.js';
import { schema } from './codec/schema.js';
import { counting, WritingSink } from './codec/sink.js';
import { DecodeError, Source } from './codec/source.js';
import { messageTypes, type Message, type MessageType } from './messages.js';

export { DecodeError } from './codec/source.js';

/** Of the type's code and of the checksum, together. */
const FRAME_BYTES = 5;

/** The length of `encode(message)`, without encoding it: a few additions for a small message. */
export function sizeOf(message: Message): number {
  // These two are nearly all the traffic, and known functions are worth twice the speed.
  if (message.type === 'resource-heartbeat') {
    return schema['resource-heartbeat'].put(counting, FRAME_BYTES, message);
  }
  if (message.type === 'resource-heartbeat-answer') {
    return schema['resource-heartbeat-answer'].put(counting, FRAME_BYTES, message);
  }
  return fieldOf(message.type).put(counting, FRAME_BYTES, message);
}

/**
 * @throws RangeError if the message holds what none may: a negative or broken count, a node id
 * that is none.
 */
export function encode(message: Message): Uint8Array {
  const bytes = new Uint8Array(sizeOf(message));
  const sink = new WritingSink(bytes);
  const start = sink.byte(0, messageTypes.indexOf(message.type));
  const end = fieldOf(message.type).put(sink, start, message);
  const checksum = crc32(bytes, end);
  for (let byte = 0; byte < 4; byte += 1) bytes[end + byte] = checksum >>> (24 - 8 * byte);
  return bytes;
}

/**
 * The message whose encoding `bytes` is. It shares no memory with them.
 *
 * @throws DecodeError, and nothing else, if there is no such message.
 */
export function decode(bytes: Uint8Array): Message {
  const end = bytes.length - 4;
  if (end < 1) throw new DecodeError(bytes.length, 'too short for a message');
  const checksum = crc32(bytes, end);
  for (let byte = 0; byte < 4; byte += 1) {
    const right = (checksum >>> (24 - 8 * byte)) & 0xff;
    if (bytes[end + byte] !== right) throw new DecodeError(end, 'the checksum is wrong');
  }
  const type = messageTypes[bytes[0]];
  if (type === undefined) throw new DecodeError(0, `no type has the code ${bytes[0]}`);
  const source = new Source(bytes, 1, end);
  const message = fieldOf(type).take(source);
  source.finish();
  return message;
}

/** The schema pairs each type with its own message, which TypeScript cannot follow here. */
function fieldOf(type: MessageType): Field<Message> {
  return schema[type] as unknown as Field<Message>;
}
