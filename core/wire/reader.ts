/** Where a message comes from when it is decoded: bytes that may be anything at all. */

/** The bytes are not what `encode` makes of any message. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** Offset of the byte at which that became certain. */
  readonly at: number;

  constructor(at: number, what: string) {
    super(`byte ${at}: ${what}`);
    this.at = at;
  }
}

/**
 * Reads one value after the other, never past `end`. Takes each value in its one proper form only,
 * so that equal messages are equal bytes.
 */
export class Reader {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  /** Claims `size` bytes and returns the offset of the first. */
  #claim(size: number): number {
    const at = this.at;
    if (size > this.#end - at) throw new DecodeError(at, `${size} more bytes should follow`);
    this.at = at + size;
    return at;
  }

  fail(what: string): never {
    throw new DecodeError(this.at, what);
  }

  /** All must have been read. */
  finish(): void {
    if (this.at !== this.#end) this.fail(`${this.#end - this.at} bytes are left over`);
  }

  byte(): number {
    return this.#bytes[this.#claim(1)];
  }

  uint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) this.fail('a number above 2^53 - 1');
      if (byte < 0x80) {
        if (byte === 0 && scale > 1) this.fail('a number with leading zeros');
        return value;
      }
      if (scale > 0x1000000000000) this.fail('a number without end');
    }
  }

  /** The length of a list whose entries have at least one byte each. */
  count(): number {
    const count = this.uint();
    if (count > this.#end - this.at) this.fail(`${count} entries do not fit`);
    return count;
  }

  float(): number {
    const { buffer, byteOffset } = this.#bytes;
    return new DataView(buffer, byteOffset).getFloat64(this.#claim(8));
  }

  /** 128 bits, as 32 lower-case hexadecimal digits. */
  id(): string {
    const at = this.#claim(16);
    let id = '';
    for (let offset = 0; offset < 16; offset += 1) id += hexOf[this.#bytes[at + offset]];
    return id;
  }

  text(): string {
    const size = this.count();
    const at = this.#claim(size);
    try {
      return decoder.decode(this.#bytes.subarray(at, at + size));
    } catch {
      throw new DecodeError(at, 'not UTF-8');
    }
  }
}

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
