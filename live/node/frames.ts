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

/** Puts frames together again from chunks that are cut anywhere. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private total = 0;
  /** So many bytes must be there before it is worth a look. */
  private wanted = HEADER_BYTES;

  /**
   * Calls `onFrame` for each frame that `chunk` completes; the bytes are valid during the call.
   * False: the stream carries no frames of ours and should be given up.
   */
  push(chunk: Buffer, onFrame: (from: Address, to: Address, bytes: Buffer) => void): boolean {
    this.chunks.push(chunk);
    this.total += chunk.length;
    if (this.total < this.wanted) return true;
    const buffer = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.total);
    let at = 0;
    this.wanted = HEADER_BYTES;
    while (buffer.length - at >= HEADER_BYTES) {
      const length = buffer.readUInt32LE(at);
      if (length < HEADER_BYTES - 4 || length > LARGEST_BYTES) return false;
      const end = at + 4 + length;
      if (end > buffer.length) {
        this.wanted = end - at;
        break;
      }
      const bytes = buffer.subarray(at + HEADER_BYTES, end);
      onFrame(buffer.readInt32LE(at + 4), buffer.readInt32LE(at + 8), bytes);
      at = end;
    }
    this.chunks = at === buffer.length ? [] : [buffer.subarray(at)];
    this.total = buffer.length - at;
    return true;
  }
}
