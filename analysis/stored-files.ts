/** Files that a run or sweep left, read back: what is not as it was written is named. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { guard, RunDirectoryError } from './directory-error.js';
import { TableDefect } from './tables/index.js';

/** How a file was when it was written. */
export interface Seal {
  readonly bytes: number;
  /** Hex SHA-256; left out of traces, which may be as large as the disk. */
  readonly sha256?: string;
}
export type Seals = Readonly<Record<string, Seal>>;

export class StoredFiles {
  /** As the user named it. */
  private readonly directory: string;
  private readonly remedy: string;
  private seals: Seals = {};

  /** @param remedy - how to come by sound files */
  constructor(directory: string, remedy: string) {
    this.directory = directory;
    this.remedy = remedy;
  }

  /** Reads the manifest, and with it how the other files must be. */
  manifest<Content extends object>(): Content {
    const { files = {}, ...content } = this.json<{ files?: unknown }>('manifest.json', []);
    const sealed = (seal: unknown): seal is Seal =>
      typeof seal === 'object' && seal !== null && 'bytes' in seal;
    if (typeof files !== 'object' || files === null || !Object.values(files).every(sealed)) {
      this.damaged('manifest.json', 'tells the sizes of files in no way that we know');
    }
    this.seals = files as Seals;
    return content as Content;
  }

  /** Whether all files have the size they should have; their content is not looked at. */
  areWhole(): boolean {
    return Object.entries(this.seals).every(([name, { bytes }]) => {
      const found = fs.statSync(join(this.directory, name), { throwIfNoEntry: false });
      return found?.size === bytes;
    });
  }

  get sealed(): Seals {
    return this.seals;
  }

  /** Whether the manifest tells of such a file. */
  lists(name: string): boolean {
    return Object.hasOwn(this.seals, name);
  }

  /** Throws {@link RunDirectoryError} where {@link areWhole} is false. */
  mustBeWhole(): void {
    for (const [name, { bytes }] of Object.entries(this.seals)) {
      const found = fs.statSync(join(this.directory, name), { throwIfNoEntry: false });
      if (found === undefined) this.damaged(name, 'is missing');
      else if (found.size !== bytes) this.damaged(name, 'is not as it was written');
    }
  }

  text(name: string): string {
    const file = join(this.directory, name);
    const content = guard(file, () => {
      try {
        return fs.readFileSync(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        return this.damaged(name, 'is missing');
      }
    });
    const seal = Object.hasOwn(this.seals, name) ? this.seals[name] : undefined;
    if (seal !== undefined && content.length < seal.bytes) this.damaged(name, 'is cut off');
    const changed = seal?.sha256 !== undefined && seal.sha256 !== sha256(content);
    if (changed) this.damaged(name, 'is not as it was written');
    return content.toString('utf8');
  }

  /** @param keys - that must be there, for a start */
  json<Content extends object>(name: string, keys: readonly string[]): Content {
    let content: unknown;
    try {
      content = JSON.parse(this.text(name));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.damaged(name, 'is no JSON, or cut off');
    }
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      return this.damaged(name, 'holds something else');
    }
    const missing = keys.find((key) => !Object.hasOwn(content, key));
    if (missing !== undefined) this.damaged(name, `holds no ${missing}`);
    return content as Content;
  }

  table<Row>(name: string, read: (text: string) => Row[]): Row[] {
    const text = this.text(name);
    try {
      return read(text);
    } catch (error) {
      if (!(error instanceof TableDefect)) throw error;
      return this.damaged(name, error.message, error.row);
    }
  }

  private damaged(name: string, problem: string, line?: number): never {
    const path = join(this.directory, name);
    const place = line === undefined ? path : `${path}:${line}:1`;
    const message = `${place}: ${problem}, ${this.remedy}`;
    throw new RunDirectoryError(message, path, 'DAMAGED');
  }
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
