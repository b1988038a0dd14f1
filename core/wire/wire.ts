/**
 * Messages as bytes: what type it is, its fields, and a CRC-32 of both. Of an encoded message,
 * every flipped bit and every cut or added byte is noticed.
 *
 * The type is a byte, the code of one that comes along; or {@link named} and the name of a guest's.
 * What an envelope carries follows its own fields: without a name, if it is what such an envelope
 * carries mostly; else the envelope's type has {@link open} before it and the payload its own type.
 */
import { crc32 } from './crc32.js';
import { DecodeError, Reader } from './reader.js';
import { DefinitionError, type Definition, type Message, type Rhythm } from './record.js';
import { builtInSize } from './sizes.js';
import { textSize } from './size.js';
import { Writer } from './writer.js';

/** Counts up with every change of what the bytes of a message mean; peers of another differ. */
export const wireVersion = 1;

const named = 255;
const open = 254;
const checksumBytes = 4;

type Enveloping = Message & { readonly payload: Message };

/** All messages that some nodes can speak. */
export class Wire {
  /** Those that come along, by code, and then guests', in the order given. */
  readonly types: readonly string[];
  /** Where each stands in `types`. */
  readonly places: ReadonlyMap<string, number>;
  readonly #definitions: readonly Definition[];
  /** How many come along. */
  readonly #coded: number;

  /** @throws DefinitionError if two have a name or code in common, or a code is left out */
  constructor(builtIns: readonly Definition[], guests: readonly Definition[] = []) {
    const coded = builtIns.toSorted((a, b) => codeOf(a) - codeOf(b));
    for (const [code, { type, traits }] of coded.entries()) {
      if (traits.code !== code) {
        throw new DefinitionError(`${type} has the code ${traits.code}: ${code} is free, or taken`);
      }
    }
    for (const { type, traits } of guests) {
      if (traits.code !== undefined) {
        throw new DefinitionError(`${type} is a guest's: it has a name, and no code`);
      }
    }
    this.#coded = coded.length;
    this.#definitions = [...coded, ...guests];
    this.types = this.#definitions.map(({ type }) => type);
    this.places = new Map(this.types.map((type, place) => [type, place]));
    for (const [place, type] of this.types.entries()) {
      if (this.places.get(type) === place) continue;
      throw new DefinitionError(`there are two messages ${type}: give yours a name of its own`);
    }
  }

  /** How often it is sent by the clock; null: on change. */
  rhythmOf(type: string): Rhythm | null {
    const { periodic = false } = this.#find(type).traits;
    return periodic === true ? 'probe' : periodic || null;
  }

  isMaintenance(type: string): boolean {
    return this.#find(type).traits.maintenance ?? false;
  }

  /** The length of `encode(message)`, without encoding it. */
  sizeOf(message: Message): number {
    const size = builtInSize(message);
    return size >= 0 ? size : this.#sizeOf(message);
  }

  /** The plain loop, which gives the same for those that come along. */
  #sizeOf(message: Message): number {
    const definition = this.#find(message.type);
    const size = this.#typeSize(definition) + definition.fields.size(message) + checksumBytes;
    if (!definition.isEnvelope) return size;
    const { payload } = message as Enveloping;
    const inner = this.#find(payload.type);
    const typeSize = goesUnnamed(definition, inner) ? 0 : 1 + this.#typeSize(inner);
    return size + typeSize + inner.fields.size(payload);
  }

  #typeSize({ type, traits }: Definition): number {
    return traits.code === undefined ? 1 + textSize(type) : 1;
  }

  /**
   * @throws RangeError if the message holds what none may: a negative or broken count, a node id
   * that is none, another envelope; or is of an unknown type
   */
  encode(message: Message): Uint8Array {
    const writer = new Writer(new Uint8Array(this.sizeOf(message)));
    const { bytes } = writer;
    const definition = this.#find(message.type);
    const { payload } = message as Enveloping;
    const inner = definition.isEnvelope ? this.#find(payload.type) : null;
    if (inner?.isEnvelope) throw new RangeError(`${message.type} cannot carry ${inner.type}`);
    const tells = inner !== null && !goesUnnamed(definition, inner);
    if (tells) writer.byte(open);
    putType(writer, definition);
    definition.fields.put(writer, message);
    if (tells) putType(writer, inner);
    inner?.fields.put(writer, payload);
    const checksum = crc32(bytes, writer.at);
    for (let byte = 0; byte < checksumBytes; byte += 1) writer.byte(checksum >>> (24 - 8 * byte));
    return bytes;
  }

  /**
   * The message whose encoding `bytes` is. It shares no memory with them.
   *
   * @throws DecodeError, and nothing else, if there is no such message.
   */
  decode(bytes: Uint8Array): Message {
    const end = bytes.length - checksumBytes;
    if (end < 1) throw new DecodeError(bytes.length, 'too short for a message');
    const checksum = crc32(bytes, end);
    for (let byte = 0; byte < checksumBytes; byte += 1) {
      const right = (checksum >>> (24 - 8 * byte)) & 0xff;
      if (bytes[end + byte] !== right) throw new DecodeError(end, 'the checksum is wrong');
    }
    const reader = new Reader(bytes, 0, end);
    const tells = bytes[0] === open;
    if (tells) reader.byte();
    const definition = this.#takeType(reader);
    if (tells && !definition.isEnvelope) reader.fail(`${definition.type} carries nothing`);
    const message = definition.take(reader);
    const whole = definition.isEnvelope
      ? { ...message, payload: this.#payload(reader, definition, tells) } : message;
    reader.finish();
    return whole;
  }

  #payload(reader: Reader, envelope: Definition, tells: boolean): Message {
    const inner = tells ? this.#takeType(reader)
      : this.#definitions.find((definition) => goesUnnamed(envelope, definition));
    if (inner === undefined) return reader.fail(`what does ${envelope.type} carry?`);
    if (tells && (inner.isEnvelope || goesUnnamed(envelope, inner))) {
      reader.fail(`${envelope.type} does not carry ${inner.type} like this`);
    }
    return inner.take(reader);
  }

  #takeType(reader: Reader): Definition {
    const code = reader.byte();
    const name = code === named ? reader.text() : this.types[code];
    const found = this.#definitions[this.places.get(name) ?? -1];
    if (found === undefined) return reader.fail(`no type has the code ${code}, or name ${name}`);
    return (found.traits.code ?? named) === code ? found : reader.fail(`${name} has another code`);
  }

  /** The place in `types` of what seems to be a message; -1 if it is none that is known. */
  placeOf(bytes: Uint8Array): number {
    if (bytes[0] < open) return bytes[0] < this.#coded ? bytes[0] : -1;
    try {
      const reader = new Reader(bytes, bytes[0] === open ? 1 : 0, bytes.length);
      return this.places.get(this.#takeType(reader).type) ?? -1;
    } catch {
      return -1;
    }
  }

  #find(type: string): Definition {
    const definition = this.#definitions[this.places.get(type) ?? -1];
    if (definition === undefined) throw new RangeError(`no message has the type ${type}`);
    return definition;
  }
}

function codeOf({ traits }: Definition): number {
  return traits.code ?? named;
}

function goesUnnamed(envelope: Definition, { traits }: Definition): boolean {
  return traits.unnamedIn?.includes(envelope.type) ?? false;
}

function putType(writer: Writer, { type, traits }: Definition): void {
  writer.byte(traits.code ?? named);
  if (traits.code === undefined) writer.text(type);
}
