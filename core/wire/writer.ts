/** Where a message goes when it is encoded. */
import { utf8Size } from './size.js';

/** Puts one value after the other into `bytes`, which must be long enough. */
export class Writer {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(value: number): void {
    this.bytes[this.at] = value;
    this.at += 1;
  }

  /** An integer from 0 to 2^53 - 1, seven bits a byte, the low ones first. */
  uint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`a message cannot carry ${value} where it counts or numbers something`);
    }
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    this.byte(rest);
  }

  /** Any number, in 8 bytes. */
  float(value: number): void {
    const { buffer, byteOffset } = this.bytes;
    new DataView(buffer, byteOffset).setFloat64(this.at, value);
    this.at += 8;
  }

  /** 128 bits, from 32 lower-case hexadecimal digits. */
  id(id: string): void {
    if (id.length !== 32) throw new RangeError(`not a node id: ${id}`);
    for (let index = 0; index < 32; index += 2) {
      this.byte((hexDigit(id, index) << 4) | hexDigit(id, index + 1));
    }
  }

  /** UTF-8 after its length in bytes. */
  text(text: string): void {
    const size = utf8Size(text);
    this.uint(size);
    encoder.encodeInto(text, this.bytes.subarray(this.at, this.at + size));
    this.at += size;
  }
}

const encoder = new TextEncoder();

function hexDigit(id: string, index: number): number {
  const unit = id.charCodeAt(index);
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0x61 && unit <= 0x66) return unit - 0x61 + 10;
  throw new RangeError(`not a node id: ${id}`);
}
