/** The bytes of messages: of those that come along, and of guests'. */
import type { CoreFromPlugins } from './coordination/config.js';
import { builtIns, type BuiltInMessage } from './messages.js';
import type { Message } from './wire/record.js';
import { Wire } from './wire/wire.js';

export { DecodeError } from './wire/reader.js';
export type { Wire } from './wire/wire.js';

/** What nodes speak without plugins. */
export const plainWire = new Wire(builtIns);

/**
 * What nodes speak with these plugins.
 *
 * @throws DefinitionError if two of its messages, or one and one that comes along, share a name
 */
export function wireOf(fromPlugins: CoreFromPlugins = {}): Wire {
  const guests = Object.values(fromPlugins).flatMap(({ implementation }) =>
    implementation.messages ?? []);
  return guests.length === 0 ? plainWire : new Wire(builtIns, [...new Set(guests)]);
}

export const sizeOf = (message: Message): number => plainWire.sizeOf(message);
export const encode = (message: Message): Uint8Array => plainWire.encode(message);
export const decode = (bytes: Uint8Array): BuiltInMessage =>
  plainWire.decode(bytes) as BuiltInMessage;
