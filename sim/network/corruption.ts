import { DecodeError, type Wire } from '../../core/codec.js';
import type { Message } from '../../core/wire/record.js';

/** A message with a flipped bit passed for a sound one: the codec is broken. */
export class UndetectedCorruptionError extends Error {
  override readonly name = 'UndetectedCorruptionError';
}

/**
 * Flips a bit of a message on the wire and sees to it that its receiver notices: the message is
 * really encoded, and really decoded. The checksum finds every single flip, since no power of x is
 * a multiple of its polynomial; that is held to at each message, so none can ever be acted upon.
 *
 * @param u - uniform in [0, 1): which bit
 * @throws UndetectedCorruptionError if the receiver would not notice
 */
export function corrupt(wire: Wire, message: Message, u: number): void {
  const bytes = wire.encode(message);
  const bit = Math.floor(u * bytes.length * 8);
  bytes[bit >>> 3] ^= 1 << (bit & 7);
  try {
    wire.decode(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return;
    throw error;
  }
  throw new UndetectedCorruptionError(`${message.type}: nobody would notice bit ${bit} flipped`);
}
