import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Store, StoreValue } from '../../core/process.js';
import { StoreError } from './store-error.js';

/**
 * A host's durable memory: one JSON file, replaced as a whole by each `sync`, so that a crash at
 * any instant leaves either the old or the new one. What was not synced dies with the process.
 */
export class FileStore implements Store {
  private readonly path: string;
  private readonly values: Map<string, StoreValue>;
  private changed = false;

  /**
   * Reads the file if there is one.
   *
   * @throws StoreError
   */
  constructor(path: string) {
    this.path = path;
    this.values = new Map(Object.entries(readValues(path)));
  }

  put(key: string, value: StoreValue): void {
    this.values.set(key, value);
    this.changed = true;
  }

  get(key: string): StoreValue | undefined {
    return this.values.get(key);
  }

  delete(key: string): void {
    if (this.values.delete(key)) this.changed = true;
  }

  /**
   * The data reach the disk before the name does.
   *
   * @throws StoreError
   */
  sync(): void {
    if (!this.changed) return;
    try {
      replace(this.path, JSON.stringify(Object.fromEntries(this.values)));
    } catch (error) {
      throw new StoreError(this.path, (error as Error).message, error);
    }
    this.changed = false;
  }
}

function replace(path: string, text: string): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w');
  try {
    // Not just one write: a disk may take a part of it.
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

function readValues(path: string): Record<string, StoreValue> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new StoreError(path, (error as Error).message, error);
  }
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
      return values as Record<string, StoreValue>;
    }
  } catch {
    // Said below.
  }
  throw new StoreError(path, 'what was stored here is damaged, remove it to begin without');
}
