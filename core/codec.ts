/** The bytes of the messages that come along. */
import { builtIns, type BuiltInMessage } from './messages.js';
import type { Message } from './wire/record.js';
import { Wire } from './wire/wire.js';

export { DecodeError } from './wire/reader.js';

const wire = new Wire(builtIns);

/** See {@link Wire}. */
export const sizeOf = (message: Message): number => wire.sizeOf(message);
export const encode = (message: Message): Uint8Array => wire.encode(message);
export const decode = (bytes: Uint8Array): BuiltInMessage => wire.decode(bytes) as BuiltInMessage;
