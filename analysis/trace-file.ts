/** The observations of a run as JSON lines. */
import * as fs from 'node:fs';
import type { Observation, ObservationSink } from '../core/observations.js';
import type { Address } from '../core/process.js';

const flushAt = 1 << 16;

/**
 * One line per observation: `t` in microseconds, `p` the process, then the observation's own
 * fields. Written in pieces and synchronously, since a simulated run never yields.
 */
export class TraceFile implements ObservationSink {
  private file: number | null;
  private buffer = '';

  constructor(path: string) {
    this.file = fs.openSync(path, 'w');
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.buffer += `${JSON.stringify({ t: timeUs, p: process, ...observation })}\n`;
    if (this.buffer.length >= flushAt) this.flush();
  }

  /** Throws what the file system throws, then closed all the same. */
  close(): void {
    if (this.file === null) return;
    try {
      this.flush();
      fs.fsyncSync(this.file);
    } finally {
      this.abandon();
    }
  }

  /** Closes without the last piece. */
  abandon(): void {
    if (this.file !== null) fs.closeSync(this.file);
    this.file = null;
  }

  private flush(): void {
    if (this.file !== null) fs.writeFileSync(this.file, this.buffer);
    this.buffer = '';
  }
}
