/** The observations of a run as JSON lines, and its messages if they are told. */
import * as fs from 'node:fs';
import type { Message } from '../core/wire/record.js';
import type { Observation, ObservationSink } from '../core/observations.js';
import type { Address } from '../core/process.js';
import type { DropCause, MessageSink, PlacedHost } from '../experiment/world.js';

const flushAt = 1 << 16;
/** In the place of a process. */
const world = -1;

/**
 * The lines of a trace. Where messages are told, a first line with all hosts. One line per
 * observation: `t` in microseconds, `p` the process, then the observation's own fields. A message
 * has lines joined by its `id`: where it was sent, `to` whom and how many `bytes`; and for each
 * copy where it was received, `from` whom, or why it was dropped. A copy that has neither was on
 * its way at the end.
 */
export class TraceLines implements ObservationSink, MessageSink {
  private readonly write: (line: object) => void;

  /** @param write - a line is valid during the call */
  constructor(write: (line: object) => void) {
    this.write = write;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.write({ t: timeUs, p: process, ...observation });
  }

  hosts(hosts: readonly PlacedHost[]): void {
    this.write({ t: 0, p: world, type: 'hosts', hosts });
  }

  sent(
    timeUs: number, from: Address, to: Address, { type: message }: Message, id: number,
    bytes: number,
  ): void {
    this.write({ t: timeUs, p: from, type: 'message-sent', to, message, id, bytes });
  }

  duplicated(timeUs: number, id: number): void {
    this.write({ t: timeUs, p: world, type: 'message-duplicated', id });
  }

  dropped(timeUs: number, id: number, cause: DropCause): void {
    this.write({ t: timeUs, p: world, type: 'message-dropped', id, cause });
  }

  received(
    timeUs: number, from: Address, to: Address, { type: message }: Message, id: number,
  ): void {
    this.write({ t: timeUs, p: to, type: 'message-received', from, message, id });
  }
}

/** Written in pieces and synchronously, since a simulated run never yields. */
export class TraceFile extends TraceLines {
  private file: number | null;
  private buffer = '';

  constructor(path: string) {
    super((line) => this.put(line));
    this.file = fs.openSync(path, 'w');
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

  private put(line: object): void {
    this.buffer += `${JSON.stringify(line)}\n`;
    if (this.buffer.length >= flushAt) this.flush();
  }

  private flush(): void {
    if (this.file !== null) fs.writeFileSync(this.file, this.buffer);
    this.buffer = '';
  }
}
