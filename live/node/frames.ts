/** Messages on a stream of bytes: length, sender, receiver, then the message as encoded. */
import type { Address } from '../../core/process.js';

/** Length, sender and receiver, 32 bits each; the length counts what follows it. */
const HEADER_BYTES = 12;
/** Nobody sends larger ones: the stream is not ours, or out of step. */
const LARGEST_BYTES = 64 * 1024 * 1024;

export function frame(from: Address, to: Address, bytes: Uint8Array): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + bytes.length);
  buffer.writeUInt32LE(HEADER_BYTES - 4 + bytes.length, 0);
  buffer.writeInt32LE(from, 4);
  buffer.writeInt32LE(to, 8);
  buffer.set(bytes, HEADER_BYTES);
  return buffer;
}

/** False: the stream is to be given up. The bytes are valid during the call. */
export type OnFrame = (from: Address, to: Address, bytes: Buffer) => boolean;

/** Puts frames together again from chunks that are cut anywhere. */
export class FrameReader {
  /** No frame may be larger, header and all. */
  largestBytes: number;
  private chunks: Buffer[] = [];
  private total = 0;
  /** So many bytes must be there before it is worth a look. */
  private wanted = HEADER_BYTES;

  constructor(largestBytes = LARGEST_BYTES) {
    this.largestBytes = largestBytes;
  }

  /** From now on frames may be as large as any. */
  trust(): void {
    this.largestBytes = LARGEST_BYTES;
  }

  /**
   * Calls `onFrame` for each frame that `chunk` completes. False: the stream carries no frames of
   * ours and should be given up.
   */
  push(chunk: Buffer, onFrame: OnFrame): boolean {
    this.chunks.push(chunk);
    this.total += chunk.length;
    if (this.total < this.wanted) return true;
    const buffer = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.total);
    let at = 0;
    this.wanted = HEADER_BYTES;
    while (buffer.length - at >= HEADER_BYTES) {
      const end = at + 4 + buffer.readUInt32LE(at);
      if (end - at < HEADER_BYTES || end - at > this.largestBytes) return false;
      if (end > buffer.length) {
        this.wanted = end - at;
        break;
      }
      const bytes = buffer.subarray(at + HEADER_BYTES, end);
      if (!onFrame(buffer.readInt32LE(at + 4), buffer.readInt32LE(at + 8), bytes)) return false;
      at = end;
    }
    this.chunks = at === buffer.length ? [] : [buffer.subarray(at)];
    this.total = buffer.length - at;
    return true;
  }
}
