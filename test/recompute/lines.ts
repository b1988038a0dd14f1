/** The lines of a trace, one after the other. */
import { closeSync, openSync, readSync } from 'node:fs';

/** A line of trace.jsonl. */
export interface Line {
  readonly t: number;
  readonly p: number;
  readonly type: string;
  readonly [field: string]: unknown;
}

const PIECE_BYTES = 1 << 20;
const NEWLINE = 10;

export function* linesOf(path: string): Generator<Line> {
  const file = openSync(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
      const bytes = Buffer.concat([rest, piece.subarray(0, read)]);
      let from = 0;
      for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
        yield JSON.parse(bytes.toString('utf8', from, to)) as Line;
        from = to + 1;
      }
      rest = Buffer.from(bytes.subarray(from));
    }
  } finally {
    closeSync(file);
  }
}
