/** A file appears whole or not at all. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { guard } from './directory-error.js';

const PIECE = 1 << 16;

/**
 * In place of an earlier one, which a failure leaves as it was. Throws RunDirectoryError.
 *
 * @param pieces - of a long text, made as they are written
 */
export function writeWhole(path: string, pieces: string | Uint8Array | Iterable<string>): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}`;
  guard(path, () => {
    try {
      const file = fs.openSync(temporary, 'w');
      try {
        if (pieces instanceof Uint8Array) {
          fs.writeFileSync(file, pieces);
          pieces = [];
        }
        let text = '';
        for (const piece of typeof pieces === 'string' ? [pieces] : pieces) {
          text += piece;
          if (text.length < PIECE) continue;
          fs.writeFileSync(file, text);
          text = '';
        }
        fs.writeFileSync(file, text);
      } finally {
        fs.closeSync(file);
      }
      fs.renameSync(temporary, path);
    } catch (error) {
      // Named by what the user knows of.
      throw Object.assign(error as Error, { path });
    } finally {
      fs.rmSync(temporary, { force: true });
    }
  });
}
