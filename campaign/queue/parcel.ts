/** A finished run on its way through a queue: all files of its directory, packed. */
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readFinishedRun } from '../../analysis/index.js';
import { guard } from '../../analysis/directory-error.js';
import { inTheMaking } from '../../experiment/litter.js';

/** Files of a run: nothing else is written, whoever sent it. */
const fileName = /^[a-z][a-z_-]*\.(csv|json|yaml)$/;

export type Parcel =
  | { readonly files: Readonly<Record<string, string>> }
  /** Why it left none. */
  | { readonly crashed: string };

export function pack(directory: string): Buffer {
  const names = fs.readdirSync(directory).sort();
  const files = Object.fromEntries(
    names.map((name) => [name, fs.readFileSync(join(directory, name), 'utf8')]),
  );
  return seal({ files });
}

export function packCrash(crashed: string): Buffer {
  return seal({ crashed });
}

function seal(parcel: Parcel): Buffer {
  return gzipSync(JSON.stringify(parcel));
}

/**
 * Leaves the run directory, whole or not at all. Returns why there is none, or null. Throws
 * RunDirectoryError where the disk is full and the like.
 */
export function unpack(parcel: Buffer, directory: string): string | null {
  const content = opened(parcel);
  if (content === null) return 'what came back through the queue is damaged';
  if ('crashed' in content) return content.crashed;
  return guard(directory, () => {
    fs.mkdirSync(dirname(directory), { recursive: true });
    const temporary = inTheMaking(directory);
    try {
      fs.mkdirSync(temporary);
      for (const [name, text] of Object.entries(content.files)) {
        if (fileName.test(name)) write(join(temporary, name), text);
      }
      if (readFinishedRun(temporary) === undefined) {
        return 'what came back through the queue is no whole run';
      }
      fs.rmSync(directory, { recursive: true, force: true });
      fs.renameSync(temporary, directory);
      return null;
    } finally {
      fs.rmSync(temporary, { recursive: true, force: true });
    }
  });
}

function write(path: string, text: string): void {
  const file = fs.openSync(path, 'w');
  try {
    fs.writeFileSync(file, text);
    fs.fsyncSync(file);
  } catch (error) {
    throw Object.assign(error as Error, { path });
  } finally {
    fs.closeSync(file);
  }
}

function opened(parcel: Buffer): Parcel | null {
  try {
    return JSON.parse(gunzipSync(parcel).toString('utf8')) as Parcel;
  } catch {
    return null;
  }
}
