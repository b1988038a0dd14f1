/** Where the files that a scenario names lie: beside the scenario, unless one says otherwise. */
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { env } from 'node:process';
import type { Complaint } from './error.js';
import { reason } from './source.js';

/** What is wrong where recorded data is not found at `path`, or cannot be read. */
export function withoutData(what: string, path: string, error: unknown): Complaint {
  const { code } = error as NodeJS.ErrnoException;
  const remedy = 'put it there or name its folder by HOWDAH_DATA; scenarios/data/README.md tells ' +
    'where those that come along are from';
  const folder = env['HOWDAH_DATA'] ?? '';
  const nor = folder === '' ? '' : `, nor one in ${folder}`;
  if (code === 'ENOENT') return { problem: `there is no ${what} ${path}${nor}`, remedy };
  return { problem: `cannot read the ${what} ${path}: ${reason(error)}`, remedy };
}

export class Files {
  /** Of relative names. */
  readonly directory: string;
  /** Relative names that were looked for. */
  readonly names = new Set<string>();
  private readonly known = new Map<string, unknown>();

  constructor(directory: string) {
    this.directory = directory;
  }

  static beside(file: string): Files {
    return new Files(dirname(file));
  }

  locate(name: string): string {
    if (isAbsolute(name)) return name;
    this.names.add(name);
    return join(this.directory, name);
  }

  /** As {@link locate}; recorded data may also be in the folder that HOWDAH_DATA names. */
  locateData(name: string): string {
    const beside = this.locate(name);
    const folder = env['HOWDAH_DATA'] ?? '';
    if (isAbsolute(name) || folder === '' || existsSync(beside)) return beside;
    const elsewhere = [join(folder, name), join(folder, basename(name))];
    return elsewhere.find((path) => existsSync(path)) ?? beside;
  }

  /** Reads a path once: scenarios that share this share what is in the file, which may be large. */
  once<Content>(path: string, read: (path: string) => Content): Content {
    if (!this.known.has(path)) this.known.set(path, read(path));
    return this.known.get(path) as Content;
  }
}
