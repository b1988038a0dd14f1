/**
 * Where a message goes when it is encoded. One description of a type serves both sinks, the one
 * that writes and the one that only counts, so size and bytes cannot disagree. Offsets are passed
 * in and returned instead of kept, which lets counting do without any state.
 */
import type { NodeId } from '../identity.js';

/** Each method puts one value at offset `at` and returns the offset after it. */
export interface Sink {
  byte(at: number, value: number): number;
  /** The place of `word` among `words`, in one byte. */
  word(at: number, words: readonly string[], word: string): number;
  /** An integer from 0 to 2^53 - 1, seven bits a byte, the low ones first. */
  uint(at: number, value: number): number;
  /** Any number, in 8 bytes. */
  float(at: number, value: number): number;
  node(at: number, id: NodeId): number;
  /** UTF-8 after its length in bytes. */
  text(at: number, text: string): number;
}

/** Counts only: the offsets it returns are all that comes of it. Has no state. */
class CountingSink implements Sink {
  byte(at: number): number {
    return at + 1;
  }

  word(at: number): number {
    return at + 1;
  }

  uint(at: number, value: number): number {
    return at + uintSize(value);
  }

  float(at: number): number {
    return at + 8;
  }

  node(at: number): number {
    return at + 16;
  }

  text(at: number, text: string): number {
    const size = textSize(text);
    return at + uintSize(size) + size;
  }
}

export const counting: Sink = new CountingSink();

/** Short, so that an optimizing compiler copies it into its callers. */
function uintSize(value: number): number {
  if (value < 0x80) return 1;
  return value < 0x4000 ? 2 : largeUintSize(value);
}

function largeUintSize(value: number): number {
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  if (value < 0x800000000) return 5;
  if (value < 0x40000000000) return 6;
  return value < 0x2000000000000 ? 7 : 8;
}

/** Bytes of UTF-8; a lone surrogate becomes U+FFFD, which has three as well. */
function textSize(text: string): number {
  let size = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    size += unit < 0x800 ? 1 : 2;
    // A pair of surrogates has four bytes: the first's three, and one for the second.
    const pair = (unit & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
    if (pair) index += 1;
  }
  return size;
}

/** Writes into `bytes`, which must be long enough. */
export class WritingSink implements Sink {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(at: number, value: number): number {
    this.bytes[at] = value;
    return at + 1;
  }

  word(at: number, words: readonly string[], word: string): number {
    return this.byte(at, words.indexOf(word));
  }

  uint(at: number, value: number): number {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`a message cannot carry ${value} where it counts or numbers something`);
    }
    let rest = value;
    let next = at;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
      this.bytes[next] = (rest % 0x80) | 0x80;
      next += 1;
    }
    this.bytes[next] = rest;
    return next + 1;
  }

  float(at: number, value: number): number {
    const { buffer, byteOffset } = this.bytes;
    new DataView(buffer, byteOffset).setFloat64(at, value);
    return at + 8;
  }

  node(at: number, id: NodeId): number {
    for (let index = 0; index < 16; index += 1) {
      const byte = (hexDigit(id, 2 * index) << 4) | hexDigit(id, 2 * index + 1);
      this.bytes[at + index] = byte;
    }
    if (id.length !== 32) throw new RangeError(`not a node id: ${id}`);
    return at + 16;
  }

  text(at: number, text: string): number {
    const size = textSize(text);
    const start = this.uint(at, size);
    encoder.encodeInto(text, this.bytes.subarray(start, start + size));
    return start + size;
  }
}

const encoder = new TextEncoder();

function hexDigit(id: NodeId, index: number): number {
  const unit = id.charCodeAt(index);
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0x61 && unit <= 0x66) return unit - 0x61 + 10;
  throw new RangeError(`not a node id: ${id}`);
}
